from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FieldInterventionCommon


def at(hour, minute=0):
    return datetime(2026, 3, 2, hour, minute)


@tagged("post_install", "-at_install")
class TestClocked(FieldInterventionCommon):
    """One hour on the road from 8 to 9, work from 9 to 12 with half an hour of pause."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["service.time.product"]
        cls.rules.create(
            [
                {"consumed_by": "work", "product_id": cls.labor.id},
                {"consumed_by": "travel", "product_id": cls.travel.id},
            ]
        )
        cls.day = cls._create_service("Day of Work", "uom.product_uom_day", 480.0)
        cls.trip_hours = cls._create_service("Hour of Travel", "uom.product_uom_hour", 30.0)
        cls.trip_hours.service_consumption_kind = "travel"
        cls.helper = cls._create_technician("Hélène Helper")

    def _visit(self, planned=(), entered=(), helpers=0, log=None, **values):
        """A visit that is on site since nine, and takes until twelve."""
        request = self._request(self._create_equipment())
        for product, quantity in planned:
            self._consume(request, product, quantity)
        visit = self._plan(request)
        visit.write({"helper_ids": [Command.set(self.helper.ids[:helpers])], **values})
        if log:
            self.env["service.time.log"].create(
                {
                    "request_id": request.id,
                    "user_id": self.technician_user.id,
                    "start": at(*log[0]),
                    "stop": at(*log[1]),
                }
            )
        visit = visit.with_user(self.technician_user)
        visit.action_leave(at(8))
        visit.action_arrive(at(9))
        for product, quantity in entered:
            self._use(visit, product, quantity=quantity)
        visit.action_pause(at(10))
        visit.action_resume(at(10, 30))
        return visit

    def _get_lines(self, visit):
        """What is consumed by labour and travel of the visit itself."""
        self.env.invalidate_all()
        lines = visit.sudo().consumption_ids.filtered(lambda line: line.kind != "part")
        self.assertEqual(set(lines.mapped("state")), {"done"} if lines else set())
        return sorted((line.product_id.name, line.quantity) for line in lines)

    def test_what_the_clock_measured_is_consumed_once(self):
        labor, trip = [("Labour", 2.5)], [("Travel", 1.0)]
        fix = self._create_service("Flat Repair", "uom.product_uom_unit", 90.0)
        fix.service_consumption_kind = "labor"
        for case, values, expected in (
            ("as measured", {}, labor + trip),
            ("a planned line takes the time", {"planned": [(self.labor, 1)]}, labor + trip),
            ("in its own unit", {"planned": [(self.day, 1)]}, [("Day of Work", 0.31)] + trip),
            ("a flat price stays", {"planned": [(fix, 1)]}, [("Flat Repair", 1.0)] + trip),
            (
                "several lines are a finer plan",
                {"planned": [(self.labor, 1), (self.day, 1)]},
                [("Day of Work", 1.0), ("Labour", 1.0), *trip],
            ),
            (
                "travel by the hour",
                {"planned": [(self.trip_hours, 3)]},
                [("Hour of Travel", 1.0), *labor],
            ),
            (
                "the technician entered it",
                {"entered": [(self.labor, 4), (self.travel, 2)]},
                [("Labour", 4.0), ("Travel", 2.0)],
            ),
            ("two work, and go together", {"helpers": 1}, [("Labour", 5.0), *trip]),
            (
                # 9:30 to 10:00 and 10:30 to 11:00 are on the clock of the request
                "the clock of the request counted an hour",
                {"log": ((9, 30), (11,))},
                [("Labour", 1.5), *trip],
            ),
        ):
            with self.subTest(case):
                visit = self._visit(**values)
                visit.action_done(at(12))
                self.assertEqual(self._get_lines(visit), sorted(expected))

    def test_other_ends_consume_as_well(self):
        visit = self._visit()
        visit.action_to_resume(at(12))
        self.assertEqual(self._get_lines(visit), [("Labour", 2.5), ("Travel", 1.0)])

        self.rules.search([("consumed_by", "!=", "request")]).unlink()
        visit = self._visit()
        visit.action_done(at(12))
        self.assertFalse(self._get_lines(visit), "nobody said what time is sold as")

        self.rules.create({"consumed_by": "work", "product_id": self.labor.id})
        request = self._request(self._create_equipment())
        self.env["service.intervention.record"].with_user(self.technician_user).create(
            {
                "request_id": request.id,
                "technician_id": self.technician.id,
                "start": at(9),
                "stop": at(12),
                "report": "<p>Done by phone</p>",
            }
        ).action_record()
        self.assertEqual(self._get_lines(request.intervention_ids), [("Labour", 3.0)])

    def test_the_office_corrects_times_afterwards(self):
        visit = self._visit()
        visit.action_done(at(12))
        visit = visit.with_user(self.dispatcher)
        trip, first, _pause, second = visit.time_ids.sorted("start")
        second.stop = at(13)
        self.assertEqual(self._get_lines(visit), [("Labour", 3.5), ("Travel", 1.0)])
        trip.stop = trip.start
        self.assertEqual(
            visit.consumption_ids.filtered(lambda line: line.kind == "travel").state, "cancelled"
        )
        trip.stop = at(9)
        labor = visit.consumption_ids.filtered(lambda line: line.kind == "labor")
        labor.quantity = 2
        first.start = at(8)
        self.assertEqual(labor.quantity, 2, "it was agreed by hand")
        with self.assertRefused(UserError, "its times are facts"):
            first.with_user(self.technician_user).unlink()

    def test_what_finish_consumes_is_told_before(self):
        visit = self._visit()
        running = visit.time_ids.filtered(lambda time: not time.stop)
        running.write({"stop": at(12)})
        self.assertEqual(visit.clocked_summary, "2.50 Hours × Labour, 1.00 Units × Travel")
        visit.action_done(at(12))
        self.assertFalse(visit.clocked_summary)

    def test_rules_are_of_their_kind(self):
        with self.assertRefused(ValidationError, "cannot be consumed as « Travel »"):
            self.rules.create(
                {"consumed_by": "travel", "product_id": self.labor.id, "agency_id": self.agency.id}
            )

    def test_a_call_verifies_no_machine(self):
        for kind in ("phone", "remote"):
            machine = self._create_equipment(serial_number=kind)
            before = machine.certainty
            visit = self._plan(self._request(machine))
            visit.intervention_type = kind
            visit.action_start(at(9))
            visit.action_done(at(10))
            self.assertEqual(machine.certainty, before, kind)
            self.assertNotEqual(machine.certainty, "verified")
