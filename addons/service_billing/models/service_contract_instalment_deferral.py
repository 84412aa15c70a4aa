from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

# Accounts that may be chosen for deferred income
DEFERRAL_TYPES = ("liability_current", "liability_non_current")


class ServiceContractInstalment(models.Model):
    """What is invoiced in advance is earned day by day: income is booked month by month."""

    _inherit = "service.contract.instalment"

    amount_recognized = fields.Monetary(
        string="Earned",
        readonly=True,
        copy=False,
        help="What was booked as income of the deferred amount.",
    )

    @api.model
    def _run_recognition(self):
        """Cron: book the income of the months that are over. Safe to run at any time, and again."""
        for (company,) in self._read_group([], ["company_id"]):
            here = company._localize(self)
            last_month = fields.Date.context_today(here).replace(day=1) - timedelta(days=1)
            here._recognize_income(last_month, company)

    @api.model
    def _recognize_income(self, until, companies=None):
        """Book as income what was earned of deferred instalments.

        :param until: date; the end of a month, as a rule
        :param companies: res.company to look at; None: all that defer
        :return: the posted account.move, one for each company and currency
        """
        mine = [("company_id", "in", companies.ids)] if companies else []
        deferred = self.search(
            [
                *mine,
                ("date_from", "<=", until),
                "|",
                "|",
                ("amount_recognized", "!=", 0),
                ("is_on_order", "=", True),
                ("invoice_line_ids.account_id.account_type", "in", DEFERRAL_TYPES),
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
        lines = self._get_deferred_lines()
        if not lines:
            return 0.0
        billed = -sum(lines.mapped("amount_currency"))
        kept = billed - self.amount_credited
        if until >= self.date_to:
            return kept
        rest = self.currency_id.round(billed * self._get_share_after(until + timedelta(days=1)))
        return min(billed - rest, kept)

    def _get_deferred_lines(self):
        """The posted lines of invoices in force that defer this, and of credit notes on a part."""
        return self._get_billed_lines().filtered(
            lambda line: (
                line.parent_state == "posted" and line.account_id.account_type in DEFERRAL_TYPES
            )
        )

    def _get_deferring_line(self):
        """The invoice line that deferred this first, whether it is still in force or not."""
        lines = self.invoice_line_ids | self.contract_id.sale_line_id.invoice_lines
        return lines.filtered(
            lambda line: (
                line.move_id.move_type == "out_invoice"
                and line.account_id.account_type in DEFERRAL_TYPES
            )
        )[:1]

    def _prepare_recognition(self, company, until, earned):
        """Values of the entry that books the income of these instalments."""
        locks = company._get_violated_lock_dates(until, False, self.env["account.journal"])
        date = fields.Date.context_today(self) if locks else until
        lines = []
        for instalment in self:
            before, now = instalment.amount_recognized, earned[instalment]
            deferring = instalment._get_deferring_line()
            rate = deferring.move_id.invoice_currency_rate or 1.0
            # rounded as a whole, so that in the end nothing stays on the account
            balance = company.currency_id.round(now / rate) - company.currency_id.round(
                before / rate
            )
            product = instalment.contract_id.product_id.with_company(company)
            common = {
                "name": instalment.display_name,
                "partner_id": instalment.partner_id.commercial_partner_id.id,
                "currency_id": instalment.currency_id.id,
            }
            for account, sign in (
                (deferring.account_id, 1),
                (product.product_tmpl_id.get_product_accounts()["income"], -1),
            ):
                distribution = instalment.contract_id.analytic_distribution if sign < 0 else False
                lines.append(
                    {
                        **common,
                        "account_id": account.id,
                        "amount_currency": sign * (now - before),
                        "balance": sign * balance,
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


class ServiceContract(models.Model):
    _inherit = "service.contract"

    def _prepare_deferral(self):
        """The account of an invoice line of this contract, where income is deferred."""
        self.ensure_one()
        account = self.company_id.service_deferral_account_id
        in_advance = self.invoice_timing == "advance"
        return {"account_id": account.id} if account and in_advance else {}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """The first period of a contract is deferred too, when the order that sold it bills it."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.sells_service_contract:
            # who invoices orders need not see contracts
            contracts_sudo = self.env["service.contract"].sudo()
            contract_sudo = contracts_sudo.search([("sale_line_id", "=", self.id)], limit=1)
            values.update(contract_sudo._prepare_deferral() if contract_sudo else {})
        return values
