from datetime import date

from odoo.tests import BaseCase, tagged

from ..models.plan_dates import Rule, Situation, forecast, move_into_season, read_months

RULE = Rule("interval", date(2026, 1, 1), 6, "month", 0, frozenset(), False, 15, 0)
NEW = Situation(date(2025, 3, 10), None, None, 0, None, None, None, 0, None, None, 0)
TODAY, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


@tagged("post_install", "-at_install")
class TestPlanDates(BaseCase):
    def dates(self, rule, situation, until=UNTIL, today=TODAY):
        return [str(visit.due_date) for visit in forecast(rule, situation, today, until)]

    def test_months_are_read_from_lists_and_runs(self):
        for text, months in (
            (False, set()),
            ("4", {4}),
            ("4,5,6", {4, 5, 6}),
            (" 10 , 4", {4, 10}),
            ("3-5", {3, 4, 5}),
            ("11-2,6", {11, 12, 1, 2, 6}),
        ):
            self.assertEqual(read_months(text), months)
        for wrong in ("0", "13", "4,", "April", "4-", "3-5-7", "1.5"):
            with self.assertRaises(ValueError, msg=wrong):
                read_months(wrong)

    def test_season(self):
        for day, season, later, earlier in (
            ("2026-05-10", "", "2026-05-10", "2026-05-10"),
            ("2026-05-10", "9-11", "2026-09-01", "2025-11-30"),
            ("2026-12-10", "9-11", "2027-09-01", "2026-11-30"),
            ("2026-10-10", "9-11", "2026-10-10", "2026-10-10"),
            ("2026-05-10", "11-2", "2026-11-01", "2026-02-28"),
            ("2026-12-31", "11-2", "2026-12-31", "2026-12-31"),
            ("2026-01-05", "11-2", "2026-01-05", "2026-01-05"),
            ("2026-05-10", "4,10", "2026-10-01", "2026-04-30"),
            ("2026-11-30", "4,10", "2027-04-01", "2026-10-31"),
        ):
            given, months = date.fromisoformat(day), read_months(season)
            self.assertEqual(str(move_into_season(given, months)), later, (day, season))
            self.assertEqual(str(move_into_season(given, months, True)), earlier, (day, season))

    def test_visits_in_a_season(self):
        fixed = RULE._replace(trigger="fixed_date", start=date(2026, 1, 15))
        young = NEW._replace(machine_start=date(2025, 12, 20))
        for rule, interval, unit, season, expected in (
            # every month in April and October: once in each, not for every month between
            (fixed, 1, "month", "4,10", ["2026-04-15", "2026-10-15"]),
            (fixed, 1, "month", "3-5", ["2026-03-15", "2026-04-15", "2026-05-15"]),
            (fixed, 3, "month", "4,10", ["2026-04-15", "2026-10-15"]),
            (fixed, 6, "month", "4,10", ["2026-04-01", "2026-10-01"]),
            (fixed, 6, "month", "3-5", ["2026-03-01"]),
            (fixed, 1, "year", "3-5", ["2026-03-01"]),
            # counted from the visit before, when that is put off too
            (RULE, 1, "month", "4,10", ["2026-04-01", "2026-10-01"]),
            (RULE, 1, "month", "3-5", ["2026-03-01", "2026-04-01", "2026-05-01"]),
            (RULE, 3, "month", "11-1", ["2026-11-01"]),
        ):
            rule = rule._replace(interval=interval, unit=unit, season=read_months(season))
            self.assertEqual(self.dates(rule, young), expected, (rule.trigger, interval, season))

    def test_a_contract_that_begins_after_the_season_waits_for_the_next(self):
        late = NEW._replace(contract_start=date(2026, 6, 15))
        rule = RULE._replace(interval=1, unit="month", season=read_months("4-5"))
        until = date(2027, 4, 30)
        self.assertEqual(self.dates(rule, late, until), ["2027-04-01"])
        strict = rule._replace(is_regulatory=True)
        self.assertEqual(self.dates(strict, late, until)[0], "2026-06-15")

    def test_a_meter_that_ran_far_asks_for_one_visit(self):
        rule = RULE._replace(trigger="meter", meter_step=1000)
        far = NEW._replace(
            occurrence=1,
            last_meter=1000,
            meter_value=4500,
            meter_date=date(2026, 1, 1),
            meter_average=10,
        )
        self.assertEqual(
            [(str(v.due_date), v.due_meter) for v in forecast(rule, far, TODAY, date(2026, 3, 1))],
            [("2026-01-01", 2000), ("2026-02-20", 5000)],
        )

    def test_intervals(self):
        table = (
            # never visited, long overdue: on the day the plan starts, then every six months
            (RULE, NEW, ["2026-01-01", "2026-07-01"]),
            # a young machine: six months after its start
            (RULE, NEW._replace(machine_start=date(2025, 12, 5)), ["2026-06-05", "2026-12-05"]),
            # from the last visit done, not from when it was due
            (
                RULE,
                NEW._replace(occurrence=3, last_due=date(2026, 1, 1), last_done=date(2026, 1, 20)),
                ["2026-07-20"],
            ),
            # the last one is not done: from when it was due
            (RULE, NEW._replace(occurrence=1, last_due=date(2026, 2, 1)), ["2026-08-01"]),
            # at least one visit, even beyond the horizon
            (
                RULE._replace(interval=2, unit="year"),
                NEW._replace(occurrence=1, last_done=date(2025, 10, 1), last_due=None),
                ["2027-10-01"],
            ),
            # the end of a month stays in the month
            (
                RULE._replace(interval=1),
                NEW._replace(occurrence=1, last_done=date(2026, 1, 31)),
                ["2026-02-28", "2026-03-28"],
            ),
        )
        for rule, situation, expected in table:
            until = date(2026, 3, 31) if rule.interval == 1 else UNTIL
            self.assertEqual(self.dates(rule, situation, until), expected)

    def test_fixed_dates_do_not_depend_on_what_was_done(self):
        rule = RULE._replace(trigger="fixed_date", start=date(2025, 10, 15), interval=3)
        self.assertEqual(
            self.dates(rule, NEW), ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"]
        )
        done = NEW._replace(occurrence=2, last_due=date(2026, 1, 15), last_done=date(2026, 2, 20))
        self.assertEqual(self.dates(rule, done), ["2026-04-15", "2026-07-15", "2026-10-15"])

    def test_visits_end_with_the_contract(self):
        contract = NEW._replace(contract_start=date(2026, 1, 1), contract_end=date(2026, 12, 31))
        self.assertEqual(self.dates(RULE, contract), ["2026-07-01"])
        yearly = RULE._replace(interval=1, unit="year")
        self.assertEqual(
            self.dates(yearly, contract),
            ["2026-12-31"],
            "a visit in the contract rather than a day after its end",
        )
        had_one = contract._replace(occurrence=1, last_done=date(2026, 5, 1), contract_visits=1)
        self.assertEqual(self.dates(yearly, had_one), [])

    def test_contract_includes_so_many_visits(self):
        monthly = RULE._replace(interval=1, visit_limit=4)
        self.assertEqual(len(self.dates(monthly, NEW)), 4)
        self.assertEqual(len(self.dates(monthly, NEW._replace(contract_visits=3))), 1)
        self.assertEqual(self.dates(monthly, NEW._replace(contract_visits=4)), [])

    def test_meters_by_their_average(self):
        rule = RULE._replace(trigger="meter", meter_step=1000)
        meter = NEW._replace(meter_value=1700, meter_date=date(2026, 1, 1), meter_average=10)
        visits = forecast(rule, meter, TODAY, UNTIL)
        self.assertEqual(
            [(str(v.due_date), v.due_meter) for v in visits],
            [
                ("2026-01-31", 2000),
                ("2026-05-11", 3000),
                ("2026-08-19", 4000),
                ("2026-11-27", 5000),
            ],
        )
        after = meter._replace(occurrence=1, last_meter=1900)
        self.assertEqual(forecast(rule, after, TODAY, UNTIL)[0].due_meter, 2900)
        reached = meter._replace(meter_value=2010, meter_planned=2000)
        self.assertEqual(forecast(rule, reached, TODAY, UNTIL)[0].due_meter, 2000)
        still = meter._replace(meter_average=0)
        self.assertEqual(
            [(v.due_date, v.due_meter) for v in forecast(rule, still, TODAY, UNTIL)], [(None, 2000)]
        )

    def test_interval_or_meter_takes_what_comes_first(self):
        rule = RULE._replace(trigger="interval_or_meter", meter_step=1000)
        meter = NEW._replace(
            machine_start=date(2025, 12, 5),
            meter_value=1700,
            meter_date=date(2026, 1, 1),
            meter_average=10,
        )
        self.assertEqual(self.dates(rule, meter)[0], "2026-01-31")
        slow = meter._replace(meter_average=0.1)
        self.assertEqual(self.dates(rule, slow)[0], "2026-06-05")
        unknown = meter._replace(meter_value=None)
        self.assertEqual(self.dates(rule, unknown)[0], "2026-06-05")

    def test_regulatory_visits_are_never_put_off(self):
        rule = RULE._replace(season=read_months("9-11"), start=date(2025, 1, 1))
        done = NEW._replace(occurrence=1, last_done=date(2025, 12, 1))
        self.assertEqual(self.dates(rule, done)[0], "2026-09-01")
        strict = rule._replace(is_regulatory=True)
        self.assertEqual(self.dates(strict, done)[0], "2025-11-30")
