from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_default_coverage = fields.Selection(
        related="company_id.service_default_coverage", readonly=False
    )
    service_coverage_prompt = fields.Boolean(
        related="company_id.service_coverage_prompt", readonly=False
    )
    service_default_reaction_days = fields.Integer(
        related="company_id.service_default_reaction_days", readonly=False
    )
    service_customer_number_prefix_length = fields.Integer(
        related="company_id.service_customer_number_prefix_length", readonly=False
    )
    service_customer_number_auto = fields.Boolean(
        related="company_id.service_customer_number_auto", readonly=False
    )
    service_recall_days = fields.Integer(related="company_id.service_recall_days", readonly=False)
