from odoo import api, fields, models

PRICE_GROUPS = "installed_base.group_service_user,account.group_account_invoice"


class ServiceRequest(models.Model):
    """What a request consumed, and who would pay for it."""

    _name = "service.request"
    _inherit = ["service.request", "analytic.mixin"]

    invoice_partner_id = fields.Many2one(
        "res.partner",
        string="Invoiced Customer",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
    )
    payer_id = fields.Many2one(
        "res.partner",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        help="Who pays the invoice, when it is not the invoiced customer.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    price_included = fields.Boolean(
        string="Prices Include Taxes",
        compute="_compute_price_included",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether the amounts of the consumptions include taxes: as the company sells, unless "
        "changed. Invoices and quotations convert them.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    analytic_distribution = fields.Json(
        compute="_compute_analytic_distribution",
        store=True,
        readonly=False,
        help="Where costs and revenues of this request are counted: that of the covering contract, "
        "unless changed.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        help="Where consumed parts come from.",
    )

    # Consumption
    consumption_ids = fields.One2many("service.consumption", "request_id")
    amount_part = fields.Monetary(
        string="Parts", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    amount_labor = fields.Monetary(
        string="Labour", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    amount_travel = fields.Monetary(
        string="Travel", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    amount_consumed = fields.Monetary(
        string="Consumed", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    amount_billable = fields.Monetary(
        string="Billable", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    amount_unbilled = fields.Monetary(
        string="Given Free",
        compute="_compute_amounts",
        store=True,
        groups=PRICE_GROUPS,
        help="The part of the consumed amount that nobody is billed for.",
    )
    share_billable = fields.Float(
        string="Billable Share", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )
    share_unbilled = fields.Float(
        string="Free Share", compute="_compute_amounts", store=True, groups=PRICE_GROUPS
    )

    @api.depends("partner_id", "company_id")
    def _compute_billing_partners(self):
        for request in self:
            customer = request.partner_id.with_company(request.company_id)
            invoiced = customer.service_invoice_partner_id or customer.browse(
                customer.address_get(["invoice"])["invoice"]
            )
            request.invoice_partner_id = invoiced
            request.payer_id = customer.service_payer_id
            request.pricelist_id = customer.property_product_pricelist
            request.payment_term_id = invoiced.property_payment_term_id

    @api.depends("invoice_partner_id", "site_id", "company_id")
    def _compute_fiscal_position_id(self):
        found = {}
        for request in self:
            key = (request.company_id, request.invoice_partner_id, request.site_id)
            if key not in found:
                company, invoiced, site = key
                positions = self.env["account.fiscal.position"].with_company(company)
                found[key] = positions._get_fiscal_position(invoiced, site)
            request.fiscal_position_id = found[key]

    @api.depends("company_id")
    def _compute_price_included(self):
        for request in self:
            request.price_included = request.company_id.account_price_include == "tax_included"

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for request in self:
            request.currency_id = request.pricelist_id.currency_id or request.company_id.currency_id

    @api.depends("contract_id", "equipment_line_ids.contract_id")
    def _compute_analytic_distribution(self):
        for request in self:
            contract = request.contract_id or request._get_default_line().contract_id
            request.analytic_distribution = (
                contract.sudo().analytic_distribution or request.analytic_distribution
            )

    @api.depends("agency_id")
    def _compute_warehouse_id(self):
        for request in self:
            _company_id, warehouse_id = request.agency_id._get_company_and_warehouse()
            request.warehouse_id = warehouse_id

    @api.depends(
        "consumption_ids.state",
        "consumption_ids.kind",
        "consumption_ids.amount_consumed",
        "consumption_ids.amount_to_invoice",
        "consumption_ids.amount_covered",
    )
    def _compute_amounts(self):
        for request in self._filter_consuming("amount_consumed", "amount_billable"):
            counted = request.consumption_ids.filtered(lambda c: c.state != "cancelled")
            by_kind = counted.grouped("kind")
            for kind in ("part", "labor", "travel"):
                lines = by_kind.get(kind, counted.browse())
                request[f"amount_{kind}"] = sum(lines.mapped("amount_consumed"))
            consumed = sum(counted.mapped("amount_consumed"))
            billable = sum(c.amount_to_invoice + c.amount_covered for c in counted)
            request.amount_consumed = consumed
            request.amount_billable = billable
            request.amount_unbilled = consumed - billable
            request.share_billable = billable / consumed if consumed else 0.0
            request.share_unbilled = 1 - request.share_billable if consumed else 0.0

    def _filter_consuming(self, *amounts):
        """Those that consume something, or whose amounts still show what they consumed before.

        The amounts of the others stay empty: zeros of each new request would have to be rounded.
        """
        return self.filtered(
            lambda r: r.consumption_ids or not r.id or any(r[amount] for amount in amounts)
        )
