from odoo import models


class ServiceEquipmentComponent(models.Model):
    _inherit = "service.equipment.component"

    def _prepare_cover_item(self):
        """What the coverage engine is asked about this component."""
        self.ensure_one()
        return {"component_id": self.id}
