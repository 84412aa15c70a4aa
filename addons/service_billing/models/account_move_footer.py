from collections import defaultdict

from odoo import models


class AccountMove(models.Model):
    """Charges and discounts at the foot of a service invoice belong to all that it bills."""

    _inherit = "account.move"

    def _share_footer(self):
        """What each consumption on this invoice earns, or loses, by its foot.

        :return: ``{service.consumption: amount}`` in the currency of the company, to the cent
        """
        self.ensure_one()
        currency = self.company_currency_id
        footer = self._get_footer_amount()
        if currency.is_zero(footer):
            return {}
        billed = defaultdict(float)
        for line in self.invoice_line_ids._filter_billing():
            for consumption in line.service_consumption_ids:
                billed[consumption] -= line.balance * consumption._get_part_of(line)
        total = sum(billed.values())
        if currency.is_zero(total):
            return {}
        shares = {c: currency.round(footer * amount / total) for c, amount in billed.items()}
        shares[next(reversed(shares))] += footer - sum(shares.values())
        return shares

    def _get_footer_amount(self):
        """Untaxed amount of the lines that bill no consumption, less what was credited of them."""
        self.ensure_one()
        moves = self
        if self.state == "posted":
            moves += self.reversal_move_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_refund"
            )
        lines = moves.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.service_consumption_ids
        )
        return -sum(lines.mapped("balance"))
