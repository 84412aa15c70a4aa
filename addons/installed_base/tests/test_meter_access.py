from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .meter_common import MeterCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestMeterAccess(MeterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.technician = cls._create_user("technician", group + "technician")
        cls.call_taker = cls._create_user("calltaker", group + "user")
        cls.manager = cls._create_user("manager", group + "manager")
        cls.storekeeper = cls._create_user("storekeeper", "stock.group_stock_user")
        cls.employee = cls._create_user("employee")

    def _get_rights(self, record, user):
        record = record.with_user(user)
        return " ".join(
            right for right in ("read", "write", "create", "unlink") if record.has_access(right)
        )

    def test_who_may_do_what(self):
        reading = self._read(self.hours, ("2026-01-01", 100))
        for user, meter_rights, reading_rights, type_rights in (
            (self.employee, "", "", "read"),
            (self.storekeeper, "read", "read", "read"),
            (self.technician, "read write create", "read create", "read"),
            (self.call_taker, "read write create", "read create", "read"),
            (
                self.manager,
                "read write create unlink",
                "read write create",
                "read write create unlink",
            ),
        ):
            self.assertEqual(self._get_rights(self.hours, user), meter_rights, user.login)
            self.assertEqual(self._get_rights(reading, user), reading_rights, user.login)
            self.assertEqual(self._get_rights(self.hours_type, user), type_rights, user.login)

    def test_technician_and_call_taker_enter_readings_and_replace_meters(self):
        for day, (user, source) in enumerate(
            ((self.technician, "technician"), (self.call_taker, "manual")), start=1
        ):
            hours = self.hours.with_user(user)
            first = self._read(hours, (f"2026-0{day}-01", 10), (f"2026-0{day}-03", 30))[0]
            self.assertEqual(first.source, source)
            self._read(hours, (f"2026-0{day}-02", 12))
            wizard = self.env["service.meter.replace"].with_user(user)
            wizard.create(
                {
                    "meter_id": hours.id,
                    "date": f"2026-0{day}-04 08:00:00",
                    "old_value": 40,
                    "new_value": 0,
                }
            ).action_replace()
            hours.invalidate_recordset()
            self.assertEqual(hours.value, 0)
        self.assertEqual(
            self.equipment.event_ids.filtered(lambda e: e.event_type == "meter_replaced").user_id,
            self.technician + self.call_taker,
        )

    def test_unusual_reading_of_a_technician_is_noted(self):
        hours = self.hours.with_user(self.technician)
        self._read(hours, ("2026-01-01", 0), ("2026-01-11", 100), ("2026-01-21", 200))
        self.assertTrue(self._read(hours, ("2026-01-22", 9000)).is_outlier)
        self.assertIn("Unusual", self.equipment.message_ids[0].body)

    def test_only_managers_correct(self):
        reading = self._read(self.hours, ("2026-01-01", 100))
        for user in (self.technician, self.call_taker):
            with self.assertRaises(AccessError):
                reading.with_user(user).value = 110
        reading.with_user(self.manager).value = 110
        self.assertEqual(self.hours.value, 110)

    def test_meters_and_readings_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_meter(self.hours_type, self._create_equipment(company_id=company.id))
        reading = self._read(foreign, ("2026-01-01", 100))
        self.assertEqual((foreign.company_id, reading.company_id), (company, company))
        for record in (foreign, reading):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).read(["value"])
        with self.assertRaises(AccessError):
            self._read(foreign.with_user(self.manager), ("2026-02-01", 110))
        self.manager.company_ids += company
        abroad = foreign.with_user(self.manager).with_context(allowed_company_ids=company.ids)
        self._read(abroad, ("2026-02-01", 110))
        self.assertEqual(foreign.value, 110)

    def test_meter_stays_on_its_machine_once_it_was_read(self):
        other = self._create_equipment()
        self._read(self.hours, ("2026-01-01", 10))
        with self.assertRefused(UserError, "add a meter to the other machine"):
            self.hours.with_user(self.technician).equipment_id = other
