from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestLife(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.call_taker = cls._create_user("calltaker", group + "user")
        cls.manager = cls._create_user("manager", group + "manager")
        cls.equipment = cls._create_equipment()

    def test_retiring_sets_the_date_and_coming_back_clears_it(self):
        self.equipment.state = "retired"
        self.assertEqual(self.equipment.retirement_date, fields.Date.to_date("2026-06-15"))
        self.equipment.state = "in_service"
        self.assertFalse(self.equipment.retirement_date)

    def test_retirement_on_an_earlier_day_dates_the_event(self):
        self.equipment.write({"state": "retired", "retirement_date": "2026-05-01"})
        self.assertEqual(self.equipment.retirement_date, fields.Date.to_date("2026-05-01"))
        self.assertRecordValues(
            self.equipment.event_ids,
            [
                {
                    "event_type": "state_changed",
                    "date": fields.Datetime.to_datetime("2026-05-01 12:00:00"),
                    "new_value": "Retired",
                }
            ],
        )

    def test_change_of_state_is_dated_today_unless_a_day_is_given(self):
        other = self._create_equipment(state="in_repair")
        (self.equipment | other).state = "in_repair"
        self.assertRecordValues(
            self.equipment | other,
            [{"state_since": fields.Date.to_date("2026-06-15")}, {"state_since": False}],
        )
        self.equipment.write({"state": "in_service", "state_since": "2026-06-10"})
        self.assertEqual(
            self.equipment.event_ids.sorted("id").mapped(lambda e: str(e.date)),
            ["2026-06-15 08:00:00", "2026-06-10 12:00:00"],
        )

    def test_retirement_before_the_delivery_is_refused(self):
        self.equipment.delivery_date = "2026-02-01"
        with self.assertRefused(ValidationError, "2026-01-31.*2026-02-01"):
            self.equipment.write({"state": "retired", "retirement_date": "2026-01-31"})

    def test_nothing_becomes_a_draft_again(self):
        with self.assertRefused(UserError, "cannot become a draft again"):
            self.equipment.with_user(self.manager).state = "draft"

    def test_only_a_manager_brings_back_a_retired_machine(self):
        self.equipment.state = "retired"
        with self.assertRefused(UserError, "only a manager"):
            self.equipment.with_user(self.call_taker).state = "in_service"
        self.equipment.with_user(self.manager).state = "in_service"
        self.assertEqual(self.equipment.state, "in_service")

    def test_delivery_brings_back_a_retired_machine(self):
        lot = self._get_lots(self.machine_product, ["B20-1"])
        equipment = self._create_equipment(lot_id=lot.id, state="retired")
        self.assertTrue(equipment.retirement_date)
        self._deliver(self.machine_product, ["B20-1"])
        self.assertRecordValues(equipment, [{"state": "in_service", "retirement_date": False}])

    def test_nobody_knows_since_when_a_typed_machine_stands_there(self):
        self.assertRecordValues(self.equipment, [{"owner_since": False, "site_since": False}])

    def test_change_of_customer_is_dated_today(self):
        self.equipment.write(
            {"partner_id": self.other_customer.id, "site_id": self.other_customer.id}
        )
        today = fields.Date.to_date("2026-06-15")
        self.assertRecordValues(self.equipment, [{"owner_since": today, "site_since": today}])

    # --- deletion ---

    def test_machine_without_history_is_deleted_by_a_manager(self):
        self.equipment.with_user(self.manager).unlink()
        self.assertFalse(self.equipment.exists())

    def test_deletion_of_a_delivered_machine_names_the_delivery(self):
        self._deliver(self.machine_product, ["B20-1"])
        equipment = self.env["service.equipment"].search([("serial_number", "=", "B20-1")])
        with self.assertRefused(UserError, r"Deliveries and Returns \(1\).*Archive it"):
            equipment.with_user(self.manager).unlink()

    # --- properties ---

    def _add_property(self):
        self.machine_product.categ_id = self.env["product.category"].create(
            {
                "name": "Boilers",
                "service_equipment_properties_definition": [
                    {"name": "power", "string": "Power (kW)", "type": "integer"}
                ],
            }
        )

    def test_properties_of_the_category_are_filled_and_found(self):
        self._add_property()
        equipment = self._create_equipment(properties={"power": 24})
        other = self._create_equipment(properties={"power": 35})
        self.assertEqual(equipment.read(["properties"])[0]["properties"][0]["value"], 24)
        found = self.env["service.equipment"].search([("properties.power", "=", 35)])
        self.assertEqual(found, other)

    def test_form_shows_properties_to_a_call_taker(self):
        self._add_property()
        machines = self.env["service.equipment"].with_user(self.call_taker)
        machine = self.equipment.with_user(self.call_taker)
        machine.properties = {"power": 24}
        shown = machine.web_read({"properties": {}})[0]["properties"]
        self.assertEqual([(p["string"], p["value"]) for p in shown], [("Power (kW)", 24)])
        for view_type in ("form", "search"):
            arch = machines.get_view(view_type=view_type)["arch"]
            self.assertIn('<field name="properties"', arch)
