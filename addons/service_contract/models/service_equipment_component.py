from odoo import models


class ServiceEquipmentComponent(models.Model):
    _inherit = "service.equipment.component"

    def _prepare_cover_item(self):
        """What the coverage engine is asked about this component."""
        self.ensure_one()
        return {"component_id": self.id}

    def _get_cover_agency(self):
        """Where the day is that counts for this component."""
        return self.equipment_id.agency_id
