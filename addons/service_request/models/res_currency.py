from odoo import models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _get_short_price(self, price):
        """The shortest unit price that still makes the amount: 33.333333, but 30, not 30.0…04."""
        return float(f"{price:.{self.decimal_places + 8}f}")
