from collections import defaultdict
from datetime import timedelta

from odoo import models


class ServiceContract(models.Model):
    """The instalments of contracts that end early, or go on after all."""

    _inherit = "service.contract"

    def action_terminate(self, reason=False, date=False):
        """Ending early also ends the instalments; what was paid in advance is credited."""
        self.check_access("write")
        before = {contract: contract.state for contract in self}
        self.sudo()._generate_order_instalments()
        result = super().action_terminate(reason=reason, date=date)
        ended = self.filtered("termination_date").sudo()
        never_in_force = ended.filtered(lambda contract: before[contract] == "draft")
        (ended - never_in_force)._settle_instalments()
        for contract in never_in_force.filtered("sale_line_id"):
            contract.sale_line_id._bill_until_termination(contract, 0)
        return result

    def _generate_order_instalments(self):
        """Make the first instalments of sold contracts as their orders bill them: whole."""
        sold = self.filtered(
            lambda c: c.sale_line_id and c.state != "draft" and c.product_id and c.price
        )
        untold = sold.filtered(lambda contract: not contract.instalment_ids)
        untold.instalment_ids.create([contract._prepare_instalment(0) for contract in untold])

    def _settle_instalments(self):
        """Cut the schedules of contracts at their termination; credit what was invoiced beyond.

        :return: account.move, the draft credit notes
        """
        groups = defaultdict(self.env["service.contract.instalment"].browse)
        for contract in self:
            contract._generate_instalments(contract.termination_date - timedelta(days=1))
            day = contract.termination_date
            for instalment in contract.instalment_ids.filtered(lambda i, d=day: i.date_to >= d):
                unused = instalment._get_amount_after(day)
                if instalment.state == "invoiced" or instalment._is_invoiced_by_order():
                    # accounting may have given back a part already
                    billed = -sum(instalment._get_billed_lines().mapped("amount_currency"))
                    instalment.amount_credited = max(min(unused, billed), 0.0)
                    if instalment.amount_credited:
                        groups[contract._get_instalment_invoice_key()] |= instalment
                    continue
                if instalment.state == "order":
                    share = 1 - instalment._get_share_after(day)
                    contract.sale_line_id._bill_until_termination(contract, share)
                if instalment.date_from >= day:
                    instalment.is_cancelled = True
                elif instalment.state in ("pending", "order"):
                    last = day - timedelta(days=1)
                    instalment.write({"amount": instalment.amount - unused, "date_to": last})
                    instalment.date_due = min(instalment.date_due, last)
        moves = self.env["account.move"].create(
            [
                {
                    **group.contract_id._prepare_contract_invoice(
                        "out_refund", [i._prepare_credit_line() for i in group]
                    ),
                    "ref": self._name_credited_invoices(group),
                }
                for group in groups.values()
            ]
        )
        moves.invoice_line_ids._say_untaxed()
        for move, group in zip(moves, groups.values(), strict=True):
            for contract in group.contract_id:
                contract._message_log(
                    body=self.env._("Draft credit note made: %s", move._get_html_link())
                )
        return moves

    def _name_credited_invoices(self, instalments):
        """The reference of a credit note: a credit note has to name what it corrects."""
        invoices = self.env["account.move"].union(
            *(instalment._get_billed_lines().move_id for instalment in instalments)
        )
        names = invoices.filtered(lambda move: move.move_type == "out_invoice").mapped("name")
        return self.env._("Credit on %s", ", ".join(filter(None, names)))

    def action_withdraw_termination(self):
        """What was cut or given back for the days after the termination is billed after all."""
        days = {contract: contract.termination_date for contract in self}
        result = super().action_withdraw_termination()
        for contract, day in days.items():
            contract.sudo()._restore_instalments(day)
        return result

    def _restore_instalments(self, day):
        """Undo what ``_settle_instalments`` did for a termination on a day."""
        self.ensure_one()
        self.sale_line_id._bill_whole_period()
        number = 0
        while values := self._prepare_instalment(number):
            number += 1
            if values["date_to"] < day:
                continue
            made = self.instalment_ids.filtered(
                lambda i, v=values: v["date_from"] <= i.date_from <= v["date_to"]
            )
            if not made:
                return
            made._restore(values, day)
