from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceWarrantyBudget(models.Model):
    """What warranties may cost in a period, and what they cost: by product or category."""

    _name = "service.warranty.budget"
    _description = "Warranty Budget"
    _check_company_auto = True
    _order = "date_from desc, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_categ_id = fields.Many2one(
        "product.category",
        string="Category",
        index="btree_not_null",
        help="Machines of this category and those below; empty: all.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Machine Product",
        index="btree_not_null",
        help="Only machines of this product.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    amount = fields.Monetary(
        string="Budget",
        required=True,
        help="The provision made, bought or planned for the warranties of the period.",
    )
    amount_spent = fields.Monetary(
        string="Spent",
        compute="_compute_amount_spent",
        help="At our cost: what was done in the period and is covered by our warranty.",
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        compute="_compute_amount_spent",
        help="What suppliers accepted of it.",
    )
    amount_left = fields.Monetary(string="Left", compute="_compute_amount_spent")
    spent_rate = fields.Float(string="Used", compute="_compute_amount_spent")

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A warranty budget cannot be negative."
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for budget in self:
            if budget.date_to < budget.date_from:
                raise ValidationError(
                    self.env._(
                        "The budget « %(name)s » would end before it begins: correct the dates.",
                        name=budget.name,
                    )
                )

    @api.depends("company_id", "product_categ_id", "product_id", "date_from", "date_to", "amount")
    def _compute_amount_spent(self):
        rows = self._read_spent()
        for budget in self:
            spent = recovered = 0.0
            for (company, product, day), (cost, back) in rows.items():
                if budget._counts(company, product, day):
                    spent += cost
                    recovered += back
            budget.amount_spent = spent
            budget.amount_recovered = recovered
            budget.amount_left = budget.amount - spent + recovered
            budget.spent_rate = (spent - recovered) / budget.amount if budget.amount else 0.0

    def _read_spent(self):
        """``{(company, product of the machine, day): (cost, recovered)}``, a query for a company.

        The days are those of the company; where they begin and end, a day more is read.
        """
        rows = defaultdict(lambda: (0.0, 0.0))
        dated = self.filtered(lambda budget: budget.date_from and budget.date_to)
        for company, budgets in dated.grouped("company_id").items():
            groups = company._localize(self.env["service.consumption"].sudo())._read_group(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "done"),
                    ("contract_id.kind", "=", "warranty"),
                    ("done_date", ">=", fields.Date.add(min(budgets.mapped("date_from")), days=-1)),
                    ("done_date", "<", fields.Date.add(max(budgets.mapped("date_to")), days=2)),
                ],
                ["equipment_line_id", "done_date:day"],
                ["amount_cost:sum", "amount_recovered:sum"],
            )
            for line, day, cost, back in groups:
                key = (company, line.equipment_id.product_id, fields.Date.to_date(day))
                rows[key] = (rows[key][0] + cost, rows[key][1] + back)
        return rows

    def _counts(self, company, product, day):
        """Whether the cost of a machine of this product on this day counts here."""
        self.ensure_one()
        if company != self.company_id or not self.date_from or not self.date_to:
            return False
        if not self.date_from <= day <= self.date_to:
            return False
        if self.product_id and product != self.product_id:
            return False
        category = self.product_categ_id
        path = product.categ_id.parent_path or ""
        return not category or path.startswith(category.parent_path)
