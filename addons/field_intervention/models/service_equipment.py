from odoo import api, fields, models


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    intervention_ids = fields.Many2many("service.intervention", string="Interventions")

    @api.model
    def _get_history_fields(self):
        return [*super()._get_history_fields(), "intervention_ids"]
