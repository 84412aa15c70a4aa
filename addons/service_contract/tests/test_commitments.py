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

    def test_borders_of_days_clocks_and_years(self):
        """In Paris, worked out by hand: Monday to Friday, 8 to 12 and 13 to 17 local time."""
        self.agency.resource_calendar_id = self.office_hours.copy({"tz": "Europe/Paris"})
        around_the_clock = self.env["resource.calendar"].create(
            {
                "name": "Day and night",
                "tz": "UTC",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"name": "All day", "dayofweek": day, "hour_from": 0, "hour_to": 24}
                        )
                        for day in "0123456"
                    ),
                ],
            }
        )
        none = self.env["resource.calendar"]
        office = self.office_hours
        for case, calendar, start, hours, deadline in (
            # the clocks go back on 25 October: Friday 16:00 is 14:00 UTC, Monday 9:00 is 8:00 UTC
            ("winter", office, (2026, 10, 23, 14), 2, (2026, 10, 26, 8)),
            # forward on 29 March: Friday 16:00 is 15:00 UTC, Monday 9:00 is 7:00 UTC
            ("summer", office, (2026, 3, 27, 15), 2, (2026, 3, 30, 7)),
            # 24 hours by the clock on the wall that is moved are 24 hours that pass
            ("no calendar, winter", none, (2026, 10, 24, 20), 24, (2026, 10, 25, 20)),
            ("no calendar, summer", none, (2026, 3, 28, 20), 24, (2026, 3, 29, 20)),
            ("all day, winter", around_the_clock, (2026, 10, 24, 20), 24, (2026, 10, 25, 20)),
            ("all day, summer", around_the_clock, (2026, 3, 28, 20), 24, (2026, 3, 29, 20)),
            # 29 February 2028 is a Tuesday: the eight hours of it count
            ("leap day", office, (2028, 2, 28, 15), 9, (2028, 2, 29, 16)),
            ("leap day passed", office, (2028, 2, 28, 15), 10, (2028, 3, 1, 8)),
            ("no leap day", office, (2027, 2, 26, 15), 2, (2027, 3, 1, 8)),
            # from Thursday 31 December to Friday 1 January, which this calendar works
            ("turn of the year", office, (2026, 12, 31, 15), 2, (2027, 1, 1, 8)),
            # the last minute of the day is worked, what comes after is the next morning
            ("closing time", office, (2026, 6, 15, 14, 59), 1 / 60, (2026, 6, 15, 15)),
            ("after it", office, (2026, 6, 15, 15), 1 / 60, (2026, 6, 16, 6, 1)),
            ("before opening", office, (2026, 6, 15, 3), 1, (2026, 6, 15, 7)),
            ("over noon", office, (2026, 6, 15, 9, 30), 1, (2026, 6, 15, 11, 30)),
        ):
            with self.subTest(case):
                self.assertEqual(
                    self.contract._deadline(datetime(*start), hours, calendar), datetime(*deadline)
                )

    def test_each_agency_has_its_own_day(self):
        """The same promise from the same moment, read by the clocks of four agencies."""
        start = datetime(2026, 6, 15, 12)  # a Monday
        jobs = [
            (start, 2, self.office_hours, tz)
            for tz in ("Europe/Paris", "America/New_York", "Asia/Shanghai", "Pacific/Auckland")
        ]
        self.assertEqual(
            self.env["service.contract"]._deadlines(jobs),
            [
                datetime(2026, 6, 15, 14),  # 14:00 to 16:00
                datetime(2026, 6, 15, 14),  # 8:00 to 10:00
                datetime(2026, 6, 16, 2),  # 20:00: Tuesday 8:00 to 10:00
                datetime(2026, 6, 15, 22),  # Tuesday 0:00: 8:00 to 10:00
            ],
        )

    def test_holidays_by_halves_and_hours(self):
        """A free morning, a free afternoon, and two hours: what is left of each day counts."""
        self.env["resource.calendar.leaves"].create(
            [
                {"name": name, "calendar_id": self.office_hours.id, "date_from": a, "date_to": b}
                for name, a, b in (
                    ("Morning", "2026-06-16 00:00:00", "2026-06-16 12:00:00"),
                    ("Afternoon", "2026-06-17 12:00:00", "2026-06-17 23:59:59"),
                    ("Meeting", "2026-06-18 09:00:00", "2026-06-18 11:00:00"),
                )
            ]
        )
        for hours, deadline in (
            (7, datetime(2026, 6, 15, 17)),  # the rest of Monday
            (8, datetime(2026, 6, 16, 14)),
            (11, datetime(2026, 6, 16, 17)),
            (15, datetime(2026, 6, 17, 12)),
            (16, datetime(2026, 6, 18, 9)),
            (17, datetime(2026, 6, 18, 12)),
            (21, datetime(2026, 6, 18, 17)),
        ):
            with self.subTest(hours=hours):
                self.assertEqual(
                    self.contract._deadline(MONDAY_NINE, hours, self.office_hours), deadline
                )

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
