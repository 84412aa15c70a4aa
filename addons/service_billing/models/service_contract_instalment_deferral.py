from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class ServiceContractInstalment(models.Model):
    """What is invoiced in advance is earned day by day: income is booked month by month."""

    _inherit = "service.contract.instalment"

    amount_recognized = fields.Monetary(
        string="Earned",
        readonly=True,
        copy=False,
        help="What was booked as income of the deferred amount.",
    )

    def _prepare_deferral(self):
        """The account of the invoice line, where income is deferred."""
        self.ensure_one()
        account = self.company_id.service_deferral_account_id
        in_advance = self.contract_id.invoice_timing == "advance"
        return {"account_id": account.id} if account and in_advance else {}

    @api.model
    def _run_recognition(self):
        """Cron: book the income of the months that are over. Safe to run at any time, and again."""
        last_month = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        self._recognize_income(last_month)

    @api.model
    def _recognize_income(self, until):
        """Book as income what was earned of deferred instalments.

        :param until: date; the end of a month, as a rule
        :return: the posted account.move, one for each company and currency
        """
        deferred = self.search(
            [
                ("company_id.service_deferral_account_id", "!=", False),
                ("contract_id.invoice_timing", "=", "advance"),
                ("date_from", "<=", until),
                "|",
                ("amount_recognized", "!=", 0),
                ("invoice_id.state", "=", "posted"),
            ]
        )
        earned = {instalment: instalment._get_earned(until) for instalment in deferred}
        changed = deferred.filtered(
            lambda i: i.currency_id.compare_amounts(earned[i], i.amount_recognized)
        )
        groups = changed.grouped(lambda i: (i.company_id, i.currency_id))
        moves = self.env["account.move"].create(
            [
                instalments._prepare_recognition(company, until, earned)
                for (company, _currency), instalments in groups.items()
            ]
        )
        moves.action_post()
        for instalment in changed:
            instalment.amount_recognized = earned[instalment]
        return moves

    def _get_earned(self, until):
        """What of the amount was earned until a day; nothing without a posted, deferred invoice."""
        self.ensure_one()
        account = self.company_id.service_deferral_account_id
        lines = self.invoice_line_ids._filter_billing().filtered(
            lambda line: line.parent_state == "posted" and line.account_id == account
        )
        if not lines:
            return 0.0
        kept = self.amount - self.amount_credited
        if until >= self.date_to:
            return kept
        return min(self.amount - self._get_amount_after(until + timedelta(days=1)), kept)

    def _prepare_recognition(self, company, until, earned):
        """Values of the entry that books the income of these instalments."""
        locks = company._get_violated_lock_dates(until, False, self.env["account.journal"])
        date = fields.Date.context_today(self) if locks else until
        lines = []
        for instalment in self:
            change = earned[instalment] - instalment.amount_recognized
            rate = instalment.invoice_id.invoice_currency_rate or 1.0
            product = instalment.contract_id.product_id.with_company(company)
            common = {
                "name": instalment.display_name,
                "partner_id": instalment.partner_id.commercial_partner_id.id,
                "currency_id": instalment.currency_id.id,
            }
            for account, sign in (
                (company.service_deferral_account_id, 1),
                (product.product_tmpl_id.get_product_accounts()["income"], -1),
            ):
                distribution = instalment.contract_id.analytic_distribution if sign < 0 else False
                lines.append(
                    {
                        **common,
                        "account_id": account.id,
                        "amount_currency": sign * change,
                        "balance": company.currency_id.round(sign * change / rate),
                        "analytic_distribution": distribution or False,
                    }
                )
        return {
            "move_type": "entry",
            "company_id": company.id,
            "date": date,
            "ref": self.env._("Income of contracts until %(date)s", date=until),
            "line_ids": [Command.create(line) for line in lines],
        }
