from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    # X3: CLOINV
    service_invoicing_enabled = fields.Boolean(
        string="Service Invoicing",
        default=True,
        help="Switch this off to invoice no requests at all.",
    )
    service_invoice_zero_lines = fields.Boolean(
        string="Show Free Consumptions",
        help="What the customer does not pay stands on the invoice too, at a price of zero.",
    )
    service_invoice_nightly = fields.Boolean(
        string="Invoice Every Night",
        help="Draft invoices of all closed requests are made each night; requests of a principal "
        "wait for the end of the month.",
    )

    service_points_refill_on = fields.Selection(
        [
            ("confirmation", "Order Confirmation"),
            ("invoice", "Invoicing"),
            ("payment", "Payment"),
        ],
        string="Points Are Refilled on",
        default="payment",
        required=True,
        help="When a pack of points that was sold refills the contract of the customer.",
    )

    service_claim_automatic = fields.Boolean(
        string="Claim Every Night",
        default=True,
        help="What suppliers' warranties cover is put on draft claims each night; otherwise only "
        "what must be claimed within two weeks.",
    )

    service_principals_invoiced_on = fields.Date(
        readonly=True, help="The last night on which the requests of principals were invoiced."
    )
    service_deferral_account_id = fields.Many2one(
        "account.account",
        string="Deferred Contract Income",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        help="What contracts invoice in advance is booked here, and becomes income month by month "
        "as the period passes. Empty: it is income at once.",
    )

    service_claim_accrual_account_id = fields.Many2one(
        "account.account",
        string="Credits to Receive from Suppliers",
        check_company=True,
        domain="[('account_type', 'in', ('asset_current', 'asset_receivable'))]",
        help="Accrued at the end of a period for claims that suppliers have not settled.",
    )
    service_warranty_provision_account_id = fields.Many2one(
        "account.account",
        string="Warranty Provision",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        help="Accrued at the end of a period for what is left of the warranty budgets.",
    )
    service_warranty_cost_account_id = fields.Many2one(
        "account.account",
        string="Cost of Warranties",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="The other side of both accruals.",
    )

    service_request_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Requests",
        help="Each request that uses something gets an account in this plan: what it brings in and "
        "costs is counted there.",
    )
    service_contract_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Contracts",
        help="Each contract that comes into force gets an account in this plan: what it brings in "
        "and costs is counted there.",
    )
    service_equipment_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Machines",
        help="Each machine that is serviced gets an account in this plan: what its requests bring "
        "in and cost is counted there.",
    )
    service_customer_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Customers",
        help="Each customer who is served gets an account in this plan: what requests and "
        "contracts bring in and cost is counted there.",
    )

    @api.model
    def _get_service_settings(self):
        plans = {"service_customer_plan_id", "service_equipment_plan_id", "service_request_plan_id"}
        return super()._get_service_settings() | plans | {"service_invoicing_enabled"}

    def write(self, vals):
        if "service_invoicing_enabled" in vals:
            # menus come and go with it
            self.env.registry.clear_cache()
        return super().write(vals)

    def _localize(self, records):
        """These records where this company is: « today » is the day of its first agency.

        What is done at night has no user whose day could count.
        """
        self.ensure_one()
        agency = self.env["service.agency"]._default_by_company(self).get(self)
        tz = agency._get_tz() if agency else self.resource_calendar_id.tz
        return records.with_context(tz=tz or "UTC")

    def _get_service_journal(self):
        """The sales journal of service invoices: the first one, as for any other invoice."""
        self.ensure_one()
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(self), ("type", "=", "sale")]
        return journals.search(domain, limit=1)

    def _check_service_invoicing(self):
        """Refuse where service invoicing is switched off.

        :raise UserError: naming the companies
        """
        off = self.filtered(lambda company: not company.service_invoicing_enabled)
        if off:
            raise UserError(
                self.env._(
                    "Service invoicing is switched off for %(companies)s: switch it on in the "
                    "settings first.",
                    companies=", ".join(off.mapped("name")),
                )
            )
