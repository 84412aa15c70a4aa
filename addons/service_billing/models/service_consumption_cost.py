from odoo import api, fields, models

from .service_consumption import SHARES

COST_GROUPS = "installed_base.group_service_manager,account.group_account_invoice"


class ServiceConsumption(models.Model):
    """What a consumption costs us, and what it brings in, in the currency of the company."""

    _inherit = "service.consumption"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_cost = fields.Monetary(
        string="Cost",
        currency_field="company_currency_id",
        compute="_compute_amount_cost",
        store=True,
        groups=COST_GROUPS,
        help="Parts at the value that left the stock, labour at the hourly cost of the employee, "
        "what a subcontractor does as ordered, then as billed, anything else at the cost of the "
        "product.",
    )
    amount_revenue = fields.Monetary(
        string="Revenue",
        currency_field="company_currency_id",
        compute="_compute_amount_revenue",
        store=True,
        groups=COST_GROUPS,
        help="What customer, third parties and sales orders pay, without taxes: as the request "
        "says, then as the invoices and their credit notes do, charges and discounts included.",
    )

    @api.depends(
        "product_id",
        "quantity",
        "uom_id",
        "kind",
        "user_id",
        "performer_type",
        "purchase_line_id.state",
        "purchase_line_id.price_subtotal",
        "purchase_line_id.invoice_lines.parent_state",
        "purchase_line_id.invoice_lines.balance",
        "is_cancelled",
        "move_ids.state",
        "move_ids.value",
    )
    def _compute_amount_cost(self):
        hour = self.env.ref("uom.product_uom_hour")
        for consumption in self:
            currency = consumption.company_id.currency_id
            consumption.amount_cost = currency.round(consumption._get_cost(hour))

    def _get_cost(self, hour):
        """What this costs, in the currency of the company.

        :param hour: the uom.uom that employees are paid by
        """
        self.ensure_one()
        if self.is_cancelled:
            return 0.0
        if self._get_issues():
            return self._get_moved_value()
        if self.purchase_line_id.state == "purchase":
            return self._get_subcontracted_cost()
        employee = self.user_id.employee_ids.filtered(lambda e: e.company_id == self.company_id)
        hourly_cost = employee[:1].hourly_cost
        internal = self.kind == "labor" and self.performer_type == "internal"
        if internal and hourly_cost and self.uom_id._has_common_reference(hour):
            return hourly_cost * self.uom_id._compute_quantity(self.quantity, hour, round=False)
        product = self.product_id.with_company(self.company_id)
        return product.standard_price * self.uom_id._compute_quantity(
            self.quantity, product.uom_id, round=False
        )

    def _get_subcontracted_cost(self):
        """What posted bills of the subcontractor come to; until then, what was ordered."""
        self.ensure_one()
        line = self.purchase_line_id
        bills = line.invoice_lines.filtered(lambda bill: bill.parent_state == "posted")
        if bills:
            return sum(bills.mapped("balance"))
        day = fields.Date.to_date(line.order_id.date_order)
        return line.currency_id._convert(
            line.price_subtotal, self.company_id.currency_id, self.company_id, day
        )

    def _get_moved_value(self):
        """The value that left the stock, less what came back."""
        self.ensure_one()
        return sum(
            abs(move.value) if move.location_dest_id.usage == "customer" else -abs(move.value)
            for move in self._get_issues()
        )

    @api.depends(
        "state",
        "amount_to_invoice",
        "amount_covered",
        "quantity",
        "sale_line_id.state",
        "sale_line_id.price_unit",
        "sale_line_id.discount",
        "sale_line_id.tax_ids",
        "invoice_line_ids.balance",
        "is_bill_to_invoiced",
        "is_covered_by_invoiced",
    )
    def _compute_amount_revenue(self):
        for consumption in self:
            consumption.amount_revenue = (
                consumption._get_revenue() if consumption.state == "done" else 0.0
            )

    def _get_revenue(self):
        """What invoices in force bring in; what waits and what orders sell, at today's price."""
        billed = self._get_billed_shares()
        lines = self.invoice_line_ids._filter_in_force() if billed else self.invoice_line_ids[:0]
        waiting = sum(
            self[amount] for share, (_who, amount) in SHARES.items() if share not in billed
        )
        return (
            sum(-line.balance * self._get_part_of(line) for line in lines)
            + self._convert_to_company(self._get_untaxed(waiting))
            + self._get_sold()
        )

    def _get_part_of(self, line):
        """The part of an invoice line that bills this consumption, between 0 and 1."""
        _who, amount = SHARES[line.service_share]
        total = sum(line.service_consumption_ids.mapped(amount))
        return self[amount] / total if total else 0.0

    def _get_sold(self):
        """What the sales order that covers this brings in, in the currency of the company."""
        line = self.sale_line_id
        if line.state != "sale":
            return 0.0
        # the subtotals of the line are of what was ordered: nothing, on a line that this made
        sold = line.tax_ids._get_tax_details(
            line.price_unit * (1 - line.discount / 100),
            self.uom_id._compute_quantity(self.quantity, line.product_uom_id, round=False),
            precision_rounding=line.currency_id.rounding,
            product=line.product_id,
        )
        return line.currency_id._convert(
            sold["total_excluded"],
            self.company_currency_id,
            self.company_id,
            self._get_done_day(),
        )

    def _convert_to_company(self, amount):
        """An amount of the request in the currency of the company, at the rate of the day."""
        currency = self.company_id.currency_id
        if self.currency_id == currency or not amount:
            return amount
        return self.currency_id._convert(amount, currency, self.company_id, self._get_done_day())

    def _get_done_day(self):
        """The day of the work where its agency is; today, until it is done."""
        self.ensure_one()
        return self.request_id.agency_id._get_day(self.done_date or fields.Datetime.now())
