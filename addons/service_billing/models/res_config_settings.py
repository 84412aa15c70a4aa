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
    service_points_refill_on = fields.Selection(
        related="company_id.service_points_refill_on", readonly=False
    )
    service_claim_automatic = fields.Boolean(
        related="company_id.service_claim_automatic", readonly=False
    )
    service_deferral_account_id = fields.Many2one(
        related="company_id.service_deferral_account_id", readonly=False
    )
    service_claim_accrual_account_id = fields.Many2one(
        related="company_id.service_claim_accrual_account_id", readonly=False
    )
    service_warranty_provision_account_id = fields.Many2one(
        related="company_id.service_warranty_provision_account_id", readonly=False
    )
    service_warranty_cost_account_id = fields.Many2one(
        related="company_id.service_warranty_cost_account_id", readonly=False
    )
    service_request_plan_id = fields.Many2one(
        related="company_id.service_request_plan_id", readonly=False
    )
    service_contract_plan_id = fields.Many2one(
        related="company_id.service_contract_plan_id", readonly=False
    )
    service_equipment_plan_id = fields.Many2one(
        related="company_id.service_equipment_plan_id", readonly=False
    )
    service_customer_plan_id = fields.Many2one(
        related="company_id.service_customer_plan_id", readonly=False
    )
