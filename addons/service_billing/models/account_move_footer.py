from collections import defaultdict

from odoo import models


class AccountMove(models.Model):
    """What an invoice says beside its consumptions belongs to all that it bills.

    Charges and discounts at its foot, what accounting added to the draft, or gave back too much.
    """

    _inherit = "account.move"

    def _share_footer(self):
        """What each consumption on this invoice earns, or loses, by its foot.

        The foot of an invoice whose consumptions were all credited, itself not, is still theirs.

        :return: ``{service.consumption: amount}`` in the currency of the company, to the cent
        """
        self.ensure_one()
        currency = self.company_currency_id
        lines = self._get_said_lines()
        counted = lines.filtered("service_consumption_ids")._filter_in_force()
        footer = -sum((lines - counted).mapped("balance"))
        if currency.is_zero(footer):
            return {}
        billing = self.invoice_line_ids & counted or self.invoice_line_ids
        billed = defaultdict(float)
        for line in billing:
            for consumption in line.service_consumption_ids:
                billed[consumption] -= line.balance * consumption._get_part_of(line)
        total = sum(billed.values())
        if currency.is_zero(total):
            billed, total = dict.fromkeys(billed, 1.0), len(billed)
        shares = {c: currency.round(footer * amount / total) for c, amount in billed.items()}
        shares[next(reversed(shares))] += footer - sum(shares.values())
        return shares

    def _get_said_lines(self):
        """What this invoice and the posted credit notes on it say; a cancelled one says nothing."""
        self.ensure_one()
        moves = self
        if self.move_type != "out_invoice" or self.state == "cancel":
            moves = self.browse()
        elif self.state == "posted":
            moves += self._get_posted_credits()
        return moves.invoice_line_ids.filtered(lambda line: line.display_type == "product")
