from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _delivers_equipment(self):
        """What goes to the workshop and back, or is lent, is neither sold nor returned."""
        picking = self.picking_id
        passing = picking.intervention_id or picking.service_loan_id
        return not passing and super()._delivers_equipment()

    def _get_returned_equipment_lines(self):
        kept = self.filtered(
            lambda move: not (move.picking_id.intervention_id or move.picking_id.service_loan_id)
        )
        return super(StockMove, kept)._get_returned_equipment_lines()
