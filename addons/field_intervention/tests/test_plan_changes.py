import time
from contextlib import contextmanager
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import service_plan_batch
from .plan_common import UNTIL, PlanCommon


@tagged("post_install", "-at_install")
class TestPlanChanges(PlanCommon):
    """What becomes of visits when contract, machine, plan or request change under them."""

    def _generate(self):
        self.env["service.plan"]._generate_visits(UNTIL)

    def _due(self, plan, machine=None):
        return [
            (visit.state, str(visit.due_date), visit.contract_id)
            for visit in self._visits(plan, machine)
        ]

    def test_the_plans_of_a_contract_go_on_under_its_renewal(self):
        template = self.env["service.contract.template"].create({"name": "Yearly"})
        contract = self._create_contract(
            {"equipment_id": self.machine.id},
            template_id=template.id,
            date_start="2025-04-01",
            date_end="2026-03-31",
        )
        rule = {"interval": 11, "interval_unit": "month", "product_id": False}
        plans = self._plan_of(contract_id=contract.id, **rule)
        plans |= self._plan_of(contract_template_id=template.id, **rule)
        self._generate()
        late = [self._visits(plan)[0] for plan in plans]
        self.assertEqual([visit.state for visit in late], ["scheduled"] * 2)
        successor = contract._renew()
        with freeze_time("2026-04-01 09:00:00"):
            self.env["service.contract"]._apply_due("2026-04-01")
            self.assertEqual((contract.state, successor.state), ("expired", "active"))
            self.assertEqual(successor.plan_ids, plans)
            self._generate()
            for plan in plans:
                self.assertEqual(self._due(plan)[1], ("forecast", "2027-02-01", successor))
        # what was still to be made under the old contract is made late: the next one counts from it
        with freeze_time("2026-04-10 09:00:00"):
            for visit in late:
                visit._set_done(datetime(2026, 4, 10, 8))
            for plan in plans:
                self.assertEqual(
                    self._due(plan),
                    [
                        ("done", "2026-03-01", contract),
                        ("forecast", "2027-03-10", successor),
                    ],
                )

    def test_what_falls_under_no_plan_any_more_is_not_visited(self):
        other = self._create_equipment(delivery_date="2025-03-20")
        another_product = self._create_product("Other boiler")
        contract = self._create_contract({"equipment_id": self.machine.id}, active=False)
        contract.coverage_ids = [Command.create({"equipment_id": other.id})]
        contract.action_activate()
        line = contract.coverage_ids.filtered(lambda line: line.equipment_id == self.machine)
        by_contract = {"contract_id": contract.id, "product_id": False}
        both = {"contract_id": contract.id, "product_id": self.machine_product.id}
        rule = {"interval": 2, "interval_unit": "month", "lead_days": 90, "group_days": 0}

        def take_away(plan):
            line.unlink()

        def name_another(plan):
            line.equipment_id = other

        def change_machine(plan):
            self.machine.product_id = another_product

        def change_plan(plan):
            plan.product_id = another_product
            other.product_id = another_product

        for values, change in (
            (by_contract, take_away),
            (by_contract, name_another),
            (both, change_machine),
            ({}, change_machine),
            ({}, change_plan),
        ):
            with self.subTest(change=change.__name__, **values), self._undone():
                plan = self._plan_of(**rule, **values)
                self._generate()
                states = [state for state, *_rest in self._due(plan)]
                self.assertLessEqual({"scheduled", "forecast"}, set(states))
                made = self._visits(plan).intervention_id
                change(plan)
                self._generate()
                self.assertEqual({state for state, *_rest in self._due(plan)}, {"skipped"})
                self.assertEqual(set(made.mapped("state")), {"cancelled"})
                self.assertIn("forecast", self._visits(plan, other).mapped("state"), "is visited")
                self._generate()
                self.assertNotIn("forecast", self._visits(plan).mapped("state"))

    @contextmanager
    def _undone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def test_a_new_machine_of_a_covered_customer_is_visited(self):
        contract = self._create_contract({"scope": "customer"})
        plan = self._plan_of(contract_id=contract.id, product_id=False)
        self._generate()
        young = self._create_equipment(delivery_date="2026-02-01")
        known = self._visits(plan).ids
        self._generate()
        self.assertEqual(self._visits(plan, young).contract_id, contract)
        self.assertEqual(self._visits(plan).ids, known, "what did not change is left alone")

    def test_the_end_of_a_contract_changes_while_a_meter_is_not_read(self):
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        contract = self._create_contract({"equipment_id": self.machine.id})
        plan = self._plan_of(
            contract_id=contract.id,
            product_id=False,
            trigger="meter",
            meter_type_id=hours.id,
            meter_step=1000,
        )
        self._generate()
        self.assertFalse(self._visits(plan).due_date)
        contract.date_end = "2026-11-30"
        self.assertEqual(self._visits(plan).state, "forecast")

    def test_the_batch_goes_on_after_its_time_is_over(self):
        """Odoo gives a job ten seconds at least, and calls again when something remains."""
        self.patch(service_plan_batch, "BATCH_SIZE", 1)
        self._create_equipment(delivery_date="2025-03-25")
        plan = self._plan_of(group_days=0)
        cron = self.env.ref("field_intervention.ir_cron_generate_visits")
        self.patch(self.env.cr, "commit", self.env.flush_all)
        runs = []
        while not runs or runs[-1][1]:
            self.assertLess(len(runs), 9, "it must come to an end")
            progress = self.env["ir.cron.progress"].create({"cron_id": cron.id})
            self.env["service.plan"].with_context(
                ir_cron_progress_id=progress.id,
                cron_id=cron.id,
                cron_end_time=time.monotonic() - 1,
            )._cron_generate_visits()
            runs.append((progress.done, progress.remaining))
        self.assertEqual(sum(done for done, _left in runs), 2)
        self.assertGreater(len(runs), 2)
        self.assertEqual(plan.visit_ids.mapped("state").count("scheduled"), 2)

    def test_what_cannot_be_created_is_tried_again_and_told(self):
        plan = self._plan_of(tolerance_days=10, user_id=self.manager.id)
        visit_model = self.env.registry["service.plan.visit"]
        origin = visit_model._prepare_request_values
        self.patch(visit_model, "_prepare_request_values", lambda visits: 1 / 0)
        with (
            freeze_time("2026-03-25 09:00:00"),
            mute_logger("odoo.addons.field_intervention.models.service_plan_batch"),
        ):
            plan._generate_visits(UNTIL)
            plan._generate_visits(UNTIL)
            visit = self._visits(plan)[0]
            self.assertRecordValues(visit, [{"state": "due", "error": "division by zero"}])
            self.env["service.plan"]._alert_about_missed()
            self.assertEqual(plan.activity_ids.summary, "Visits not done in time: 1")
            self.patch(visit_model, "_prepare_request_values", origin)
            visit.state = "missed"  # as it was marked before
            visit.with_user(self.call_taker).action_reopen()
            self.assertEqual(plan._generate_visits(UNTIL), 1)
        self.assertEqual(visit.state, "missed", "too late all the same, but it is on the tour")
        self.assertEqual(visit.intervention_id.state, "draft")

    def test_a_skipped_visit_is_on_no_tour(self):
        other = self._create_equipment(delivery_date="2025-03-20")
        plan = self._plan_of()
        plan._generate_visits(UNTIL)
        visit, neighbour = self._visits(plan)[0], self._visits(plan, other)[0]
        together = visit.intervention_id
        self.assertEqual(neighbour.intervention_id, together)
        visits = (visit | neighbour).with_user(self.call_taker)
        visits[0].action_skip()
        self.assertEqual((visit.state, together.state), ("skipped", "draft"), "for the other one")
        visits[0].action_reopen()
        self.assertEqual((visit.state, visit.intervention_id), ("scheduled", together), "not twice")
        visits.action_skip()
        self.assertEqual((together.state, together.request_id.state), ("cancelled", "cancelled"))
        visits.action_reopen()
        plan._generate_visits(UNTIL)
        again = visit.intervention_id
        self.assertNotEqual(again, together)
        again.action_plan(self.technician.id, "2026-03-10 09:00:00")
        again.with_user(self.technician_user).action_leave()
        with self.assertRefused(UserError, f"is being made on {again.name}"):
            visits.action_skip()

    def test_the_visit_of_a_deleted_intervention_is_due_again(self):
        plan = self._plan_of(part_ids=[Command.create({"product_id": self.burner.id})])
        plan._generate_visits(UNTIL)
        visit = self._visits(plan)[0]
        request = visit.request_id
        visit.intervention_id.with_user(self.call_taker).unlink()
        self.assertRecordValues(visit, [{"state": "due", "request_id": False}])
        self.assertEqual(request.state, "cancelled", "it was made for nothing else")
        self.assertEqual(plan._generate_visits(UNTIL), 1)
        self.assertEqual(visit.intervention_id.state, "draft")

    def test_the_visit_of_a_cancelled_request_is_left_out(self):
        for creates in ("request", "request_intervention"):
            plan = self._plan_of(creates=creates)
            plan._generate_visits(UNTIL)
            visit = self._visits(plan)[0]
            visit.request_id.with_user(self.call_taker).action_cancel()
            self.assertEqual(visit.state, "skipped", creates)
            visit.action_reopen()
            self.assertEqual(visit.state, "due", creates)
            plan._generate_visits(UNTIL)
            visit.state = "missed"
            visit.action_reopen()
            self.assertEqual(visit.request_id.state, "open", "no second one")

    def test_an_operation_of_product_and_plan_is_asked_once(self):
        check = self.env["service.operation.template"].create(
            {"name": "CO check", "product_ids": self.machine_product.ids, "is_mandatory": True}
        )
        again = self._plan_of(operation_template_ids=check.ids, name="Check")
        plan = self._plan_of(operation_template_ids=check.ids)
        (again | plan)._generate_visits(UNTIL)
        intervention = self._visits(plan)[0].intervention_id
        self.assertEqual(intervention, self._visits(again)[0].intervention_id)
        self.assertRecordValues(
            intervention.operation_ids,
            [{"name": "CO check", "equipment_id": self.machine.id}],
        )
        intervention.nature_id = intervention.nature_id.copy({"code": "other"})
        self.assertEqual(len(intervention.operation_ids), 1)

    def test_what_another_batch_is_at_is_left_to_it(self):
        plan = self._plan_of(lead_days=0)
        self._generate()
        visit = self._visits(plan)[0]
        visit.release_date = date(2026, 3, 1)
        self.patch(self.env.registry["service.plan.visit"], "_lock_released", lambda visits: set())
        self.assertEqual(plan._generate_visits(UNTIL), 0)
        self.assertRecordValues(visit, [{"state": "forecast", "error": False}])
