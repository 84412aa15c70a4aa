from odoo import api, models


class ServiceConsumption(models.Model):
    """What stands at the foot of an invoice is earned by all that it bills, in proportion."""

    _inherit = "service.consumption"

    @api.depends(
        "invoice_line_ids.move_id.amount_untaxed_signed",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.reversal_move_ids.state",
    )
    def _compute_amount_revenue(self):
        result = super()._compute_amount_revenue()
        for move in self.invoice_line_ids.move_id:
            for consumption, amount in move._share_footer().items():
                if consumption in self:
                    consumption.amount_revenue += amount
        return result
