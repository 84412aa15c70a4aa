from odoo import api, fields, models


class ServiceVanCountLine(models.TransientModel):
    """One product, lot and place in the van."""

    _name = "service.van.count.line"
    _description = "Line of a Count"

    count_id = fields.Many2one("service.van.count", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True)
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one("stock.lot", domain="[('product_id', '=', product_id)]")
    location_id = fields.Many2one("stock.location", string="Place")
    expected = fields.Float(digits="Product Unit", string="In the Stock", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    counted = fields.Float(digits="Product Unit")
    is_counted = fields.Boolean(
        compute="_compute_is_counted",
        store=True,
        readonly=False,
        help="Lines that are not ticked are not counted; a line without a quantity counts nothing.",
    )

    _counted_not_negative = models.Constraint(
        "CHECK (counted >= 0)", "What is counted cannot be less than nothing."
    )

    @api.depends("counted")
    def _compute_is_counted(self):
        for line in self:
            line.is_counted = line.is_counted or bool(line.counted)
