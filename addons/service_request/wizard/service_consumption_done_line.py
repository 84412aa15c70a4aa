from odoo import api, fields, models


class ServiceConsumptionDoneLine(models.TransientModel):
    """A part of which the lot or the serial numbers are asked for."""

    _name = "service.consumption.done.line"
    _description = "Lots and Serial Numbers Used: Part"

    done_id = fields.Many2one("service.consumption.done", index=True, ondelete="cascade")
    close_id = fields.Many2one("service.request.close", index=True, ondelete="cascade")
    consumption_id = fields.Many2one("service.consumption", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="consumption_id.product_id", string="Part")
    quantity = fields.Float(related="consumption_id.quantity")
    available_lot_ids = fields.Many2many("stock.lot", compute="_compute_available_lot_ids")
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Lots/Serials",
        compute="_compute_lot_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_lot_ids)]",
        help="What is in stock where the part is taken from.",
    )

    @api.depends("consumption_id")
    def _compute_available_lot_ids(self):
        for line in self:
            line.available_lot_ids = line.consumption_id._get_lots_in_stock()

    @api.depends("consumption_id")
    def _compute_lot_ids(self):
        for line in self:
            line.lot_ids = line.consumption_id._propose_lots()

    def _name_lots(self):
        """Write down the numbers that were chosen."""
        for line in self:
            line.consumption_id.lot_ids = line.lot_ids
