from odoo import api, models


class ServiceEquipment(models.Model):
    """Where the company has an analytic plan for machines, each that is serviced has an account."""

    _name = "service.equipment"
    _inherit = ["service.equipment", "service.analytic.owner"]

    def _get_analytic_plan(self, company):
        return company.service_equipment_plan_id


class ServiceRequestEquipment(models.Model):
    _inherit = "service.request.equipment"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._open_analytic_accounts()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "equipment_id" in vals:
            self._open_analytic_accounts()
        return result

    def _open_analytic_accounts(self):
        for company, lines in self.grouped("company_id").items():
            lines.equipment_id._open_analytic_accounts(company)
