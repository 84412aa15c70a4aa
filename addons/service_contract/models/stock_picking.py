from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shows_service_coverage = fields.Boolean(compute="_compute_shows_service_coverage")

    @api.depends("location_id.usage", "location_dest_id.usage", "return_id")
    def _compute_shows_service_coverage(self):
        """Warranty is looked at when goods come back, or go to their supplier."""
        for picking in self:
            picking.shows_service_coverage = (
                bool(picking.return_id)
                or picking.location_id.usage == "customer"
                or picking.location_dest_id.usage == "supplier"
            )
