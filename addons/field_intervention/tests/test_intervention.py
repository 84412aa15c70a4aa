from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestIntervention(FieldInterventionCommon):
    def setUp(self):
        super().setUp()
        self.machine = self._create_equipment()
        self.request = self._request(self.machine)

    def test_request_fills_the_intervention(self):
        intervention = self._plan(self.request)
        self.assertRecordValues(
            intervention,
            [
                {
                    "request_id": self.request.id,
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "address_id": self.site.id,
                    "agency_id": self.request.agency_id.id,
                    "equipment_ids": self.machine.ids,
                    "technician_user_id": self.technician_user.id,
                    "state": "planned",
                    "version": 1,
                }
            ],
        )
        self.assertEqual(self.request.intervention_count, 1)

    def test_the_first_nature_is_the_usual_one_whatever_was_asked_before(self):
        natures = self.env["service.intervention.nature"]
        first, last = natures.search([])[0], natures.search([])[-1]
        self.assertEqual(natures._get_usual(), first)
        last.sequence = first.sequence - 1
        intervention = self.env["service.intervention"].create({"partner_id": self.customer.id})
        self.assertEqual(intervention.nature_id, last)
        last.active = False
        self.assertEqual(natures.with_context(active_test=False)._get_usual(), first)

    def test_intervention_takes_over_what_is_not_done(self):
        part = self._consume(self.request, self.burner)
        done = self._consume(self.request, self.labor)
        done.action_mark_done()
        intervention = self._plan(self.request)
        self.assertEqual(intervention.consumption_ids, part)
        self.assertRecordValues(part, [{"state": "planned", "user_id": self.technician_user.id}])

    def test_steps_and_their_times(self):
        intervention = self._plan(self.request).with_user(self.technician_user)
        for moment, step, state in (
            ("2026-03-02 08:00:00", "action_leave", "on_the_way"),
            ("2026-03-02 08:30:00", "action_arrive", "on_site"),
            ("2026-03-02 10:00:00", "action_pause", "on_site"),
            ("2026-03-02 10:15:00", "action_resume", "on_site"),
        ):
            with freeze_time(moment):
                getattr(intervention, step)()
            self.assertEqual(intervention.state, state)
        intervention.report = "<p>Cleaned</p>"
        with freeze_time("2026-03-02 10:45:00"):
            intervention.action_done()
        self.assertRecordValues(
            intervention, [{"state": "done", "hours_travel": 0.5, "hours_work": 2.0}]
        )
        self.assertEqual(self.request.state, "open", "nobody said that it is satisfied")
        self.assertEqual(self.machine.certainty, "verified")

    def test_work_starts_once(self):
        job = self._plan(self.request)
        for step, kinds in (
            ("action_leave", ["travel"]),
            ("action_arrive", ["travel", "work"]),
            ("action_start", ["travel", "work"]),
            ("action_pause", ["travel", "work", "pause"]),
            ("action_start", ["travel", "work", "pause", "work"]),
        ):
            getattr(job, step)()
            self.assertEqual(job.time_ids.sorted("id").mapped("kind"), kinds, step)
        job.action_done()
        self.assertEqual(job.state, "done", "no report is wanted for this nature")

    def test_satisfied_closes_the_request(self):
        intervention = self._plan(self.request)
        intervention.action_leave()
        intervention.action_arrive()
        intervention.write({"report": "<p>Works again</p>", "satisfied": True})
        intervention.action_done()
        self.assertEqual((self.request.state, self.request.satisfied), ("closed", True))

    def test_satisfied_asks_about_what_else_is_not_done(self):
        intervention = self._plan(self.request)
        self._consume(self.request, self.labor)
        intervention.action_arrive()
        intervention.write({"report": "<p>Works again</p>", "satisfied": True})
        action = intervention.action_done()
        self.assertEqual(action["res_model"], "service.request.close")
        self.assertEqual((intervention.state, self.request.state), ("done", "open"))

    def test_used_parts_do_not_keep_a_satisfied_request_open(self):
        intervention = self._plan(self.request)
        self.assertFalse(self.request.consumption_ids, "read before anything is used")
        mine = intervention.with_user(self.technician_user)
        mine.action_arrive()
        mine.consumption_ids = [Command.create({"product_id": self.labor.id})]
        mine.write({"report": "<p>Works again</p>", "satisfied": True})
        self.assertIs(mine.action_done(), True)
        self.assertEqual(self.request.state, "closed")

    def test_parts_leave_the_van(self):
        intervention = self._plan(self.request)
        mine = intervention.with_user(self.technician_user)
        mine.action_arrive()
        self._use(intervention, self.burner, self.labor)
        mine.report = "<p>Burner replaced</p>"
        mine.action_done()
        self.assertEqual(set(intervention.consumption_ids.mapped("state")), {"done"})
        self.assertEqual(intervention.consumption_ids.user_id, self.technician_user)
        self.assertEqual(intervention.consumption_ids.move_ids.location_id, self.van)

    def test_two_dispatchers_do_not_undo_each_other(self):
        intervention = self._plan(self.request)
        seen = intervention.version
        intervention.action_plan(start=self.start + timedelta(hours=3), version=seen)
        with self.assertRefused(UserError, "meanwhile"):
            intervention.action_plan(start=self.start, version=seen)

    def test_double_booking_is_refused_unless_there_is_a_reason(self):
        first = self._plan(self.request)
        with self.assertRefused(ValidationError, first.name):
            self._plan(self.request, self.start + timedelta(hours=1))
        after = self._plan(self.request, self.start + timedelta(hours=2))
        self.assertEqual(after.state, "planned", "one ends when the other starts")
        forced = self.env["service.intervention"].create(
            {"request_id": self.request.id, "conflict_reason": "Two machines, one room"}
        )
        forced.action_plan(self.technician.id, self.start)
        self.assertEqual(forced.state, "planned")

    def test_visit_to_resume_makes_the_next_one(self):
        intervention = self._plan(self.request)
        intervention.action_arrive()
        intervention.findings = "Gasket missing"
        follow_up = intervention.action_to_resume()
        self.assertEqual(intervention.state, "to_resume")
        self.assertRecordValues(
            follow_up,
            [
                {
                    "state": "draft",
                    "request_id": self.request.id,
                    "equipment_ids": self.machine.ids,
                    "findings": "Gasket missing",
                }
            ],
        )

    def test_visit_without_request_gets_one_when_dispatched(self):
        intervention = self.env["service.intervention"].create(
            {
                "partner_id": self.customer.id,
                "equipment_ids": self.machine.ids,
                "technician_id": self.technician.id,
                "planned_start": self.start,
            }
        )
        intervention.action_plan()
        intervention.action_dispatch()
        self.assertRecordValues(
            intervention.request_id,
            [
                {
                    "origin": "field",
                    "origin_reference": intervention.name,
                    "equipment_id": self.machine.id,
                }
            ],
        )

    def test_cancelling_gives_what_is_not_done_back_to_the_request(self):
        part = self._consume(self.request, self.burner)
        intervention = self._plan(self.request)
        intervention.action_cancel("Customer ill")
        self.assertEqual(intervention.cancel_reason, "Customer ill")
        self.assertFalse(part.intervention_id)

    def test_cancelling_asks_why_and_says_what_stays(self):
        intervention = self._plan(self._request(self._create_equipment()))
        self._use(intervention, self.burner)
        intervention.consumption_ids.action_mark_done()
        action = intervention.with_user(self.call_taker).action_ask_cancel()
        ask = self.env[action["res_model"]].with_user(self.call_taker)
        ask = ask.with_context(**action["context"]).create({"reason": "Solved by phone"})
        self.assertIn(f"stays on {intervention.request_id.name}: Burner", ask.notice)
        ask.action_cancel()
        self.assertRecordValues(
            intervention, [{"state": "cancelled", "cancel_reason": "Solved by phone"}]
        )
        self.assertEqual(intervention.request_id.consumption_ids.state, "done")

    def test_costs_are_counted_where_those_of_the_request_are_unless_changed(self):
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        north, south = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )
        request = self._request(self._create_equipment())
        request.analytic_distribution = {str(north.id): 100}
        intervention = self._plan(request)
        self.assertEqual(intervention.analytic_distribution, {str(north.id): 100})
        intervention.analytic_distribution = {str(south.id): 100}
        self._use(intervention, self.burner)
        self.assertEqual(
            intervention.consumption_ids.sudo().analytic_distribution, {str(south.id): 100}
        )

    def test_wrong_steps_are_refused_in_words(self):
        draft = self.env["service.intervention"].create({"request_id": self.request.id})
        with self.assertRefused(UserError, "technician"):
            draft.action_plan(start=self.start)
        with self.assertRefused(UserError, "« Draft » and cannot become « On Site »"):
            draft.action_arrive()
        with self.assertRefused(UserError, "Arrive"):
            draft.action_pause()
        intervention = self._plan(self.request)
        intervention.nature_id.sudo().is_report_required = True
        intervention.action_arrive()
        with self.assertRefused(UserError, "report"):
            intervention.action_done()
        with self.assertRefused(UserError, "cannot be deleted"):
            intervention.unlink()

    def test_competences_of_a_technician_go_both_ways(self):
        self.assertEqual(self.technician.competence_ids, self.competence)
        pools = self.env["service.competence"].create({"name": "Pools", "code": "POOL"})
        self.technician.competence_ids = pools
        self.assertEqual(pools.user_ids, self.technician_user)
        self.assertFalse(self.competence.user_ids)

    def test_who_keeps_the_employees_says_what_they_know(self):
        officer = self._create_user("officer", "hr.group_hr_user")
        self.env.invalidate_all()
        with Form(self.technician.with_user(officer)) as form:
            form.competence_ids.clear()
        self.assertFalse(self.competence.user_ids)
        with Form(self.env["hr.employee"].with_user(officer)) as form:
            form.name = "Luc"

    def test_planning_starts_the_work_on_the_request(self):
        first = self.request.stage_id
        self.env["service.intervention"].create({"request_id": self.request.id})
        self.assertEqual(self.request.stage_id, first)
        self._plan(self.request)
        self.assertEqual(
            self.request.stage_id, self.env.ref("service_request.service_request_stage_progress")
        )
