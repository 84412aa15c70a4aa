from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    service_consumption_id = fields.Many2one(
        "service.consumption", index="btree_not_null", copy=False, readonly=True
    )
