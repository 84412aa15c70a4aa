from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_travel_speed = fields.Float(
        string="Speed of Travel (km/h)",
        default=50.0,
        help="Average speed on the road, to estimate how long a technician travels.",
    )
    service_road_factor = fields.Float(
        string="Detour of Roads",
        default=1.3,
        help="So many times longer than the straight line roads are: 1.3 in the plain, more in the "
        "mountains.",
    )
    service_tile_url = fields.Char(
        string="Map Tiles",
        help="Address of the pictures behind the map, for example of a tile server of yours: "
        "https://tiles.example.com/{z}/{x}/{y}.png. Without one the map shows points and sectors "
        "only.",
    )
    service_tile_attribution = fields.Char(
        string="Copyright of the Map", help="What the owner of the map wants to be named as."
    )
    service_subcontract_product_id = fields.Many2one(
        "product.product",
        string="Subcontracted Work",
        domain="[('type', '=', 'service'), ('purchase_ok', '=', True)]",
        help="What is ordered from a subcontractor who does an intervention.",
    )

    service_track_position = fields.Boolean(
        string="Positions of Technicians",
        help="Each step of the work in the technician's app notes where it was taken, of those "
        "technicians who allow it. The board and the map show the last one.",
    )
    service_position_days = fields.Integer(
        string="Keep Positions",
        default=30,
        help="Days after which positions are deleted.",
    )

    _road_factor_at_least_one = models.Constraint(
        "CHECK (service_road_factor >= 1)",
        "Roads cannot be shorter than the straight line: the factor must be at least 1.",
    )
    _position_days_positive = models.Constraint(
        "CHECK (service_position_days > 0)", "Positions are kept for one day at least."
    )
    _travel_speed_positive = models.Constraint(
        "CHECK (service_travel_speed > 0)", "The speed of travel must be more than 0 km/h."
    )
