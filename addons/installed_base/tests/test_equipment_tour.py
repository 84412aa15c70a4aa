from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestEquipmentTour(InstalledBaseCommon, HttpCase):
    def test_technician_changes_parts_in_the_form(self):
        self._create_user(
            "technician", "installed_base.group_service_technician"
        ).password = "technician"
        burner_c = self._create_product("Burner C")
        self._create_product("Filter")
        self.machine_product.service_bom_ids.line_ids.substitute_ids = [
            Command.create({"product_id": burner_c.id, "supersedes": "2020-01-01"})
        ]
        equipment = self._create_equipment(serial_number="B-1")
        equipment._log_event("verified", "Verified by hand")
        self.start_tour(
            f"/odoo/equipment/{equipment.id}", "installed_base_equipment_parts", login="technician"
        )
        self.assertRecordValues(
            equipment.installed_component_ids,
            [{"product_id": burner_c.id, "serial_number": "C-77", "as_sold": False}],
        )
        self.assertEqual(
            sorted(equipment.event_ids.mapped("event_type")),
            ["component_added", "component_removed", "component_replaced", "verified"],
        )
