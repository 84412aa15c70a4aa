from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestEquipment(InstalledBaseCommon):
    def test_machine_without_site_is_a_draft(self):
        self.assertEqual(self._create_equipment(site_id=False).state, "draft")
        self.assertEqual(self._create_equipment().state, "in_service")

    def test_machine_gets_in_service_when_its_site_is_known(self):
        equipment = self._create_equipment(site_id=False)
        equipment.site_id = self.site
        self.assertEqual(equipment.state, "in_service")

    def test_address_given_as_customer_becomes_the_site(self):
        equipment = self.env["service.equipment"].create(
            {"product_id": self.machine_product.id, "partner_id": self.site.id}
        )
        self.assertRecordValues(
            equipment, [{"partner_id": self.customer.id, "site_id": self.site.id}]
        )

    def test_same_serial_twice_is_refused_with_the_other_code(self):
        first = self._create_equipment(serial_number="X1")
        with self.assertRefused(ValidationError, first.code):
            self._create_equipment(serial_number="X1")

    def test_same_serial_of_another_product_is_accepted(self):
        other = self._create_product("Pump", is_equipment=True)
        self._create_equipment(serial_number="X1")
        self.assertTrue(self._create_equipment(serial_number="X1", product_id=other.id))

    def test_site_of_another_customer_is_refused(self):
        with self.assertRefused(ValidationError, "Clinique"):
            self._create_equipment(partner_id=self.other_customer.id)

    def test_history_tells_moves_owners_and_states(self):
        equipment = self._create_equipment()
        equipment.write({"partner_id": self.other_customer.id, "site_id": self.other_customer.id})
        equipment.state = "retired"
        self.assertEqual(
            set(equipment.event_ids.mapped("event_type")),
            {"owner_changed", "moved", "state_changed"},
        )
        owner = equipment.event_ids.filtered(lambda e: e.event_type == "owner_changed")
        self.assertEqual((owner.old_value, owner.new_value), ("Hôtel du Lac", "Clinique des Alpes"))

    def test_component_replacement_links_old_and_new(self):
        equipment = self._create_equipment()
        old = equipment.component_ids
        new = old._replace(self.burner, date="2026-03-01")
        self.assertRecordValues(
            old + new,
            [
                {"state": "removed", "as_sold": True, "replaced_by_id": new.id},
                {"state": "installed", "as_sold": False, "replaced_by_id": False},
            ],
        )
        self.assertEqual(equipment.installed_component_ids, new)
        self.assertEqual(equipment.as_sold_component_ids, old)
        with self.assertRefused(UserError, "has already been removed"):
            old._replace(self.burner)

    def test_serial_tracked_part_must_name_its_serial(self):
        tracked = self._create_product("Pump", is_storable=True, tracking="serial")
        with self.assertRefused(UserError, "tracked by serial number"):
            self._create_equipment().component_ids._replace(tracked)

    def test_delivered_machine_cannot_be_deleted(self):
        self._deliver(self.machine_product, ["B20-1"])
        equipment = self.env["service.equipment"].search([("serial_number", "=", "B20-1")])
        with self.assertRefused(UserError, "Archive it"):
            equipment.unlink()

    def test_machine_is_found_by_code_serial_customer_and_zip(self):
        equipment = self._create_equipment(serial_number="ZX-81")
        for text in (equipment.code, "ZX-8", "Hôtel du", "Boiler B2", "74000"):
            found = self.env["service.equipment"].name_search(text)
            self.assertIn(equipment.id, [record_id for record_id, _name in found], text)

    def test_form_of_a_call_taker(self):
        user = self._create_user("calltaker", "installed_base.group_service_user")
        with Form(self.env["service.equipment"].with_user(user)) as form:
            form.product_id = self.machine_product
            form.partner_id = self.customer
            form.site_id = self.site
            form.serial_number = "TYPED-1"
        self.assertEqual(form.record.state, "in_service")
        self.assertEqual(form.record.certainty, "reported")

    def test_codes_of_a_batch_are_drawn_at_once(self):
        values = {"product_id": self.machine_product.id, "partner_id": self.customer.id}
        self.env["service.equipment"].create([values])
        machines = self.env["service.equipment"].create([values] * 5)
        self.assertEqual(len(set(machines.mapped("code"))), 5)
