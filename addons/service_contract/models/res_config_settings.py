from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_cover_blocked_customer = fields.Boolean(
        related="company_id.service_cover_blocked_customer", readonly=False
    )
    service_cover_over_credit = fields.Boolean(
        related="company_id.service_cover_over_credit", readonly=False
    )
