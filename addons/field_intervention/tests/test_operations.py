from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestOperations(FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repair = cls.env.ref("field_intervention.service_intervention_nature_repair")
        cls.upkeep = cls.env.ref("field_intervention.service_intervention_nature_maintenance")
        cls.templates = cls.env["service.operation.template"].create(
            [
                {"name": "Cut the power", "nature_ids": [Command.set(cls.repair.ids)]},
                {
                    "name": "Measure CO",
                    "kind": "measure",
                    "unit": "ppm",
                    "value_max": 50,
                    "is_mandatory": True,
                    "planned_hours": 0.25,
                    "nature_ids": [Command.set(cls.repair.ids)],
                    "product_ids": [Command.set(cls.machine_product.ids)],
                },
                {"name": "Rinse", "nature_ids": [Command.set(cls.upkeep.ids)]},
            ]
        )
        cls.machines = cls._create_equipment() | cls._create_equipment()

    def _on_site(self, **values):
        intervention = self._plan(self._request(self.machines)).with_user(self.technician_user)
        intervention.write(values)
        intervention.action_arrive()
        return intervention

    def test_nature_and_product_give_the_operations(self):
        intervention = self._plan(self._request(self.machines))
        self.assertRecordValues(
            intervention.operation_ids,
            [
                {"name": "Cut the power", "equipment_id": False},
                {"name": "Measure CO", "equipment_id": self.machines[0].id},
                {"name": "Measure CO", "equipment_id": self.machines[1].id},
            ],
        )
        self.assertEqual(intervention.planned_hours, 0.5)

    def test_another_nature_keeps_what_was_done(self):
        intervention = self._plan(self._request(self.machines))
        intervention.operation_ids[0].result = "ok"
        intervention.nature_id = self.upkeep
        self.assertEqual(intervention.operation_ids.mapped("name"), ["Cut the power", "Rinse"])

    def test_measured_values_are_judged_by_their_limits(self):
        operation = self._on_site().operation_ids[1]
        for low, high, value, result in (
            (0, 50, 50, "ok"),
            (0, 50, 50.5, "not_ok"),
            (7, 7.4, 6.9, "not_ok"),
            (1, 0, 3, "ok"),
            (1, 0, 0.5, "not_ok"),
            (-5, -1, -3, "ok"),
            (0, 0, 900, "ok"),
        ):
            operation.write({"value_min": low, "value_max": high, "value": value})
            self.assertEqual(operation.result, result, (low, high, value))
            self.assertTrue(operation.done)

    def test_mandatory_operations_come_before_the_end(self):
        intervention = self._on_site(report="<p>Done</p>")
        with self.assertRefused(UserError, "Measure CO, Measure CO"):
            intervention.action_done()
        intervention.operation_ids[1:].write({"value": 20})
        intervention.action_done()
        self.assertEqual(intervention.state, "done")

    def test_required_readings_come_before_the_end(self):
        self.repair.is_reading_required = True
        meter = self.env["service.meter"].create(
            {
                "equipment_id": self.machines[0].id,
                "type_id": self.env["service.meter.type"]
                .create({"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id})
                .id,
            }
        )
        intervention = self._on_site(report="<p>Done</p>")
        intervention.operation_ids.write({"result": "na"})
        with self.assertRefused(UserError, f"read these meters: {meter.display_name}"):
            intervention.action_done()
        intervention.meter_reading_ids = [Command.create({"meter_id": meter.id, "value": 120})]
        intervention.action_done()
        self.assertRecordValues(meter.reading_ids, [{"value": 120, "source": "technician"}])

    def test_refused_reading_does_not_keep_the_report_from_being_saved(self):
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        good, bad = self.env["service.meter"].create(
            [{"equipment_id": machine.id, "type_id": hours.id} for machine in self.machines[:2]]
        )
        self.env["service.meter.reading"].create(
            {"meter_id": bad.id, "value": 500, "date": "2026-01-01"}
        )
        intervention = self._on_site().with_user(self.technician_user)
        readings = [Command.create({"meter_id": meter.id, "value": 120}) for meter in bad | good]
        self.env.invalidate_all()
        [saved] = intervention.web_save(
            {"findings": "Worn bearing", "meter_reading_ids": readings},
            {"findings": {}, "meter_reading_ids": {"fields": {"value": {}}}},
        )
        self.assertEqual(saved["findings"], "Worn bearing")
        self.assertEqual([row["value"] for row in saved["meter_reading_ids"]], [120])
        self.assertEqual(intervention.meter_reading_ids.meter_id, good)
        self.assertIn("cannot read 120", intervention.message_ids[0].body)
        with self.assertRefused(ValidationError, "cannot read 120"):
            intervention.meter_reading_ids = readings[:1]

    def test_the_next_meter_is_proposed(self):
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        self.env["service.meter"].create(
            [{"equipment_id": machine.id, "type_id": hours.id} for machine in self.machines[:2]]
        )
        intervention = self._on_site().with_user(self.technician_user)
        self.env.invalidate_all()
        meters = intervention.equipment_ids.meter_ids
        self.assertEqual(len(meters), 2)
        with Form(intervention) as form:
            for meter in meters:
                with form.meter_reading_ids.new() as reading:
                    self.assertEqual(reading.meter_id, meter)
                    reading.value = 120
        self.assertEqual(len(intervention.meter_reading_ids), 2)
        self.assertFalse(intervention.unread_meter_id)

    def test_only_the_meters_of_its_machines_are_read_on_a_visit(self):
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        stranger = self._create_equipment()
        own, foreign = self.env["service.meter"].create(
            [
                {"equipment_id": machine.id, "type_id": hours.id}
                for machine in (self.machines[0], stranger)
            ]
        )
        intervention = self._on_site().with_user(self.technician_user)
        self.env.invalidate_all()
        intervention.meter_reading_ids = [Command.create({"meter_id": own.id, "value": 1})]
        with self.assertRefused(ValidationError, "choose a meter of its machines"):
            intervention.meter_reading_ids = [Command.create({"meter_id": foreign.id, "value": 1})]

    def test_request_type_gives_operations(self):
        kind = self.env["service.request.type"].create(
            {
                "name": "Water damage",
                "code": "WATER",
                "operation_template_ids": [Command.create({"name": "Photograph the damage"})],
            }
        )
        intervention = self._plan(self._request(type_id=kind.id))
        self.assertIn("Photograph the damage", intervention.operation_ids.mapped("name"))

    def test_a_tool_is_at_one_place_at_a_time(self):
        tool = self.env["service.tool"].create({"name": "Analyser"})
        first = self._plan(self._request())
        first.tool_ids = tool
        other = self.env["hr.employee"].create({"name": "Olga", "is_technician": True})
        second = self.env["service.intervention"].create(
            {"request_id": first.request_id.id, "tool_ids": tool.ids}
        )
        with self.assertRefused(ValidationError, f"Analyser is needed on {first.name}"):
            second.action_plan(other.id, self.start + timedelta(hours=1))
        second.action_plan(other.id, self.start + timedelta(hours=2))
        tool.check_date = self.start.date() - timedelta(days=1)
        with self.assertRefused(ValidationError, "calibrated"):
            second.planned_start = self.start + timedelta(hours=3)
        second.with_user(self.dispatcher).action_arrive()
        self.assertEqual(second.state, "on_site", "a tool hinders nobody who works already")

    def test_only_the_office_leaves_out_what_it_wants(self):
        mine = self._on_site()
        wanted = mine.operation_ids.filtered("is_mandatory")[0]
        for change in (
            [Command.delete(wanted.id)],
            [Command.update(wanted.id, {"is_mandatory": 0})],
        ):
            with self.assertRefused(UserError, "The office wants « Measure CO » to be done"):
                mine.operation_ids = change
        mine.operation_ids = [Command.create({"name": "Sweep"})]
        own = mine.operation_ids.filtered(lambda o: o.name == "Sweep")
        mine.operation_ids = [Command.delete(own.id), Command.update(wanted.id, {"result": "na"})]
        self.assertNotIn(own, mine.operation_ids)
        office = mine.with_user(self.dispatcher)
        office.operation_ids = [Command.delete(wanted.id)]
        self.assertNotIn(wanted, office.operation_ids)

    def test_what_happened_is_not_forgotten(self):
        visit = self._on_site()
        visit.with_user(self.dispatcher).action_cancel("Nobody there")
        with self.assertRefused(UserError, "took time"):
            visit.with_user(self.call_taker).unlink()
        plan = self.env["service.plan"].create(
            {"name": "Yearly", "product_id": self.machine_product.id, "interval": 12}
        )
        due = self.env["service.plan.visit"].create(
            {
                "plan_id": plan.id,
                "equipment_id": self.machines[0].id,
                "occurrence": 1,
                "state": "done",
            }
        )
        with self.assertRefused(UserError, "archive it instead"):
            plan.unlink()
        due.state = "skipped"
        plan.unlink()
