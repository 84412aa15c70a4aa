from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestCoverMeters(ServiceContractCommon):
    """Covered until the machine has run so far."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env["service.meter.type"].create(
            {"name": "Operating hours", "uom_id": cls.env.ref("uom.product_uom_hour").id}
        )
        cls.meter = cls.env["service.meter"].create(
            {"equipment_id": cls.machine.id, "type_id": cls.hours.id}
        )
        cls.contract = cls._create_contract(
            {"equipment_id": cls.machine.id, "meter_type_id": cls.hours.id, "meter_limit": 5000}
        )

    @classmethod
    def _read(cls, value, day, **values):
        return cls.env["service.meter.reading"].create(
            {"meter_id": cls.meter.id, "value": value, "date": f"{day} 08:00:00", **values}
        )

    def test_a_machine_that_was_not_read_is_covered(self):
        self.assertCovers(self._cover(), self.contract)

    def test_the_limit_itself_is_covered_and_what_is_beyond_is_not(self):
        self._read(5000, "2026-06-01")
        self.assertCovers(self._cover(), self.contract)
        self._read(5001, "2026-06-10")
        answer = self._cover()
        self.assertNotCovered(answer, "meter_limit")
        self.assertEqual(
            answer["reason"],
            f"Not covered: {self.contract.name} covers until 5,000.00, and the meter « Operating "
            "hours » has reached 5,001.00.",
        )

    def test_what_was_read_later_does_not_count_for_an_earlier_day(self):
        self._read(4000, "2026-06-01")
        self._read(5001, "2026-06-10")
        self.assertCovers(self._cover("2026-06-09"), self.contract)
        self.assertNotCovered(self._cover("2026-06-10"), "meter_limit")

    def test_a_new_counter_goes_on_where_the_old_one_stopped(self):
        self._read(4900, "2026-06-01")
        self._read(0, "2026-06-02", kind="replacement")
        self._read(100, "2026-06-03")
        self.assertCovers(self._cover(), self.contract)
        self._read(101, "2026-06-04")
        self.assertNotCovered(self._cover(), "meter_limit")

    def test_a_part_takes_the_meter_of_its_system(self):
        part = self._create_equipment(serial_number="B-2", parent_id=self.machine.id)
        self.assertCovers(self._cover(equipment_id=part.id), self.contract)
        self._read(6000, "2026-06-01")
        self.assertNotCovered(self._cover(equipment_id=part.id), "meter_limit")

    def test_a_meter_of_another_type_does_not_count(self):
        pages = self.hours.copy({"name": "Pages"})
        self.contract.coverage_ids.meter_type_id = pages
        self._read(6000, "2026-06-01")
        self.assertCovers(self._cover(), self.contract)

    def test_a_limit_needs_to_say_which_meter_counts(self):
        with self.assertRefused(ValidationError, "say which meter counts"):
            self.contract.coverage_ids.meter_type_id = False
