from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceContractCommon

MONDAY_NINE = datetime(2026, 6, 15, 9)


@tagged("post_install", "-at_install")
class TestCommitments(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office_hours = cls.env["resource.calendar"].create(
            {
                "name": "Office hours",
                "tz": "UTC",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Work",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": "morning" if start < 12 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for start, end in ((8, 12), (13, 17))
                ],
            }
        )
        cls.contract = cls._create_contract(
            resource_calendar_id=cls.office_hours.id,
            commitment_ids=[
                Command.create({"blocking": False, "resolution_hours": 40}),
                Command.create(
                    {
                        "blocking": True,
                        "response_hours": 1,
                        "onsite_hours": 4,
                        "resolution_hours": 8,
                    }
                ),
            ],
        )
        cls.agency.resource_calendar_id = cls.office_hours

    def test_the_commitment_is_that_of_the_severity(self):
        self.assertEqual(
            self.contract._commitment(True),
            {
                "response_hours": 1,
                "onsite_hours": 4,
                "resolution_hours": 8,
                "calendar": self.office_hours,
            },
        )
        self.assertEqual(self.contract._commitment(False)["resolution_hours"], 40)

    def test_a_severity_record_is_read_by_its_flag(self):
        severity = self.contract.commitment_ids.filtered("blocking")
        self.assertEqual(self.contract._commitment(severity)["response_hours"], 1)

    def test_nothing_promised_is_an_empty_answer(self):
        self.assertEqual(self._create_contract()._commitment(True), {})

    def test_a_commitment_may_run_on_hours_of_its_own(self):
        night = self.office_hours.copy()
        self.contract.commitment_ids.filtered("blocking").resource_calendar_id = night
        self.assertEqual(self.contract._commitment(True)["calendar"], night)

    def test_without_calendar_all_hours_count(self):
        none = self.env["resource.calendar"]
        self.assertEqual(
            self.contract._deadline(MONDAY_NINE, 72, none), MONDAY_NINE + timedelta(hours=72)
        )

    def test_nothing_promised_has_no_deadline(self):
        self.assertFalse(self.contract._deadline(MONDAY_NINE, 0, self.office_hours))

    def test_deadlines_run_in_working_hours(self):
        for start, hours, deadline in (
            (MONDAY_NINE, 2, datetime(2026, 6, 15, 11)),
            (MONDAY_NINE, 3, datetime(2026, 6, 15, 12)),
            (MONDAY_NINE, 4, datetime(2026, 6, 15, 14)),
            (MONDAY_NINE, 8, datetime(2026, 6, 16, 9)),
            (datetime(2026, 6, 19, 16), 2, datetime(2026, 6, 22, 9)),
            (datetime(2026, 6, 20, 11), 1.5, datetime(2026, 6, 22, 9, 30)),
            (datetime(2026, 6, 15, 17), 1, datetime(2026, 6, 16, 9)),
            (MONDAY_NINE, 400, datetime(2026, 8, 24, 9)),
        ):
            with self.subTest(start=start, hours=hours):
                self.assertEqual(self.contract._deadline(start, hours, self.office_hours), deadline)
                self.assertEqual(
                    self.office_hours.plan_hours(hours, start, compute_leaves=True), deadline
                )

    def test_public_holidays_and_half_days_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Holiday",
                    "calendar_id": self.office_hours.id,
                    "date_from": "2026-06-16 00:00:00",
                    "date_to": "2026-06-16 23:59:59",
                },
                {
                    "name": "Half day",
                    "calendar_id": self.office_hours.id,
                    "date_from": "2026-06-17 12:00:00",
                    "date_to": "2026-06-17 23:59:59",
                },
            ]
        )
        deadline = self.contract._deadline(MONDAY_NINE, 12, self.office_hours)
        self.assertEqual(deadline, datetime(2026, 6, 18, 9))

    def test_hours_are_read_in_the_time_zone_of_the_agency(self):
        self.agency.resource_calendar_id = self.office_hours.copy({"tz": "Asia/Shanghai"})
        # 17:00 in Shanghai, closing time
        deadline = self.contract._deadline(MONDAY_NINE, 1, self.office_hours)
        self.assertEqual(deadline, datetime(2026, 6, 16, 1))

    def test_the_change_to_summer_time_shifts_opening_hours(self):
        self.agency.resource_calendar_id = self.office_hours.copy({"tz": "Europe/Paris"})
        friday_evening = datetime(2026, 3, 27, 15)
        deadline = self.contract._deadline(friday_evening, 2, self.office_hours)
        self.assertEqual(deadline, datetime(2026, 3, 30, 7))

    def test_a_calendar_without_hours_has_no_deadline(self):
        closed = self.env["resource.calendar"].create(
            {"name": "Closed", "attendance_ids": [Command.clear()]}
        )
        self.assertFalse(self.contract._deadline(MONDAY_NINE, 1, closed))

    def test_many_deadlines_cost_no_more_queries_than_one(self):
        engine = self.env["service.contract"]
        jobs = [
            (MONDAY_NINE + timedelta(hours=number), 1 + number % 9, self.office_hours, "UTC")
            for number in range(200)
        ]

        def plan(jobs):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deadlines = engine._deadlines(jobs)
            return self.env.cr.sql_log_count - before, deadlines

        plan(jobs[:1])
        one, _deadlines = plan(jobs[:1])
        many, deadlines = plan(jobs)
        self.assertEqual(many, one)
        self.assertEqual(deadlines, [engine._deadlines([job])[0] for job in jobs])
