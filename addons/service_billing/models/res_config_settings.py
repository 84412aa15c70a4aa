from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_invoicing_enabled = fields.Boolean(
        related="company_id.service_invoicing_enabled", readonly=False
    )
    service_invoice_zero_lines = fields.Boolean(
        related="company_id.service_invoice_zero_lines", readonly=False
    )
    service_invoice_nightly = fields.Boolean(
        related="company_id.service_invoice_nightly", readonly=False
    )
