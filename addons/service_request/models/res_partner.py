from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# what requests, their messages and their forms ask of people: half of the row
ASKED = {
    "active",
    "city",
    "commercial_company_name",
    "commercial_partner_id",
    "company_id",
    "company_name",
    "complete_name",
    "country_id",
    "customer_code",
    "email",
    "email_normalized",
    "is_company",
    "is_service_principal",
    "lang",
    "name",
    "parent_id",
    "partner_share",
    "phone",
    "ref",
    "service_agency_id",
    "service_block_reason",
    "service_blocked",
    "state_id",
    "street",
    "street2",
    "type",
    "tz",
    "user_id",
    "vat",
    "zip",
}
# what a request takes over of what was agreed with its customer
AGREED = {
    "specific_property_product_pricelist",
    "property_account_position_id",
    "property_payment_term_id",
    "service_group_partner_id",
    "service_invoice_partner_id",
    "service_payer_id",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    principal_ids = fields.Many2many(
        "res.partner",
        "service_principal_customer_rel",
        "customer_id",
        "principal_id",
        string="Principals",
        domain=[("is_service_principal", "=", True)],
        help="On whose behalf we serve this customer (a manufacturer, an insurer, a landlord).",
    )
    service_principal_customer_ids = fields.Many2many(
        "res.partner",
        "service_principal_customer_rel",
        "principal_id",
        "customer_id",
        string="Customers Served for It",
    )
    service_request_count = fields.Integer(
        string="Open Requests",
        compute="_compute_service_request_count",
        groups="installed_base.group_service_user,installed_base.group_service_technician",
    )
    service_request_number = fields.Integer(
        string="Last Request Number",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Number of the last request of this customer; it never goes back, so that a hole in "
        "the numbers reveals a deleted request.",
    )

    def _compute_service_request_count(self):
        counts = dict(
            self.env["service.request"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "open")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.service_request_count = counts.get(partner, 0)

    @api.model
    def _get_asked_fields(self):
        """Names of the fields that are read of the customer, and of us, with each new request.

        What is missing here is read later, by a query of its own.
        """
        return ASKED | AGREED

    def _read_with_addresses(self):
        """Read these partners, what our company agreed with them and their addresses at once."""
        names = [
            name
            for name in self._get_asked_fields()
            if self._has_field_access(self._fields[name], "read")
        ]
        self.flush_model(["active", "parent_id"])
        family = self.with_context(active_test=False).search_fetch(
            Domain.custom(to_sql=self._find_with_addresses), names
        )
        children = family.filtered("active").grouped("parent_id")
        self._fields["child_ids"]._insert_cache(
            self, [children.get(partner, self.browse())._ids for partner in self]
        )

    def _find_with_addresses(self, _model, alias, _query):
        """The condition of these partners and their addresses.

        As a domain it took Odoo longer to transform than PostgreSQL to find them.
        """
        return SQL(
            "(%(own)s IN %(ids)s OR (%(active)s AND %(parent)s IN %(ids)s))",
            own=SQL.identifier(alias, "id"),
            active=SQL.identifier(alias, "active"),
            parent=SQL.identifier(alias, "parent_id"),
            ids=self._ids,
        )

    def action_view_service_requests(self):
        """Open the requests of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id, "search_default_open": 1},
        }

    def _next_service_request_numbers(self, counts, drawing=None):
        """Draw request numbers; the row lock makes them unique among parallel users.

        :param counts: ``{partner id: how many numbers}``
        :param drawing: SQL that is to be evaluated by the same query, once
        :return: ``{partner id: last number drawn}``, and the result of ``drawing``
        """
        if not counts:
            return {}, None
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner partner
                   SET service_request_number = COALESCE(service_request_number, 0) + drawn.number
                  FROM (VALUES %s) AS drawn(id, number)
                 WHERE partner.id = drawn.id
             RETURNING partner.id, partner.service_request_number, %s
                """,
                SQL(", ").join(SQL("(%s, %s)", *item) for item in sorted(counts.items())),
                drawing or SQL("NULL"),
            )
        )
        self.env["res.partner"].browse(counts).invalidate_recordset(["service_request_number"])
        return {partner_id: number for partner_id, number, _drawn in rows}, rows[0][2]
