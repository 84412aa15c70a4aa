from odoo import fields, models


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    intervention_ids = fields.Many2many("service.intervention", string="Interventions")
