from odoo import api, fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "service.analytic.owner"]

    service_billing_charge_ids = fields.One2many(
        "service.billing.charge",
        "partner_id",
        string="Footer Charges",
        groups="installed_base.group_service_user,account.group_account_invoice",
        help="Proposed on each request of this customer, once for each of its invoices.",
    )
    has_service_billing_charges = fields.Boolean(
        compute="_compute_has_service_billing_charges", store=True, compute_sudo=True
    )

    service_claim_days = fields.Integer(
        string="Claims Within (days)",
        help="How many days after the work this supplier accepts warranty claims; 0: as long as "
        "its warranty runs.",
    )

    @api.model
    def _get_asked_fields(self):
        return super()._get_asked_fields() | {"analytic_account_id", "has_service_billing_charges"}

    @api.depends("service_billing_charge_ids")
    def _compute_has_service_billing_charges(self):
        for partner in self:
            partner.has_service_billing_charges = bool(partner.service_billing_charge_ids)

    def _get_invoicing_terms(self, company):
        """Fiscal position and payment term of invoices of a company to this partner."""
        self.ensure_one()
        partner = self.with_company(company)
        positions = self.env["account.fiscal.position"].with_company(company)
        return positions._get_fiscal_position(partner), partner.property_payment_term_id

    # ------------------------------------------------------------ analytic accounts
    def _get_analytic_plan(self, company):
        return company.service_customer_plan_id

    def _prepare_analytic_account(self):
        return {"partner_id": self.id}

    def _get_customer_account(self, company):
        """The account of a customer, where the company counts by customer."""
        account_sudo = self.sudo().analytic_account_id
        return account_sudo if company.sudo().service_customer_plan_id else account_sudo.browse()
