from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, RecordCapturer, freeze_time, tagged
from odoo.tools import mute_logger

from .plan_common import UNTIL, PlanCommon


@tagged("post_install", "-at_install")
class TestPlan(PlanCommon):
    def test_visits_are_due_as_the_plan_says(self):
        self._create_contract(
            {"equipment_id": self.machine.id},
            commitment_ids=[Command.create({"resolution_hours": 4})],
        )
        self.machine.agency_id.partner_id.tz = "Europe/Paris"
        self.machine.agency_id.resource_calendar_id = False
        # due on 10 March, with 15 days of tolerance; a check of the law has none
        for values, deadline in (
            ({}, datetime(2026, 3, 25, 22, 59, 59)),
            ({"creates": "intervention"}, datetime(2026, 3, 25, 22, 59, 59)),
            ({"is_regulatory": True}, datetime(2026, 3, 10, 22, 59, 59)),
        ):
            plan = self._plan_of(tolerance_days=15, **values)
            plan._generate_visits(UNTIL)
            visit = self._visits(plan)[0]
            self.assertEqual(visit.intervention_id.deadline, deadline, values)
            visit.intervention_id._ensure_requests()
            self.assertRecordValues(
                visit.request_id, [{"deadline": deadline, "commitment_contract_id": False}]
            )

    def test_season_of_any_months(self):
        plan = self._plan_of(
            trigger="fixed_date", interval=1, interval_unit="month", season="4,10", lead_days=0
        )
        plan._generate_visits(UNTIL)
        self.assertEqual(
            self._visits(plan).mapped("due_date"), [date(2026, 4, 1), date(2026, 10, 1)]
        )
        plan.season = "4"
        plan._generate_visits(str(UNTIL))
        self.assertEqual(self._visits(plan).mapped("due_date"), [date(2026, 4, 1)])
        with self.assertRefused(ValidationError, "« 4,13 » of the plan Yearly upkeep"):
            plan.season = "4,13"

    def test_visit_that_comes_near_becomes_request_and_intervention(self):
        plan = self._plan_of(
            operation_template_ids=[Command.create({"name": "Clean the burner"})],
            part_ids=[Command.create({"product_id": self.burner.id, "quantity": 2})],
            planned_hours=1.5,
            competence_id=self.competence.id,
        )
        self.assertEqual(plan._generate_visits(UNTIL), 1)
        first, second = self._visits(plan)
        self.assertRecordValues(
            first | second,
            [
                {"state": "scheduled", "due_date": date(2026, 3, 10)},
                {"state": "forecast", "due_date": date(2027, 3, 10)},
            ],
        )
        self.assertRecordValues(
            first.request_id,
            [
                {
                    "origin": "plan",
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "equipment_id": self.machine.id,
                    "competence_id": self.competence.id,
                }
            ],
        )
        self.assertRecordValues(
            first.intervention_id,
            [
                {
                    "request_id": first.request_id.id,
                    "state": "draft",
                    "planned_hours": 1.5,
                    "plan_visit_id": first.id,
                    "equipment_ids": self.machine.ids,
                }
            ],
        )
        self.assertRecordValues(
            first.intervention_id.operation_ids,
            [{"name": "Clean the burner", "equipment_id": self.machine.id}],
        )
        self.assertRecordValues(
            first.intervention_id.consumption_ids,
            [{"product_id": self.burner.id, "quantity": 2, "state": "todo"}],
        )

    def test_nothing_is_made_twice(self):
        plan = self._plan_of()
        self.assertEqual(plan._generate_visits(UNTIL), 1)
        self.assertEqual(plan._generate_visits(UNTIL), 0)
        plan.is_pending = True
        self.assertEqual(plan._generate_visits(UNTIL), 0)
        self.assertEqual(len(self.env["service.request"].search([("origin", "=", "plan")])), 1)

    def test_next_visit_counts_from_the_last_one_done(self):
        plan = self._plan_of()
        plan._generate_visits(UNTIL)
        intervention = self._visits(plan)[0].intervention_id
        intervention.action_plan(self.technician.id, "2026-03-20 09:00:00")
        mine = intervention.with_user(self.technician_user)
        mine.report = "<p>Done</p>"
        with freeze_time("2026-03-20 11:00:00"):
            mine.action_arrive()
            mine.action_done()
        self.assertRecordValues(
            self._visits(plan),
            [
                {"state": "done", "done_date": date(2026, 3, 20), "due_date": date(2026, 3, 10)},
                {"state": "forecast", "done_date": False, "due_date": date(2027, 3, 20)},
            ],
        )

    def test_intervention_only_gets_its_request_when_it_is_dispatched(self):
        plan = self._plan_of(
            creates="intervention",
            part_ids=[Command.create({"product_id": self.burner.id, "quantity": 2})],
        )
        plan._generate_visits(UNTIL)
        visit = self._visits(plan)[0]
        self.assertFalse(visit.request_id)
        intervention = visit.intervention_id
        intervention.action_plan(self.technician.id, "2026-03-10 09:00:00")
        intervention.with_user(self.technician_user).action_leave()
        self.assertRecordValues(
            visit.request_id,
            [{"origin": "plan", "title": "Yearly upkeep", "equipment_id": self.machine.id}],
        )
        self.assertEqual(intervention.consumption_ids.product_id, self.burner)

    def test_request_only(self):
        plan = self._plan_of(creates="request")
        plan._generate_visits(UNTIL)
        visit = self._visits(plan)[0]
        self.assertFalse(visit.intervention_id)
        visit.request_id.action_close()
        self.assertEqual(visit.state, "done")

    def test_machines_of_a_site_are_visited_together(self):
        twin = self._create_equipment(delivery_date="2025-03-25")
        later = self._create_equipment(delivery_date="2025-05-25")
        alone = self._create_equipment(delivery_date="2025-03-12", site_id=self.customer.id)
        plan = self._plan_of(lead_days=100)
        plan._generate_visits(UNTIL)
        visits = [self._visits(plan, m)[0] for m in (self.machine, twin, later, alone)]
        together = visits[0].intervention_id
        self.assertEqual(visits[1].intervention_id, together)
        self.assertEqual(together.equipment_ids, self.machine | twin)
        self.assertEqual(together.planned_hours, 2)
        self.assertEqual(len({visit.intervention_id for visit in visits}), 3)

    def test_a_machine_that_fails_disturbs_nobody(self):
        other = self._create_equipment(delivery_date="2025-03-25", partner_id=self.customer.id)
        plan = self._plan_of(group_days=0)
        visit_model = self.env.registry["service.plan.visit"]
        origin = visit_model._prepare_request_values

        def fail(visits):
            if self.machine in visits.equipment_id:
                raise ValueError("No agency")
            return origin(visits)

        self.patch(visit_model, "_prepare_request_values", fail)
        with mute_logger("odoo.addons.field_intervention.models.service_plan_batch"):
            self.assertEqual(plan._generate_visits(UNTIL), 1)
        broken = self._visits(plan)[0]
        self.assertRecordValues(broken, [{"state": "due", "error": "No agency"}])
        self.assertEqual(self._visits(plan, other)[0].state, "scheduled")
        self.patch(visit_model, "_prepare_request_values", origin)
        self.assertEqual(plan._generate_visits(UNTIL), 1, "the next run tries again")
        self.assertRecordValues(broken, [{"state": "scheduled", "error": False}])

    def test_retired_machines_and_ended_contracts_have_no_visits(self):
        plan = self._plan_of(lead_days=0)
        plan._generate_visits(UNTIL)
        self.assertTrue(self._visits(plan))
        self.machine.state = "retired"
        self.assertFalse(self._visits(plan))
        plan._generate_visits(UNTIL)
        self.assertFalse(self._visits(plan))

    def test_new_machines_are_found_by_the_daily_batch(self):
        plan = self._plan_of()
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertFalse(self.machine.is_plan_pending)
        young = self._create_equipment(delivery_date="2026-02-01")
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertEqual(self._visits(plan, young).due_date, date(2027, 2, 1))

    def test_plan_of_a_contract(self):
        contract = self._create_contract({"equipment_id": self.machine.id}, active=False)
        plan = self._plan_of(
            contract_id=contract.id, product_id=False, interval=4, interval_unit="month"
        )
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertFalse(self._visits(plan), "a draft promises nothing")
        contract.action_activate()
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertEqual(
            self._visits(plan).mapped("due_date"), [date(2026, 5, 1), date(2026, 9, 1)]
        )
        self.assertEqual(contract.next_visit_date, date(2026, 5, 1))
        contract.action_suspend("Unpaid", "2030-01-01")
        self.assertEqual(len(self._visits(plan)), 2, "before its day a suspension stops nothing")
        contract.action_resume()
        contract.action_suspend("Unpaid")
        self.assertFalse(self._visits(plan))
        contract.action_resume()
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertEqual(len(self._visits(plan)), 2)

    def test_a_sold_contract_gets_the_visits_of_its_template(self):
        template = self.env["service.contract.template"].create({"name": "Two visits a year"})
        maintenance = self._create_product(
            "Maintenance", type="service", service_contract_template_id=template.id
        )
        plan = self._plan_of(
            contract_template_id=template.id, product_id=False, interval=6, interval_unit="month"
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": maintenance.id,
                            "service_equipment_ids": [Command.link(self.machine.id)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        contract = order.service_contract_ids
        self.assertEqual(contract.plan_ids, plan)
        generate = self.env.ref("field_intervention.ir_cron_generate_visits")
        with RecordCapturer(
            self.env["ir.cron.trigger"], [("cron_id", "=", generate.id)]
        ) as captured:
            contract.with_user(self.manager).action_activate()
        self.assertEqual(len(captured.records), 1, "at once")
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertEqual(self._visits(plan).contract_id, contract)
        self.assertEqual(contract.next_visit_date, date(2026, 9, 2))

    def test_a_contract_says_which_plans_make_its_visits(self):
        template = self.env["service.contract.template"].create({"name": "Visits"})
        with_plan, own, none = (
            self._create_contract({"equipment_id": self.machine.id}, active=False, **values)
            for values in ({"template_id": template.id}, {}, {})
        )
        of_template = self._plan_of(contract_template_id=template.id, product_id=False)
        of_contract = self._plan_of(contract_id=own.id, product_id=False)
        contracts = (with_plan | own | none).with_user(self.call_taker)
        self.assertEqual(
            [c.plan_ids for c in contracts.sudo()], [of_template, of_contract, of_contract[:0]]
        )
        generate = self.env.ref("field_intervention.ir_cron_generate_visits")
        with RecordCapturer(
            self.env["ir.cron.trigger"], [("cron_id", "=", generate.id)]
        ) as captured:
            none.action_activate()
        self.assertFalse(captured.records, "nothing to forecast")
        context = none.action_plan_visits()["context"]
        plan = Form(self.env["service.plan"].with_user(self.manager).with_context(**context)).save()
        self.assertEqual((plan.contract_id, plan.date_start), (none, date(2026, 1, 1)))

    def test_an_announced_termination_lets_visits_go_on_until_its_day(self):
        contract = self._create_contract({"equipment_id": self.machine.id})
        plan = self._plan_of(
            contract_id=contract.id, product_id=False, interval=2, interval_unit="month"
        )
        plan._generate_visits(UNTIL)
        known = self._visits(plan).mapped("due_date")
        self.assertEqual(known[-2:], [date(2026, 9, 1), date(2026, 11, 1)])
        contract.action_terminate("Sold", "2026-11-01")
        self.assertEqual(self._visits(plan).mapped("due_date"), known[:-1], "at once")
        contract.is_plan_pending = True
        self.env["service.plan"]._generate_visits(UNTIL)
        self.assertEqual(self._visits(plan).mapped("due_date"), known[:-1], "forecast anew")
        self.assertEqual(contract.next_visit_date, known[0])

    def test_visits_come_back_when_a_termination_is_withdrawn(self):
        contract = self._create_contract({"equipment_id": self.machine.id})
        plan = self._plan_of(
            contract_id=contract.id,
            product_id=False,
            interval=2,
            interval_unit="month",
            lead_days=130,
        )
        plan._generate_visits(UNTIL)
        states = ["scheduled", "scheduled", "scheduled", "forecast", "forecast"]
        self.assertEqual(self._visits(plan).mapped("state"), states)
        may, july = self._visits(plan)[1:3]
        may.action_skip()
        known = self._visits(plan).mapped("due_date")
        contract.action_terminate("Sold", "2026-05-02")
        self.assertEqual((may | july).mapped("state"), ["skipped", "skipped"])
        self.assertEqual(july.intervention_id.state, "cancelled")
        contract.action_withdraw_termination()
        self.assertEqual(may.state, "skipped", "somebody wanted that")
        self.assertRecordValues(july, [{"state": "due", "is_called_off": False}])
        plan._generate_visits(UNTIL)
        self.assertEqual(self._visits(plan).mapped("due_date"), known)
        self.assertEqual(july.state, "scheduled")
        self.assertEqual(july.intervention_id.state, "draft", "a new one")

    def test_what_is_scheduled_beyond_the_end_of_a_contract_is_called_off(self):
        contract = self._create_contract({"equipment_id": self.machine.id})
        plan = self._plan_of(
            contract_id=contract.id,
            product_id=False,
            interval=3,
            interval_unit="month",
            lead_days=250,
        )
        plan._generate_visits(UNTIL)
        april, july, october = self._visits(plan)
        self.assertEqual((april | july | october).mapped("state"), ["scheduled"] * 3)
        october.intervention_id.action_plan(self.technician.id, "2026-03-04 09:00:00")
        october.intervention_id.action_leave()
        contract.date_end = "2026-06-30"
        self.assertEqual(july.state, "skipped")
        self.assertEqual(july.request_id.state, "cancelled")
        self.assertIn("promises no visit after", july.intervention_id.cancel_reason)
        self.assertEqual(october.state, "scheduled", "somebody is on the way")
        self.assertEqual(april.intervention_id.state, "draft")
        contract.action_terminate("Sold", "2026-04-02")
        self.assertEqual(april.state, "scheduled", "due on the last day")
        self.assertFalse(self._visits(plan).filtered(lambda v: v.state in ("forecast", "due")))

    def test_idle_batches_add_nothing(self):
        """Weeks without anything due leave the forecasts as they are, however far they reach."""
        plan = self._plan_of(interval=2, interval_unit="week", date_start="2026-05-01")
        self.env["service.plan"]._generate_visits(plan._get_horizon())
        known = self._visits(plan).mapped("due_date")
        for day in ("2026-03-03", "2026-03-10", "2026-03-20"):
            with freeze_time(f"{day} 09:00:00"):
                self.env.flush_all()
                with self.assertQueryCount(12):
                    self.env["service.plan"]._generate_visits(plan._get_horizon())
                self.assertEqual(self._visits(plan).mapped("due_date"), known)

    def test_retired_machine_is_not_visited(self):
        other = self._create_equipment(delivery_date="2025-03-12")
        plan = self._plan_of()
        plan._generate_visits(UNTIL)
        visit, neighbour = self._visits(plan)[0], self._visits(plan, other)[0]
        self.assertEqual(visit.intervention_id, neighbour.intervention_id, "of one site")
        self.machine.state = "retired"
        self.assertEqual(visit.state, "skipped")
        self.assertEqual(visit.intervention_id.state, "draft", "the neighbour is visited")
        other.state = "retired"
        self.assertEqual(neighbour.intervention_id.state, "cancelled")
        self.assertEqual(neighbour.request_id.state, "cancelled")
        self.assertFalse((self._visits(plan) | self._visits(plan, other)) - visit - neighbour)

    def test_conformity_counts_interventions_and_visits(self):
        contract = self._create_contract({"equipment_id": self.machine.id}, date_start="2026-03-01")
        plan = self._plan_of(
            contract_id=contract.id,
            product_id=False,
            interval=1,
            interval_unit="month",
            lead_days=60,
            group_days=0,
        )
        plan._generate_visits(UNTIL)
        april, may = self._visits(plan)[:2]
        april._set_done(april.create_date)
        april.intervention_id.state = "done"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(
            contract.with_user(self.call_taker),
            [
                {
                    "conformity_requests": 2,
                    "conformity_interventions": 1,
                    "plan_visit_done_count": 1,
                    "next_visit_date": may.due_date,
                }
            ],
        )

    def test_a_new_reading_moves_the_visit(self):
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        meter = self.env["service.meter"].create(
            {"equipment_id": self.machine.id, "type_id": hours.id}
        )
        readings = self.env["service.meter.reading"]
        readings.create({"meter_id": meter.id, "date": "2026-01-01 12:00:00", "value": 0})
        plan = self._plan_of(trigger="meter", meter_type_id=hours.id, meter_step=1000)
        plan._generate_visits(UNTIL)
        self.assertRecordValues(self._visits(plan), [{"due_date": False, "due_meter": 1000}])
        readings.with_user(self.technician_user).create(
            {"meter_id": meter.id, "date": "2026-02-20 12:00:00", "value": 500}
        )
        visit = self._visits(plan)[0]
        self.assertEqual(visit.due_date, date(2026, 4, 11))
        self.assertEqual(visit.state, "forecast")
        meter = meter.with_user(self.technician_user)
        self.assertEqual((meter.next_due_value, meter.next_due_date), (1000, date(2026, 4, 11)))
        readings.create({"meter_id": meter.id, "date": "2026-03-01 12:00:00", "value": 1000})
        plan._generate_visits(UNTIL)
        self.assertEqual(self._visits(plan)[0].state, "scheduled")

    def test_missed_visits_alert_the_responsible_once(self):
        plan = self._plan_of(tolerance_days=10, user_id=self.manager.id)
        plan._generate_visits(UNTIL)
        with freeze_time("2026-03-20 09:00:00"):
            plan._generate_visits(UNTIL)
            self.assertEqual(self._visits(plan)[0].state, "scheduled")
        with freeze_time("2026-03-21 09:00:00"):
            plan._generate_visits(UNTIL)
            self.assertEqual(self._visits(plan)[0].state, "missed")
            self.env["service.plan"]._alert_about_missed()
            self.env["service.plan"]._alert_about_missed()
        self.assertRecordValues(
            plan.activity_ids,
            [{"user_id": self.manager.id, "summary": "Visits not done in time: 1"}],
        )

    def test_cancelled_visit_is_skipped_and_may_come_back(self):
        plan = self._plan_of()
        plan._generate_visits(UNTIL)
        visit = self._visits(plan)[0]
        visit.intervention_id.action_cancel("Customer on holiday")
        self.assertEqual(visit.state, "skipped")
        visit.with_user(self.call_taker).action_reopen()
        self.assertEqual(plan._generate_visits(UNTIL), 1)
        self.assertEqual(visit.state, "scheduled")

    def test_each_company_visits_its_own_machines(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_equipment(delivery_date="2025-03-11")
        foreign.company_id = company
        plan = self._plan_of()
        theirs = self._plan_of()
        theirs.company_id = company
        self.env["service.plan"]._generate_visits(UNTIL)
        for own, machine in ((plan, self.machine), (theirs, foreign)):
            self.assertEqual(own.visit_ids.equipment_id, machine)
            made = own.visit_ids.intervention_id
            self.assertEqual(made.company_id, own.company_id)
            self.assertEqual(made.agency_id.company_id, own.company_id)

    def test_cost_follows_due_visits(self):
        self._create_equipment(delivery_date="2025-03-11")
        plan = self._plan_of(group_days=0)
        plan._generate_visits(UNTIL)
        machines = self.env["service.equipment"].create(
            [
                {
                    "product_id": self.machine_product.id,
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "delivery_date": "2025-03-12",
                }
            ]
            * 100
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(200):
            self.assertEqual(self.env["service.plan"]._generate_visits(UNTIL), len(machines))
