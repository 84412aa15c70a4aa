from odoo import api, models


class ServiceContractCoverage(models.Model):
    _inherit = "service.contract.coverage"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id.filtered(lambda c: not c.is_plan_pending).is_plan_pending = True
        return lines
