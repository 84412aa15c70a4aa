from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_travel_speed = fields.Float(related="company_id.service_travel_speed", readonly=False)
    service_road_factor = fields.Float(related="company_id.service_road_factor", readonly=False)
    service_tile_url = fields.Char(related="company_id.service_tile_url", readonly=False)
    service_tile_attribution = fields.Char(
        related="company_id.service_tile_attribution", readonly=False
    )
    service_subcontract_product_id = fields.Many2one(
        related="company_id.service_subcontract_product_id", readonly=False
    )
    service_track_position = fields.Boolean(
        related="company_id.service_track_position", readonly=False
    )
    service_position_days = fields.Integer(
        related="company_id.service_position_days", readonly=False
    )
