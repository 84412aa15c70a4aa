from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestExtension(ServiceContractCommon):
    """Warranties that run longer, after a repair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warranty = cls._create_contract(kind="warranty", date_end="2026-12-31")
        cls.line = cls.warranty.coverage_ids

    def test_months_run_from_the_old_end(self):
        self.machine.action_extend_warranty(months=6, reason="burner exchanged")
        self.assertEqual(self.line.date_end, date(2027, 6, 30))
        self.assertEqual(self.machine.warranty_end, date(2027, 6, 30))
        self.assertEqual(self.warranty.date_end, date(2026, 12, 31))
        self.assertCovers(self._cover("2027-06-30"), self.warranty)
        self.assertNotCovered(self._cover("2027-07-01"), "expired")

    def test_ends_at_the_border_of_february(self):
        # old end, months, new end: each first day after counts
        for old, months, new in (
            ("2027-02-28", 12, date(2028, 2, 29)),
            ("2028-02-29", 12, date(2029, 2, 28)),
            ("2026-08-30", 6, date(2027, 2, 28)),
            ("2026-01-14", 1, date(2026, 2, 14)),
        ):
            self.line.date_end = old
            self.line.action_extend_warranty(months=months, reason="repair")
            self.assertEqual(self.line.date_end, new, old)

    def test_the_history_of_the_machine_tells_the_cause(self):
        self.line.action_extend_warranty(
            date="2027-03-31", reason="repair", res_model="res.partner", res_id=self.site.id
        )
        event = self.machine.event_ids.filtered(lambda e: e.event_type == "warranty_extended")
        self.assertRecordValues(
            event,
            [
                {
                    "description": "repair",
                    "old_value": "2026-12-31",
                    "new_value": "2027-03-31",
                    "res_model": "res.partner",
                    "res_id": self.site.id,
                }
            ],
        )
        self.assertIn("from 12/31/2026 to 03/31/2027", self.warranty.message_ids[0].body)

    def test_a_warranty_that_was_over_covers_again(self):
        self.warranty._expire()
        self.warranty.action_extend_warranty(date="2027-03-31", reason="repair")
        self.assertEqual(self.warranty.state, "active")
        self.assertCovers(self._cover("2027-03-31"), self.warranty)

    def test_what_cannot_be_extended(self):
        maintenance = self._create_contract()
        other = self._create_equipment(serial_number="B-2")
        for records, values, message in (
            (self.line, {"months": 6}, "a reason is missing"),
            (self.line, {"reason": "repair"}, "give a number of months or a later date"),
            (self.line, {"reason": "r", "date": "2026-12-31"}, "ends on 12/31/2026"),
            (maintenance, {"reason": "repair", "months": 6}, "is no warranty with an end"),
            (other, {"reason": "repair", "months": 6}, "never had a warranty"),
        ):
            with self.subTest(message), self.assertRefused(UserError, message):
                records.action_extend_warranty(**values)

    def test_the_manager_extends_through_the_dialogue(self):
        manager = self._create_user("sophie", "installed_base.group_service_manager")
        wizard = Form(
            self.env["service.warranty.extend"]
            .with_user(manager)
            .with_context(default_equipment_ids=self.machine.ids)
        )
        wizard.months = 3
        wizard.reason = "repair"
        self.env.invalidate_all()
        wizard.save().action_confirm()
        self.assertEqual(self.line.date_end, date(2027, 3, 31))

    def test_a_call_taker_extends_nothing(self):
        taker = self._create_user("claire", "installed_base.group_service_user")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.machine.with_user(taker).action_extend_warranty(months=3, reason="repair")
