from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date


class ServiceAccrual(models.TransientModel):
    """Posts what warranties will cost, and what suppliers will pay, at the end of a period.

    Both entries are reversed on the next day: what really comes is then booked as it comes.
    """

    _name = "service.accrual"
    _description = "Warranty Accruals"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="End of the Period",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1),
    )
    amount_credit = fields.Monetary(
        string="Credits to Receive",
        compute="_compute_amounts",
        help="What suppliers owe by the claims that were sent until then and are not settled.",
    )
    amount_provision = fields.Monetary(
        string="Warranty Provision",
        compute="_compute_amounts",
        help="What is left of the warranty budgets that run on this day.",
    )

    @api.depends("company_id", "date")
    def _compute_amounts(self):
        for accrual in self:
            company = [("company_id", "=", accrual.company_id.id)]
            claims = self.env["service.warranty.claim"].search(
                [*company, ("amount_expected", ">", 0), ("date_sent", "<=", accrual.date)]
            )
            budgets = self.env["service.warranty.budget"].search(
                [*company, ("date_from", "<=", accrual.date), ("date_to", ">=", accrual.date)]
            )
            accrual.amount_credit = sum(claims.mapped("amount_expected"))
            accrual.amount_provision = sum(max(left, 0) for left in budgets.mapped("amount_left"))

    def action_post(self):
        """Post the accruals and their reversal on the next day.

        :return: window action on the entries
        :raise UserError: without accounts in the settings, without an amount, or a second time
        """
        self.ensure_one()
        company = self.company_id
        company._check_service_invoicing()
        cost = company.service_warranty_cost_account_id
        pairs = [
            (company.service_claim_accrual_account_id, cost, self.amount_credit),
            (cost, company.service_warranty_provision_account_id, self.amount_provision),
        ]
        pairs = [pair for pair in pairs if pair[2]]
        if not pairs:
            raise UserError(
                self.env._(
                    "Nothing is to be accrued on %(date)s: no open claims, and nothing left of "
                    "warranty budgets.",
                    date=format_date(self.env, self.date),
                )
            )
        if not all(debit and credit for debit, credit, _amount in pairs):
            raise UserError(
                self.env._(
                    "Choose the accounts of warranty accruals in the settings of %(company)s.",
                    company=company.name,
                )
            )
        self._check_posted_once()
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "date": self.date,
                "service_accrual_date": self.date,
                "ref": self.env._("Warranty accruals"),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for debit, credit, amount in pairs
                    for account, balance in ((debit, amount), (credit, -amount))
                ],
            }
        )
        entry.action_post()
        next_day = self.date + timedelta(days=1)
        reversal = entry._reverse_moves([{"date": next_day, "ref": entry.ref}])
        reversal.action_post()
        return (entry | reversal)._get_records_action(name=self.env._("Warranty Accruals"))

    def _check_posted_once(self):
        posted = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("service_accrual_date", "=", self.date),
                ("state", "=", "posted"),
            ]
        )
        if posted:
            raise UserError(
                self.env._(
                    "%(entry)s has accrued the warranties on %(date)s already: reset it to draft "
                    "first, and its reversal, to accrue anew.",
                    entry=posted[:1].name,
                    date=format_date(self.env, self.date),
                )
            )
