from odoo import api, models

CHOOSING = {
    "contract_id",
    "scope",
    "equipment_id",
    "product_id",
    "product_category_id",
    "is_exclusion",
    "site_id",
}


class ServiceContractCoverage(models.Model):
    """The machines that a contract names are visited, the others are not."""

    _inherit = "service.contract.coverage"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._look_at_visits()
        return lines

    def write(self, vals):
        if CHOOSING.isdisjoint(vals):
            return super().write(vals)
        before = self.contract_id
        result = super().write(vals)
        (before | self.contract_id)._look_at_visits()
        return result

    def unlink(self):
        contracts = self.contract_id
        result = super().unlink()
        contracts.exists()._look_at_visits()
        return result
