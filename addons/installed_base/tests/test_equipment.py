from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

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

    def test_address_chosen_as_customer_in_the_form_becomes_the_site(self):
        with Form(self.env["service.equipment"]) as form:
            form.product_id = self.machine_product
            form.partner_id = self.site
            self.assertEqual((form.partner_id, form.site_id), (self.customer, self.site))
        self.assertRecordValues(
            form.record,
            [{"partner_id": self.customer.id, "site_id": self.site.id, "state": "in_service"}],
        )

    def test_address_written_as_customer_becomes_the_site(self):
        equipment = self._create_equipment(site_id=False)
        equipment.partner_id = self.site
        self.assertEqual((equipment.partner_id, equipment.site_id), (self.customer, self.site))

    def test_number_of_another_product_is_refused(self):
        lot = self._get_lots(self.burner, ["L1"])
        with self.assertRefused(ValidationError, "L1 is a number of Burner, not of Boiler B20"):
            self._create_equipment(lot_id=lot.id)

    def test_system_is_no_part_of_itself(self):
        system = self._create_equipment()
        part = self._create_equipment(parent_id=system.id)
        with self.assertRefused(ValidationError, "would be a part of itself"):
            system.parent_id = part

    def test_merged_customers_keep_one_customer_code(self):
        twin = self.env["res.partner"].create({"name": "Hotel du Lac", "customer_code": "LAC"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | twin).ids, self.customer)
        self.assertEqual(self.customer.customer_code, "LAC")
        self.assertFalse(twin.exists())

    def test_who_may_not_read_machines_reads_what_they_hang_on(self):
        picking = self._deliver(self.machine_product, ["B1"])
        order = picking.sale_id
        auditor = self._create_user("auditor", "account.group_account_readonly")
        for record in (order, self.customer, order.order_line.product_template_id):
            self.env.invalidate_all()
            record = record.with_user(auditor)
            record.read([name for name in record.fields_get() if name.startswith("service_")])
            record.get_views([(False, "form")])

    def test_what_contradicts_itself_is_refused(self):
        lot, other = self._get_lots(self.machine_product, ["B1", "B2"])
        machine = self._create_equipment(lot_id=lot.id)
        stranger = self._create_equipment(
            partner_id=self.other_customer.id, site_id=self.other_customer.id
        )
        for values, told in (
            ({"serial_number": "QQ"}, "is that of its lot, B1: correct it there"),
            ({"quantity": 5}, "its quantity is 1"),
            ({"parent_id": stranger.id}, "which belongs to Clinique des Alpes"),
            (
                {"supplier_warranty_start": "2026-02-01", "supplier_warranty_end": "2026-01-01"},
                "before it starts on 2026-02-01",
            ),
        ):
            with self.assertRefused(ValidationError, told):
                machine.write(values)
        with self.assertRefused(ValidationError, "already that of the machine"):
            self._create_equipment(lot_id=lot.id)
        with self.assertRefused(ValidationError, "already that of the machine"):
            self._create_equipment(serial_number=" B1 ")
        machine.lot_id = other
        self.assertEqual(machine.serial_number, "B2")

    def test_machine_with_a_history_is_archived_not_deleted(self):
        manager = self._create_user("manager", "installed_base.group_service_manager")
        mistake, used = self._create_equipment(), self._create_equipment()
        used.state = "in_repair"
        self.env.invalidate_all()
        mistake.with_user(manager).unlink()
        with self.assertRefused(UserError, "Archive it instead"):
            used.with_user(manager).unlink()

    def test_address_of_a_machine_is_not_deleted(self):
        self._create_equipment()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.site.unlink()
