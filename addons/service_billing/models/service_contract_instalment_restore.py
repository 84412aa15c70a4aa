from odoo import models
from odoo.fields import Command


class ServiceContractInstalment(models.Model):
    """Instalments of a contract that goes on after all: its termination was withdrawn."""

    _inherit = "service.contract.instalment"

    def _restore(self, whole, day):
        """Let these instalments of one interval bill all of it.

        What was given back by a posted credit note, or left out of an invoice, is billed by an
        instalment of its own.

        :param whole: values of the one instalment of the whole interval
        :param day: first day after the termination that was withdrawn
        """
        self._take_back_credits()
        billed = self.filtered(
            lambda i: i.state in ("invoiced", "to_credit", "credited") or i._is_invoiced_by_order()
        )
        waiting = self - billed
        kept = sum(i.amount - i.amount_credited for i in billed)
        missing = self.currency_id.round(whole["amount"] - kept)
        reached = max(billed.mapped("date_to"), default=None) == whole["date_to"]
        untouched = reached and not any(billed.mapped("amount_credited"))
        if not waiting and (untouched or not missing):
            return
        start = min(waiting.mapped("date_from"), default=max(day, whole["date_from"]))
        in_advance = self.contract_id.invoice_timing == "advance"
        values = {
            "date_from": start,
            "date_to": whole["date_to"],
            "date_due": start if in_advance else whole["date_to"],
            "amount": missing,
            "is_cancelled": False,
        }
        if waiting:
            waiting.write(values)
        else:
            self.create({**values, "contract_id": self.contract_id.id})

    def _take_back_credits(self):
        """Strike these instalments out of credit notes that nobody has posted."""
        for instalment in self.filtered("amount_credited"):
            credits = instalment.invoice_line_ids.filtered(
                lambda line: line.move_id.move_type == "out_refund"
            )
            if "posted" in credits.mapped("parent_state"):
                continue
            for note in credits.move_id.filtered(lambda move: move.state == "draft"):
                if note.invoice_line_ids <= credits:
                    note.button_cancel()
                else:
                    mine = note.invoice_line_ids & credits
                    note.invoice_line_ids = [Command.delete(line.id) for line in mine]
            instalment.amount_credited = 0
