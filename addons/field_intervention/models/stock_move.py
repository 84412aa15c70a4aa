from odoo import models
from odoo.fields import Domain


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

    def _keep_for_next(self):
        """Keep what these reservations gave back for the jobs that wait for it, the first first."""
        if not self:
            return
        places = self.location_id.ids
        waiting = self.search(
            Domain("state", "in", ("confirmed", "partially_available"))
            & Domain("service_consumption_id", "!=", False)
            & Domain("product_id", "in", self.product_id.ids)
            & (Domain("location_id", "parent_of", places) | Domain("location_id", "in", places)),
            order="date, id",
        )
        waiting._action_assign()
