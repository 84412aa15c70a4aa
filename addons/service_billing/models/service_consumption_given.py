from odoo import api, fields, models
from odoo.fields import Command

from .service_consumption_cost import COST_GROUPS

BATCH_SIZE = 500


class ServiceConsumption(models.Model):
    """Parts that no invoice sells cost us all the same.

    With real-time valuation Odoo books the cost of a part with the invoice that sells it, and
    nothing when the part leaves the stock. What a coverage or goodwill gives away would stay in the
    books as stock: its value is booked as cost once its request is closed.
    """

    _inherit = "service.consumption"

    cost_given = fields.Monetary(
        string="Cost Given Away",
        currency_field="company_currency_id",
        compute="_compute_cost_given",
        store=True,
        groups=COST_GROUPS,
        help="The value of a part with real-time valuation that left the stock for a closed "
        "request and that nobody is invoiced for.",
    )
    cost_booked = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What was booked of it from stock to cost.",
    )
    is_cost_pending = fields.Boolean(
        string="Cost to Book",
        compute="_compute_is_cost_pending",
        store=True,
        help="It is still to be booked, or to be taken back since it is invoiced after all.",
    )

    _cost_pending_idx = models.Index("(id) WHERE is_cost_pending IS TRUE")

    @api.depends(
        "request_id.state",
        "invoice_state",
        "is_bill_to_invoiced",
        "sale_line_id.state",
        "move_ids.state",
        "move_ids.value",
    )
    def _compute_cost_given(self):
        for consumption in self:
            consumption.cost_given = (
                consumption._get_moved_value() if consumption._is_given_away() else 0.0
            )

    @api.depends("cost_given", "cost_booked")
    def _compute_is_cost_pending(self):
        for consumption in self:
            consumption.is_cost_pending = consumption.company_currency_id.compare_amounts(
                consumption.cost_given, consumption.cost_booked
            )

    def _is_given_away(self):
        """Whether this is a part with real-time valuation that no invoice sells."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        return (
            product.is_storable
            and self.request_id.state == "closed"
            and self.invoice_state == "nothing"
            and not self._get_billed_shares()
            and self.sale_line_id.state != "sale"
            and product.valuation == "real_time"
        )

    @api.model
    def _run_given_parts(self):
        """Cron: book the cost of parts that were given away, some at a time."""
        domain = [
            ("is_cost_pending", "=", True),
            ("company_id.service_invoicing_enabled", "=", True),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        last = 0
        while batch := self.search([*domain, ("id", ">", last)], limit=BATCH_SIZE, order="id"):
            last = batch[-1].id
            batch._book_given_parts()
            if not cron._commit_progress(len(batch)):
                return

    def _book_given_parts(self):
        """Bring the books in line with what was given away.

        :return: the posted account.move, one for each company
        """
        moves = self.env["account.move"]
        for company, consumptions in self.grouped("company_id").items():
            pending = consumptions.with_company(company).filtered("is_cost_pending")
            lines = {consumption: consumption._prepare_given_part() for consumption in pending}
            booked = pending.filtered(lambda c, lines=lines: lines[c])
            if not booked:
                continue
            moves |= moves.create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "date": fields.Date.context_today(company._localize(self)),
                    "ref": self.env._("Parts given away by service requests"),
                    **self._prepare_stock_journal(company),
                    "line_ids": [Command.create(line) for c in booked for line in lines[c]],
                }
            )
            for consumption in booked:
                consumption.cost_booked = consumption.cost_given
        moves.action_post()
        return moves

    def _prepare_stock_journal(self, company):
        journal = company.account_stock_journal_id
        return {"journal_id": journal.id} if journal else {}

    def _prepare_given_part(self):
        """Values of the two journal items; none where Odoo itself would book no cost.

        They have no analytic distribution: the cost was counted when the request was closed.
        """
        self.ensure_one()
        accounts = self.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.request_id.fiscal_position_id
        )
        cost, stock = accounts["expense"], accounts["stock_valuation"]
        if not cost or not stock:
            return []
        common = {
            "name": self.display_name,
            "partner_id": self.request_id.partner_id.commercial_partner_id.id,
            "product_id": self.product_id.id,
            "tax_ids": [Command.clear()],
        }
        amount = self.cost_given - self.cost_booked
        return [
            {**common, "account_id": cost.id, "balance": amount},
            {**common, "account_id": stock.id, "balance": -amount},
        ]
