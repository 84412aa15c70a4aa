from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

ASKED_OF_MACHINES = (
    "code",
    "company_id",
    "contact_id",
    "name",
    "partner_id",
    "product_id",
    "quantity",
    "serial_number",
    "site_id",
)
MOST_SALESPERSONS = 2


class ServiceRequest(models.Model):
    """Who else has to do with the turnover of a request."""

    _inherit = "service.request"

    group_partner_id = fields.Many2one(
        "res.partner",
        string="Group Customer",
        compute="_compute_group_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The group that the turnover of this request belongs to.",
    )
    salesperson_ids = fields.Many2many(
        "res.users",
        "service_request_salesperson_rel",
        "request_id",
        "user_id",
        string="Salespersons",
        compute="_compute_salesperson_ids",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Up to two; they get the commission on what is billed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._read_parties(vals_list)
        return super().create(vals_list)

    def _read_parties(self, vals_list):
        """Read who asks, who answers and who we are at once; each would cost a query later.

        Of the machines, only what requests ask: their whole row is three times as wide.
        """
        self.env.company._read_service_settings()
        ours = self.env.user.partner_id | self.env.company.partner_id
        named = {
            vals[name]
            for vals in vals_list
            for name in ("partner_id", "site_id", "contact_id")
            if vals.get(name)
        }
        (ours | ours.browse(named))._read_with_addresses()
        machines = {
            command[2].get("equipment_id")
            for vals in vals_list
            for command in vals.get("equipment_line_ids") or ()
            if command[0] == Command.CREATE
        }
        machines_sudo = self.env["service.equipment"].sudo().browse(filter(None, machines))
        machines_sudo.fetch(ASKED_OF_MACHINES)

    @api.depends("partner_id", "company_id")
    def _compute_group_partner_id(self):
        for request in self:
            customer = request.partner_id.with_company(request.company_id)
            request.group_partner_id = customer.service_group_partner_id

    @api.depends("partner_id")
    def _compute_salesperson_ids(self):
        for request in self:
            seller = request._get_customer_salesperson().sudo(False)
            if request.salesperson_ids != seller:  # most customers have none: nothing is written
                request.salesperson_ids = seller

    @api.constrains("salesperson_ids")
    def _check_salespersons(self):
        crowded = self.filtered(lambda r: len(r.salesperson_ids) > MOST_SALESPERSONS)
        if crowded:
            raise ValidationError(
                self.env._(
                    "%(request)s has more than two salespersons: keep two of them.",
                    request=crowded[0].name,
                )
            )
