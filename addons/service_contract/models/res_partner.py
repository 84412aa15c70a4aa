from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_blocked = fields.Boolean(
        tracking=True,
        help="Unless the company covers blocked customers, no contract covers this customer. "
        "Read on the commercial entity; set by accounting or service managers.",
    )
    service_block_reason = fields.Char(tracking=True)
    is_service_principal = fields.Boolean(
        string="Principal",
        help="Orders service for other customers (a manufacturer, an insurer, a landlord).",
    )
    service_invoice_partner_id = fields.Many2one(
        "res.partner",
        string="Service Invoice Address",
        company_dependent=True,
        help="Who is invoiced for service; empty: the invoice address, then the company itself.",
    )
    service_payer_id = fields.Many2one(
        "res.partner",
        company_dependent=True,
        help="Third party who pays the service invoices of this customer.",
    )
    service_group_partner_id = fields.Many2one(
        "res.partner",
        string="Service Group Customer",
        company_dependent=True,
        help="The group that the service turnover of this customer belongs to.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("service_blocked") for vals in vals_list):
            self._check_may_block_service()
        return super().create(vals_list)

    def write(self, vals):
        if "service_blocked" in vals and any(
            partner.service_blocked != vals["service_blocked"] for partner in self
        ):
            self._check_may_block_service()
        return super().write(vals)

    def _check_may_block_service(self):
        if not self.env.su and not self.env.user.has_groups(
            "account.group_account_invoice,installed_base.group_service_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only accounting and service managers block or release customers for service: "
                    "ask one of them."
                )
            )

    def _get_service_invoice_partner(self):
        """Who is invoiced for service to this customer, in the company of the environment."""
        self.ensure_one()
        return (
            self.service_invoice_partner_id
            or self.commercial_partner_id.service_invoice_partner_id
            or self.browse(self.address_get(["invoice"])["invoice"])
        )
