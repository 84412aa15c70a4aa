from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .meter_common import MeterCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestMeter(MeterCommon):
    def test_value_and_date_are_those_of_the_latest_reading(self):
        self._read(self.hours, ("2026-03-01", 160), ("2026-01-01", 100))
        self.assertRecordValues(
            self.hours,
            [{"value": 160, "last_reading_date": Datetime.to_datetime("2026-03-01 08:00:00")}],
        )
        self.assertRecordValues(self.energy, [{"value": 0, "last_reading_date": False}])

    # Average a day

    def test_average_is_the_least_squares_slope(self):
        # days 0, 10, 20: mean 10; values 100, 200, 350: Sxy = 2500, Sxx = 200
        self._read(self.hours, ("2026-01-01", 100), ("2026-01-11", 200), ("2026-01-21", 350))
        self.assertAlmostEqual(self.hours.average_per_day, 12.5)
        # four points, unevenly: days 0, 10, 20, 50 (mean 20), consumed 0, 100, 250, 250 (mean 150)
        # Sxy = 3000 + 500 + 0 + 3000 = 6500, Sxx = 400 + 100 + 0 + 900 = 1400
        self._read(self.hours, ("2026-02-20", 350))
        self.assertAlmostEqual(self.hours.average_per_day, 6500 / 1400)

    def test_average_goes_on_across_rollover_and_replacement(self):
        self._read(
            self.hours,
            ("2026-01-01", 99900),
            ("2026-01-11", 0, "rollover"),
            ("2026-01-21", 150),
        )
        self.assertAlmostEqual(self.hours.average_per_day, 12.5)
        self.hours._replace(150, 7000, date="2026-01-21 08:00:00")
        # once more the last point: days 0, 10, 20, 20 (mean 12.5), consumed 0, 100, 250, 250 (150)
        # Sxy = 1875 + 125 + 750 + 750 = 3500, Sxx = 156.25 + 6.25 + 56.25 + 56.25 = 275
        self.assertAlmostEqual(self.hours.average_per_day, 3500 / 275)

    def test_average_forgets_what_is_older_than_twelve_months(self):
        self._read(
            self.hours,
            ("2024-12-31", 0),
            ("2025-01-01", 5000),
            ("2025-01-11", 5010),
            ("2026-01-01", 5365),
        )
        # 2025-01-01 is just inside: days 0, 10, 365 (mean 125), consumed 0, 10, 365 (mean 125)
        self.assertAlmostEqual(self.hours.average_per_day, 1)

    def test_average_of_readings_years_apart_is_that_of_the_last_two(self):
        self._read(self.hours, ("2022-01-01", 0), ("2023-01-01", 9000), ("2025-01-01", 9731))
        self.assertAlmostEqual(self.hours.average_per_day, 1)  # 731 hours in 731 days

    def test_single_reading_has_no_average(self):
        self._read(self.hours, ("2026-01-01", 100))
        self.assertAlmostEqual(self.hours.average_per_day, 0)

    def test_average_of_a_gauge_may_fall(self):
        self._read(self.temperature, ("2026-01-01", 70), ("2026-01-11", 60), ("2026-01-21", 50))
        self.assertAlmostEqual(self.temperature.average_per_day, -1)

    # When a value will be reached

    def test_value_is_reached_at_the_average_pace(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-01-11", 200), ("2026-01-21", 350))
        # (475 - 350) / 12.5 = 10 days after the last reading
        self.assertEqual(self.hours._predict_date(475), date(2026, 1, 31))
        self.assertEqual(self.hours._predict_date(475 + 12.5 * 29), date(2026, 3, 1))

    def test_value_beyond_the_end_of_the_counter_is_of_its_next_round(self):
        self._read(self.hours, ("2026-01-01", 99800), ("2026-01-11", 99900))
        self.assertEqual(self.hours._predict_date(100100), date(2026, 1, 31))

    def test_value_reached_already_gives_the_day_of_the_last_reading(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-01-11", 200))
        self.assertEqual(self.hours._predict_date(200), date(2026, 1, 11))
        self.assertEqual(self.hours._predict_date(20), date(2026, 1, 11))

    def test_value_that_is_never_reached_has_no_date(self):
        self.assertFalse(self.hours._predict_date(10), "never read")
        self._read(self.hours, ("2026-01-01", 100))
        self.assertFalse(self.hours._predict_date(200), "read once")
        self._read(self.hours, ("2026-02-01", 100))
        self.assertFalse(self.hours._predict_date(200), "stands still")
        self._read(self.hours, ("2026-02-02", 100.001))
        self.assertFalse(self.hours._predict_date(99999999), "after the end of the calendar")

    def test_gauge_reaches_only_what_it_moves_towards(self):
        self._read(self.temperature, ("2026-01-01", 70), ("2026-01-11", 60))
        self.assertEqual(self.temperature._predict_date(55), date(2026, 1, 16))
        self.assertFalse(self.temperature._predict_date(65))

    # Another counter

    def test_replaced_counter_goes_on_and_the_history_says_so(self):
        self._read(self.hours, ("2026-01-01", 5000))
        form = Form(self.env["service.meter.replace"].with_context(default_meter_id=self.hours.id))
        self.assertEqual(form.old_value, 5000)
        form.old_value = 5040
        form.new_value = 3
        form.date = "2026-01-11 08:00:00"
        form.serial_number = "HC-2"
        form.note = "display broken"
        form.save().action_replace()
        self._read(self.hours, ("2026-01-21", 63))
        readings = self.hours.reading_ids.sorted(lambda r: (r.date, r.id))
        self.assertEqual(readings.mapped("value"), [5000, 5040, 3, 63])
        self.assertEqual(readings.mapped("consumed"), [0, 40, 0, 60])
        self.assertEqual(self.hours.serial_number, "HC-2")
        self.assertRecordValues(
            self.equipment.event_ids.filtered(lambda e: e.event_type == "meter_replaced"),
            [
                {
                    "date": Datetime.to_datetime("2026-01-11 08:00:00"),
                    "description": "Burner Hours: display broken",
                    "old_value": "5,040 Hours",
                    "new_value": "3 Hours",
                }
            ],
        )

    def test_counter_replaced_at_the_value_of_the_old_one(self):
        self._read(self.hours, ("2026-01-01", 5000))
        start = self.hours._replace(5040, 5040, date="2026-01-11 08:00:00")
        self.assertEqual(start.kind, "replacement")
        self.assertEqual(len(self.hours.reading_ids), 3)

    def test_old_counter_cannot_stop_below_its_last_reading(self):
        self._read(self.hours, ("2026-01-01", 5000))
        with self.assertRefused(ValidationError, "it read 5,000 Hours already"):
            self.hours._replace(4999, 0)
        self.assertFalse(self.equipment.event_ids.filtered(lambda e: "meter" in e.event_type))

    def test_exchange_entered_late_is_placed_by_its_date(self):
        self._read(self.hours, ("2026-01-01", 5000))
        with self.assertRefused(ValidationError, "or was replaced"):
            self._read(self.hours, ("2026-03-01", 20))
        self.hours._replace(5100, 0, date="2026-02-01 08:00:00")
        self.assertEqual(self._read(self.hours, ("2026-03-01", 20)).consumed, 20)

    # Meters, types and machines

    def test_machine_that_was_read_is_not_deleted(self):
        self._read(self.hours, ("2026-01-01", 100))
        with self.assertRefused(UserError, r"EQ/.*Meter Readings \(1\).*Archive it"):
            self.equipment.unlink()
        with self.assertRefused(UserError, "archive it instead"):
            self.hours.unlink()

    def test_machine_whose_readings_were_all_cancelled_is_not_deleted(self):
        self._read(self.hours, ("2026-01-01", 100)).action_archive()
        with self.assertRefused(UserError, "Archive it"):
            self.equipment.unlink()

    def test_machine_with_meters_never_read_is_deleted_with_them(self):
        meters = self.equipment.meter_ids
        self.equipment.unlink()
        self.assertFalse(meters.exists())

    def test_two_meters_of_one_type_need_labels(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_meter(self.hours_type)
        zone = self._create_meter(self.hours_type, name="Zone 2")
        found = self.env["service.meter"].name_search("B20-77: Zone 2", operator="=")
        self.assertEqual([meter for meter, _name in found], zone.ids)

    def test_meter_is_found_by_machine_or_type(self):
        for text in (self.equipment.code, "B20-77", "Burner Hours"):
            found = [meter for meter, _n in self.env["service.meter"].name_search(text)]
            self.assertIn(self.hours.id, found, text)
        self.assertFalse(self.env["service.meter"].name_search("no such machine"))

    def test_meaning_of_readings_does_not_change_under_them(self):
        self._read(self.hours, ("2026-01-01", 100))
        self._read(self.energy, ("2026-01-01", 100))
        with self.assertRefused(UserError, "create another meter type"):
            self.hours_type.rollover_value = 10000
        with self.assertRefused(UserError, "create another meter type"):
            self.energy_type.is_cumulative = False
        with self.assertRefused(UserError, "such as 100 KWH"):
            self.energy_type.rollover_value = 100
        self.energy_type.rollover_value = 1000
        with self.assertRefused(UserError, "its type cannot change"):
            self.hours.type_id = self.energy_type

    def test_gauge_has_no_rollover_value(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.temperature_type.rollover_value = 100
            self.env.flush_all()

    def test_graph_shows_the_last_reading_of_each_week(self):
        self._read(
            self.hours,
            ("2024-01-01", 1),  # more than a year before the last one
            ("2026-03-02", 100),  # a Monday
            ("2026-03-08", 120),
            ("2026-03-09", 130),
        )
        self.assertEqual(
            self.hours.reading_graph,
            '[{"key": "Hours", "values": [{"x": "03/08/2026", "y": 120.0}, '
            '{"x": "03/09/2026", "y": 130.0}]}]',
        )
        self.assertEqual(self.energy.reading_graph, '[{"key": "KWH", "values": []}]')


@tagged("post_install", "-at_install")
class TestMeterQueries(MeterCommon):
    def _count_queries(self, meters, readings_each, start):
        """Enter readings of all the meters in one call; return how many queries that took."""
        values = [
            {
                "meter_id": meter.id,
                "date": start + timedelta(days=day),
                "value": (start.year - 2000) * 100 + day,
            }
            for day in range(readings_each)
            for meter in meters
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["service.meter.reading"].create(values)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_thousand_readings_cost_as_many_queries_as_a_few(self):
        machines = self.env["service.equipment"].create(
            [
                {"product_id": self.machine_product.id, "partner_id": self.customer.id}
                for _machine in range(100)
            ]
        )
        meters = self.env["service.meter"].create(
            [{"equipment_id": m.id, "type_id": self.hours_type.id} for m in machines]
        )
        self._count_queries(meters, 3, Datetime.to_datetime("2020-01-01"))  # warm
        few = self._count_queries(meters[:10], 10, Datetime.to_datetime("2021-01-01"))
        many = self._count_queries(meters, 10, Datetime.to_datetime("2022-01-01"))
        # Odoo inserts and updates in portions of a hundred rows: the readings themselves, what
        # they consumed, what was expected
        self.assertLessEqual(many, few + 3 * 9)
        self.assertLessEqual(few, 30)
        self.assertEqual(meters.mapped("value"), [2209] * 100)
