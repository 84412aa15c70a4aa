from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_field_lock_days = fields.Integer(
        related="company_id.service_field_lock_days", readonly=False
    )
