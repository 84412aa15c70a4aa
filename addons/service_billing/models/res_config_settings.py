from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_invoicing_enabled = fields.Boolean(
        related="company_id.service_invoicing_enabled", readonly=False
    )
