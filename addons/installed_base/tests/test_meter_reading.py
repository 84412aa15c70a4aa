from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open, mute_logger

from .meter_common import MeterCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 12:00:00")
class TestMeterReading(MeterCommon):
    def test_first_reading_consumes_nothing_and_the_next_the_difference(self):
        readings = self._read(self.hours, ("2026-01-01", 1200), ("2026-02-01", 1450.5))
        self.assertEqual(readings.mapped("consumed"), [0, 250.5])

    def test_reading_between_two_others_shares_what_was_consumed(self):
        first, last = self._read(self.hours, ("2026-01-01", 100), ("2026-03-01", 160))
        between = self._read(self.hours, ("2026-02-01", 125))
        self.assertEqual((first.consumed, between.consumed, last.consumed), (0, 25, 35))
        self.assertEqual(self.hours.value, 160)

    def test_batch_in_any_order_is_placed_by_date(self):
        march, january, february = self._read(
            self.hours, ("2026-03-01", 160), ("2026-01-01", 100), ("2026-02-01", 125)
        )
        self.assertEqual((january.consumed, february.consumed, march.consumed), (0, 25, 35))

    def test_readings_of_one_time_stand_in_the_order_of_entry(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-01-01", 130))
        self.assertEqual(self.hours.value, 130)
        with self.assertRefused(ValidationError, "cannot read 120 Hours"):
            self._read(self.hours, ("2026-01-01", 120))

    def test_value_below_the_reading_before_is_refused_and_names_both(self):
        self._read(self.hours, ("2026-01-01", 100))
        sentence = (
            r"EQ/\d+: Burner Hours cannot read 90\.500 Hours on 2/1/26.*"
            r"it read 100 Hours already on 1/1/26"
        )
        with self.assertRefused(ValidationError, sentence):
            self._read(self.hours, ("2026-02-01", 90.5))

    def test_value_above_the_reading_after_is_refused_and_names_both(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-03-01", 160))
        sentence = "cannot read 161 Hours on 2/1/26.*it read only 160 Hours later on 3/1/26"
        with self.assertRefused(ValidationError, sentence):
            self._read(self.hours, ("2026-02-01", 161))

    def test_falling_values_in_one_batch_are_refused(self):
        with self.assertRefused(ValidationError, "cannot read"):
            self._read(self.hours, ("2026-01-01", 100), ("2026-02-01", 99))

    def test_value_equal_to_its_neighbours_is_accepted(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-03-01", 100))
        self.assertEqual(self._read(self.hours, ("2026-02-01", 100)).consumed, 0)

    def test_gauge_goes_up_and_down_and_below_zero(self):
        readings = self._read(
            self.temperature, ("2026-01-01", 60), ("2026-01-02", -4), ("2026-01-03", 20)
        )
        self.assertEqual(readings.mapped("consumed"), [0, -64, 24])

    def test_future_date_is_refused(self):
        self._read(self.hours, ("2026-06-15 12:00:00", 100))
        with self.assertRefused(ValidationError, "Burner Hours cannot have been read on.*future"):
            self._read(self.hours, ("2026-06-15 12:00:01", 100))

    def test_counter_never_reads_below_zero_or_beyond_its_end(self):
        with self.assertRefused(ValidationError, "counts up from zero and cannot read -1 Hours"):
            self._read(self.hours, ("2026-01-01", -1))
        with self.assertRefused(ValidationError, "instead of 100,000 Hours and cannot read"):
            self._read(self.hours, ("2026-01-01", 100000))
        self.assertEqual(self._read(self.energy, ("2026-01-01", 100000)).value, 100000)

    def test_reading_without_a_value_is_refused(self):
        with self.assertRefused(ValidationError, "needs a value"):
            self.env["service.meter.reading"].create({"meter_id": self.hours.id})

    # Counters that start again at zero

    def test_declared_rollover_consumes_across_zero(self):
        readings = self._read(
            self.hours,
            ("2026-01-01", 99900),
            ("2026-02-01", 50, "rollover"),
            ("2026-03-01", 80),
        )
        self.assertEqual(readings.mapped("consumed"), [0, 150, 30])

    def test_readings_found_later_around_a_rollover_share_what_was_consumed(self):
        self._read(self.hours, ("2026-01-01", 99900), ("2026-03-01", 50, "rollover"))
        self._read(self.hours, ("2026-01-15", 99990))
        self._read(self.hours, ("2026-02-15", 10, "rollover"))
        readings = self.hours.reading_ids.sorted("date")
        self.assertEqual(readings.mapped("value"), [99900, 99990, 10, 50])
        self.assertEqual(readings.mapped("consumed"), [0, 90, 20, 40])

    def test_rollover_needs_a_type_that_says_where(self):
        self._read(self.energy, ("2026-01-01", 500))
        with self.assertRefused(ValidationError, "its type Energy has no rollover value"):
            self._read(self.energy, ("2026-02-01", 10, "rollover"))

    # The same reading twice

    def test_reading_entered_twice_is_one(self):
        first = self._read(self.hours, ("2026-01-01", 100))
        again = self._read(self.hours, ("2026-01-01", 100))
        self.assertEqual(again, first)
        self.assertEqual(len(self.hours.reading_ids), 1)

    def test_reading_twice_in_one_batch_is_one_in_its_place(self):
        readings = self._read(
            self.hours, ("2026-01-01", 100), ("2026-02-01", 120), ("2026-01-01", 100.0004)
        )
        self.assertEqual(len(self.hours.reading_ids), 2)
        self.assertEqual(len(readings), 3)
        self.assertEqual(readings[2], readings[0])

    def test_same_value_of_another_meter_or_time_is_another_reading(self):
        self._read(self.hours, ("2026-01-01", 100), ("2026-01-01 08:00:01", 100))
        self._read(self.energy, ("2026-01-01", 100))
        self.assertEqual((len(self.hours.reading_ids), len(self.energy.reading_ids)), (2, 1))

    def test_database_refuses_what_two_people_enter_at_once(self):
        first, second = self._read(self.hours, ("2026-01-01", 100), ("2026-01-02", 100))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            second.date = first.date
            self.env.flush_all()

    # Unusual readings

    def test_reading_far_above_the_average_is_kept_and_marked(self):
        # 10 a day over three readings, then 31 a day where up to 3 × 10 is usual
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 100), ("2026-01-21", 200))
        usual, unusual = self._read(self.hours, ("2026-01-31", 500), ("2026-02-01", 900))
        self.assertRecordValues(
            usual + unusual,
            [
                {"consumed": 300, "expected_value": 300, "is_outlier": False},
                # slope of (0, 0) (10, 100) (20, 200) (30, 500): 8000 / 500 = 16 a day
                {"consumed": 400, "expected_value": 516, "is_outlier": True},
            ],
        )
        self.assertTrue(self.hours.last_is_outlier)
        [note] = self.equipment.message_ids.filtered(lambda m: "Unusual" in (m.body or ""))
        self.assertIn("900 Hours", note.body)
        self.assertIn("516 Hours was expected", note.body)

    def test_nothing_is_unusual_before_the_fourth_reading(self):
        readings = self._read(
            self.hours, ("2026-01-01", 0), ("2026-01-11", 1), ("2026-01-21", 9000)
        )
        self.assertFalse(any(readings.mapped("is_outlier")))

    def test_two_readings_of_one_day_are_not_unusual_for_running_all_morning(self):
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 80), ("2026-01-21", 160))
        reading = self._read(self.hours, ("2026-01-21 12:00:00", 184))
        self.assertEqual(reading.expected_value, 161.333)  # 160 + 8 × 4 / 24
        self.assertFalse(reading.is_outlier)  # up to 3 × 8
        self.assertTrue(self._read(self.hours, ("2026-01-21 12:00:01", 219)).is_outlier)

    def test_too_little_is_unusual_where_the_type_says_so(self):
        self.hours_type.outlier_percent = 50
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 100), ("2026-01-21", 200))
        readings = self._read(self.hours, ("2026-01-31", 249))  # expected 300, at least 250
        self.assertTrue(readings.is_outlier)
        readings.value = 250
        self.assertFalse(readings.is_outlier)

    def test_gauge_is_compared_with_its_mean(self):
        self._read(self.temperature, ("2026-01-01", 58), ("2026-01-02", 62), ("2026-01-03", 60))
        warm, hot = self._read(self.temperature, ("2026-01-04", 90), ("2026-01-05", 102))
        self.assertRecordValues(
            warm + hot,
            [
                {"expected_value": 60, "is_outlier": False},  # 30 to 90
                {"expected_value": 67.5, "is_outlier": True},  # 33.75 to 101.25
            ],
        )

    def test_type_without_percentage_marks_nothing(self):
        self.hours_type.outlier_percent = 0
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 1), ("2026-01-21", 2))
        self.assertFalse(self._read(self.hours, ("2026-01-22", 9000)).is_outlier)

    def test_reading_after_a_rollover_is_expected_across_zero(self):
        self._read(self.hours, ("2026-01-01", 99700), ("2026-01-11", 99800), ("2026-01-21", 99900))
        reading = self._read(self.hours, ("2026-02-05", 50, "rollover"))
        self.assertRecordValues(
            reading, [{"consumed": 150, "expected_value": 50, "is_outlier": False}]
        )

    def test_reading_inserted_later_frees_the_next_one_of_its_mark(self):
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 100), ("2026-01-21", 200))
        late = self._read(self.hours, ("2026-01-22", 300))
        self.assertTrue(late.is_outlier)
        self._read(self.hours, ("2026-01-21 20:00:00", 290))
        self.assertEqual(late.consumed, 10)
        self.assertFalse(late.is_outlier)

    def test_form_warns_before_saving(self):
        self._read(self.hours, ("2026-01-01", 0), ("2026-01-11", 100), ("2026-01-21", 200))
        form = Form(self.env["service.meter.reading"].with_context(default_meter_id=self.hours.id))
        form.date = "2026-01-31 08:00:00"
        form.value = 300
        self.assertFalse(form.is_outlier)
        form.value = 3000
        self.assertTrue(form.is_outlier)
        self.assertEqual((form.consumed, form.expected_value), (2800, 300))
        self.assertEqual(form.save().consumed, 2800)

    def test_form_says_while_it_is_typed_what_would_be_refused(self):
        self._read(self.hours, ("2026-01-11", 100))
        for value, date, says in (
            (101, "2026-01-31 08:00:00", None),
            (100, "2026-01-31 08:00:00", None),
            (99, "2026-01-31 08:00:00", "it read 100 .*already"),
            (101, "2026-01-01 08:00:00", "it read only 100 "),
            (-1, "2026-01-31 08:00:00", "counts up from zero"),
            (101, "2999-01-01 08:00:00", "in the future"),
        ):
            reading = self.env["service.meter.reading"].new(
                {"meter_id": self.hours.id, "value": value, "date": date, "kind": "reading"}
            )
            answer = reading._onchange_impossible()
            message = answer["warning"]["message"] if answer else ""
            self.assertRegex(message, says or "^$")
            if says:
                self.assertIn(self.hours.display_name, message, "says which line")

    # Corrections

    def test_correction_moves_the_shares_and_is_kept_in_the_chatter(self):
        first, second, third = self._read(
            self.hours, ("2026-01-01", 100), ("2026-02-01", 150), ("2026-03-01", 160)
        )
        second.value = 110
        self.assertEqual((second.consumed, third.consumed), (10, 50))
        third.write({"date": "2026-01-15 08:00:00", "value": 105})
        self.assertEqual((second.consumed, third.consumed), (5, 5))
        third.write({"date": "2025-12-01 08:00:00", "value": 99})
        self.assertEqual((third.consumed, first.consumed, second.consumed), (0, 1, 10))
        bodies = "".join(self.equipment.message_ids.mapped("body"))
        self.assertIn("150 Hours", bodies)
        self.assertIn("110 Hours", bodies)

    def test_correction_out_of_order_is_refused(self):
        _first, second, _third = self._read(
            self.hours, ("2026-01-01", 100), ("2026-02-01", 150), ("2026-03-01", 160)
        )
        with self.assertRefused(ValidationError, "it read only 160 Hours later"):
            second.value = 161
        with self.assertRefused(ValidationError, "it read 160 Hours already"):
            second.date = "2026-03-02 08:00:00"

    def test_cancelled_reading_counts_nowhere(self):
        readings = self._read(
            self.hours, ("2026-01-01", 100), ("2026-02-01", 150), ("2026-03-01", 160)
        )
        readings[1].action_archive()
        self.assertEqual(readings.mapped("consumed"), [0, 0, 60])
        readings[2].action_archive()
        self.assertEqual(self.hours.value, 100)
        self.assertEqual(self._read(self.hours, ("2026-03-01", 140)).consumed, 40)
        with self.assertRefused(ValidationError, "cannot read 160"):
            readings[2].action_unarchive()

    def test_cancelled_reading_may_be_entered_again(self):
        cancelled = self._read(self.hours, ("2026-01-01", 100))
        cancelled.action_archive()
        again = self._read(self.hours.with_context(active_test=False), ("2026-01-01", 100))
        self.assertNotEqual(again, cancelled)
        self.assertEqual(self.hours.value, 100)

    def test_rollover_cannot_be_cancelled_under_the_readings_after_it(self):
        readings = self._read(
            self.hours, ("2026-01-01", 99900), ("2026-02-01", 50, "rollover"), ("2026-03-01", 80)
        )
        with self.assertRefused(ValidationError, "cannot read 80 Hours"):
            readings[1].action_archive()

    def test_readings_are_never_deleted(self):
        reading = self._read(self.hours, ("2026-01-01", 100))
        with self.assertRefused(UserError, "never deleted"):
            reading.unlink()

    # Import

    def test_file_with_machines_by_code_or_serial_number_is_imported(self):
        code = self.equipment.code
        result = self.env["service.meter.reading"].load(
            ["meter_id", "date", "value", "note"],
            [
                [f"{code}: Burner Hours", "2026-03-01 08:00:00", "160", "spring"],
                ["B20-77: Burner Hours", "2026-01-01 08:00:00", "100", ""],
                ["B20-77: Energy", "2026-01-01 08:00:00", "7.5", ""],
                ["B20-77: Burner Hours", "2026-01-01 08:00:00", "100", ""],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertRecordValues(
            self.env["service.meter.reading"].browse(result["ids"]),
            [
                {"meter_id": self.hours.id, "consumed": 60, "source": "import"},
                {"meter_id": self.hours.id, "consumed": 0, "source": "import"},
                {"meter_id": self.energy.id, "consumed": 0, "source": "import"},
                {"meter_id": self.hours.id, "consumed": 0, "source": "import"},
            ],
        )
        self.assertEqual(len(self.hours.reading_ids), 2)

    def test_template_of_the_import_screen_is_imported_as_it_is(self):
        self.equipment.serial_number = "SN-0001"
        meter = self._create_meter(self.env.ref("installed_base.service_meter_type_hours"))
        [template] = self.env["service.meter.reading"].get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            wizard = self.env["base_import.import"].create(
                {
                    "res_model": "service.meter.reading",
                    "file": file.read(),
                    "file_name": "template.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument"
                    ".spreadsheetml.sheet",
                }
            )
        preview = wizard.parse_preview({"has_headers": True})
        columns = [path for [path] in preview["matches"].values()]
        self.assertEqual(columns, ["meter_id", "date", "value", "kind", "note"])
        result = wizard.execute_import(columns, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        self.assertRecordValues(
            meter.reading_ids.sorted("date"),
            [
                {"value": 1250.5, "consumed": 0, "source": "import"},
                {"value": 1410, "consumed": 159.5, "source": "import"},
            ],
        )

    def test_wrong_rows_of_a_file_are_told_and_nothing_is_imported(self):
        with mute_logger("odoo.sql_db"):  # the row of the unknown machine
            result = self.env["service.meter.reading"].load(
                ["meter_id", "date", "value"],
                [
                    ["B20-77: Burner Hours", "2026-01-01 08:00:00", "100"],
                    ["B20-77: Burner Hours", "2026-02-01 08:00:00", "90"],
                    ["B20-78: Burner Hours", "2026-02-01 08:00:00", "120"],
                    ["B20-77: Burner Hours", "2027-02-01 08:00:00", "120"],
                    ["B20-77: Burner Hours", "2026-03-01 08:00:00", ""],
                ],
            )
        self.assertFalse(result["ids"])
        sentences = " ".join(message["message"] for message in result["messages"])
        for sentence in ("cannot read 90", "B20-78: Burner Hours", "future", "needs a value"):
            self.assertIn(sentence, sentences)
        self.assertFalse(self.hours.reading_ids)
