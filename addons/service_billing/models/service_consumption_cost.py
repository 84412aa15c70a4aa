from odoo import api, fields, models

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
        "anything else at the cost of the product.",
    )
    amount_revenue = fields.Monetary(
        string="Revenue",
        currency_field="company_currency_id",
        compute="_compute_amount_revenue",
        store=True,
        groups=COST_GROUPS,
        help="What customer, third parties and sales orders pay, at the rate of the day, then of "
        "the invoice.",
    )

    @api.depends(
        "product_id",
        "quantity",
        "uom_id",
        "kind",
        "user_id",
        "performer_type",
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
        employee = self.user_id.employee_ids.filtered(lambda e: e.company_id == self.company_id)
        hourly_cost = employee[:1].hourly_cost
        internal = self.kind == "labor" and self.performer_type == "internal"
        if internal and hourly_cost and self.uom_id._has_common_reference(hour):
            return hourly_cost * self.uom_id._compute_quantity(self.quantity, hour, round=False)
        product = self.product_id.with_company(self.company_id)
        return product.standard_price * self.uom_id._compute_quantity(
            self.quantity, product.uom_id, round=False
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
        "sale_line_id.price_reduce_taxexcl",
        "invoice_line_ids.move_id.invoice_date",
        "invoice_line_ids.move_id.invoice_currency_rate",
    )
    def _compute_amount_revenue(self):
        for consumption in self:
            consumption.amount_revenue = 0.0
            if consumption.state != "done":
                continue
            amount = consumption.amount_to_invoice + consumption.amount_covered
            line = consumption.sale_line_id
            if line.state == "sale":
                sold = consumption.uom_id._compute_quantity(
                    consumption.quantity, line.product_uom_id, round=False
                )
                amount += line.currency_id._convert(
                    line.price_reduce_taxexcl * sold,
                    consumption.currency_id,
                    consumption.company_id,
                    consumption.done_date,
                )
            consumption.amount_revenue = consumption._convert_to_company(amount)

    def _convert_to_company(self, amount):
        """An amount of the request in the currency of the company, at the rate of its invoice."""
        self.ensure_one()
        company = self.company_id
        if self.currency_id == company.currency_id or not amount:
            return amount
        invoice = self.invoice_line_ids._filter_billing().move_id[:1]
        if invoice:
            return company.currency_id.round(amount / invoice.invoice_currency_rate)
        return self.currency_id._convert(
            amount, company.currency_id, company, self.done_date or fields.Date.today()
        )
