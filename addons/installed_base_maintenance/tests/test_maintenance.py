from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.installed_base.tests.common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestMaintenance(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Boilermaker"})
        cls.machine = cls._create_equipment(
            serial_number="B1",
            supplier_id=cls.supplier.id,
            supplier_warranty_end="2027-06-30",
            delivery_date="2026-03-01",
        )
        cls.chief = cls._create_user(
            "chief",
            "maintenance.group_equipment_manager",
            "installed_base.group_service_user",
        )

    def test_one_button_makes_the_maintenance_equipment_with_the_data_of_the_machine(self):
        machine = self.machine.with_user(self.chief)
        action = machine.action_create_maintenance_equipment()
        maintained = self.env["maintenance.equipment"].browse(action["res_id"])
        self.assertEqual(machine.maintenance_equipment_ids, maintained)
        self.assertRecordValues(
            maintained,
            [
                {
                    "name": "Boiler B20",
                    "serial_no": "B1",
                    "model": "Boiler B20",
                    "partner_id": self.supplier.id,
                    "warranty_date": fields.Date.to_date("2027-06-30"),
                    "effective_date": fields.Date.to_date("2026-03-01"),
                    "company_id": self.machine.company_id.id,
                }
            ],
        )

    def test_the_button_makes_no_second_one(self):
        first = self.machine.action_create_maintenance_equipment()
        second = self.machine.action_create_maintenance_equipment()
        self.assertEqual(first["res_id"], second["res_id"])
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["maintenance.equipment"].create(
                {"name": "Twin", "service_equipment_id": self.machine.id}
            )

    def test_name_and_serial_number_follow_the_machine_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.machine.action_create_maintenance_equipment()
        maintained = self.machine.maintenance_equipment_ids
        self.machine.write({"name": "Boiler North", "serial_number": "B1-bis"})
        self.assertRecordValues(maintained, [{"name": "Boiler North", "serial_no": "B1-bis"}])
        self.assertEqual(maintained.with_context(lang="fr_FR").name, "Boiler North")

    def test_equipment_without_link_keeps_what_was_typed(self):
        own = self.env["maintenance.equipment"].create({"name": "Printer", "serial_no": "P1"})
        own.service_equipment_id = self.machine
        self.assertRecordValues(own, [{"name": "Boiler B20", "serial_no": "B1"}])
        own.service_equipment_id = False
        self.assertRecordValues(own, [{"name": "Boiler B20", "serial_no": "B1"}])
        own.name = "Printer"
        self.assertEqual(own.name, "Printer")

    def test_one_button_makes_the_machine_with_the_data_of_the_equipment(self):
        press = self.env["maintenance.equipment"].create(
            {
                "name": "Press",
                "serial_no": "P1",
                "partner_id": self.supplier.id,
                "effective_date": "2025-05-05",
            }
        )
        action = press.with_user(self.chief).action_create_service_equipment()
        model = self.env[action["res_model"]].with_user(self.chief)
        form = Form(model.with_context(**action["context"]))
        self.assertEqual(form.name, "Press")
        form.product_id = self.burner  # which offers its own name
        form.name = "Press"
        machine = form.save()
        self.assertEqual(press.service_equipment_id, machine)
        self.assertRecordValues(
            machine,
            [
                {
                    "name": "Press",
                    "serial_number": "P1",
                    "partner_id": self.env.company.partner_id.id,
                    "supplier_id": self.supplier.id,
                    "commissioning_date": fields.Date.to_date("2025-05-05"),
                }
            ],
        )
        self.assertRecordValues(press, [{"name": "Press", "serial_no": "P1"}])
        back = press.action_view_service_equipment()
        self.assertEqual(back["res_id"], machine.id)

    def test_open_maintenance_requests_are_counted_on_the_machine(self):
        self.machine.action_create_maintenance_equipment()
        self.env["maintenance.request"].create(
            {
                "name": "Noise",
                "equipment_id": self.machine.maintenance_equipment_ids.id,
            }
        )
        self.assertEqual(self.machine.maintenance_open_count, 1)

    def test_call_taker_without_maintenance_rights_makes_none(self):
        agent = self._create_user("agent", "installed_base.group_service_user")
        with self.assertRefused(AccessError, "Maintenance|Equipment"):
            self.machine.with_user(agent).action_create_maintenance_equipment()

    def test_machine_of_another_company_is_refused(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        own = self.env["maintenance.equipment"].create({"name": "Printer", "company_id": branch.id})
        with self.assertRefused(UserError, "compan"):
            own.service_equipment_id = self.machine
