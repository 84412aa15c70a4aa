from odoo import models


class ServiceRequestEquipment(models.Model):
    _inherit = "service.request.equipment"

    def action_plan_intervention(self):
        """Plan an intervention for this machine and those of the same intervention group.

        :return: window action on ``service.intervention``
        """
        self.ensure_one()
        group = self.intervention_group
        together = self.request_id.equipment_line_ids.filtered(
            lambda line: line == self or (group and line.intervention_group == group)
        )
        return self.env["service.request"]._open_new_intervention(
            {
                "default_request_id": self.request_id.id,
                "default_request_equipment_ids": together.ids,
            }
        )
