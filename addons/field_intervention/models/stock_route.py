from odoo import fields, models


class StockRoute(models.Model):
    _inherit = "stock.route"

    is_van_supply = fields.Boolean(
        string="Fills Vans",
        readonly=True,
        help="Its rules bring parts from the shelves of the warehouse into the vans.",
    )
