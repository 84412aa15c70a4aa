from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..tours import solver
from .common import FieldInterventionCommon

HOUR = timedelta(hours=1)
WIZARD = "service.intervention.propose"


@tagged("post_install", "-at_install")
class TestPropose(FieldInterventionCommon):
    """A plan for a Monday; nothing is written before it is accepted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not solver.is_available():
            raise cls.skipTest(cls, "OR-Tools is optional and not installed")
        cls.dispatcher.tz = "UTC"
        cls.depot = cls.env["res.partner"].create(
            {"name": "Depot", "partner_latitude": 45.0, "partner_longitude": 6.0}
        )
        cls.anna_user = cls._create_user("anna", "installed_base.group_service_technician")
        cls.anna = cls._create_technician("Anna", user_id=cls.anna_user.id)
        (cls.technician | cls.anna).write(
            {
                "technician_agency_ids": [Command.set(cls.agency.ids)],
                "home_partner_id": cls.depot.id,
            }
        )

    def _site(self, east):
        return self.env["res.partner"].create(
            {
                "name": f"Site {east}",
                "parent_id": self.customer.id,
                "type": "delivery",
                "partner_latitude": 45.0,
                "partner_longitude": 6.0 + east,
            }
        )

    def _job(self, east=0.1, **values):
        values = {"planned_hours": 2, "partner_id": self.customer.id, **values}
        job = self.env["service.intervention"].create(
            {"site_id": self._site(east).id, "agency_id": self.agency.id, **values}
        )
        return job.with_user(self.dispatcher)

    def _propose(self, **values):
        day = self.start.date()
        proposal = (
            self.env[WIZARD]
            .with_user(self.dispatcher)
            .create(
                {
                    "agency_id": self.agency.id,
                    "date_from": day,
                    "date_to": day,
                    "seconds": 1,
                    **values,
                }
            )
        )
        self.env.invalidate_all()
        proposal.action_compute()
        return proposal

    def _hours(self, line):
        return (line.start - self.start) / timedelta(hours=1)

    def test_nothing_is_written_before_it_is_accepted(self):
        near, far = self._job(0.1), self._job(0.4)
        proposal = self._propose()
        self.assertEqual(proposal.placed_count, 2)
        self.assertEqual(set((near | far).mapped("state")), {"draft"})
        proposal.action_apply()
        self.assertEqual(set((near | far).mapped("state")), {"planned"})
        self.assertTrue(all(job.technician_id in self.technician | self.anna for job in near | far))
        self.assertGreater(far.travel_minutes, 0)

    def test_a_line_that_is_unticked_goes_on_waiting_and_is_not_counted(self):
        self.anna.technician_agency_ids = False
        near, far = self._job(0.1), self._job(0.4)
        proposal = self._propose()
        self.assertEqual(len(proposal.line_ids.filtered("travel_minutes")), 2)
        whole = proposal.travel_minutes
        with Form(proposal) as form:
            with form.line_ids.edit(proposal.line_ids.intervention_id.ids.index(far.id)) as line:
                line.is_chosen = False
            self.assertEqual((form.placed_count, form.gain_placed), (1, -1))
            self.assertEqual(form.gain_travel, 0, "there and back, in the baseline as well")
            shown = [row["travel_minutes"] for row in form.line_ids._records]
        kept = proposal.line_ids.filtered("is_chosen")
        self.assertEqual(kept.intervention_id, near)
        self.assertEqual(sum(shown), kept.travel_minutes)
        self.assertTrue(kept.travel_minutes)
        # from home and back, wherever the other one lay on the way
        self.assertEqual(proposal.travel_minutes, 2 * kept.travel_minutes)
        self.assertLess(proposal.travel_minutes, whole)
        proposal.action_apply()
        self.assertEqual((near.state, far.state), ("planned", "draft"))
        self.assertEqual(near.travel_minutes, kept.travel_minutes)

    def test_travel_saved_counts_the_same_jobs(self):
        """By hand: home 0, the jobs at 1, 2 and 3; two technicians drive 20 and 80 as of habit."""
        jobs = [self._job() for _node in range(3)]
        near, far, _extra = jobs
        proposal = self.env[WIZARD].create(
            {
                "agency_id": self.agency.id,
                "roads": {
                    "travel": [[0, 10, 40, 5], [10, 0, 30, 5], [40, 30, 0, 35], [5, 5, 35, 0]],
                    "ends": [(0, 0), (0, 0)],
                    "baseline": [near.ids, far.ids],
                },
                "line_ids": [
                    Command.create(
                        {
                            "intervention_id": job.id,
                            "technician_id": self.technician.id,
                            "start": self.start + number * HOUR,
                            "end": self.start + (number + 1) * HOUR,
                            "node": number + 1,
                        }
                    )
                    for number, job in enumerate(jobs)
                ],
            }
        )
        lines = {line.node: line for line in proposal.line_ids}
        # what only the proposal places is no loss: 100 minutes against 10 + 30 + 40
        self.assertEqual((proposal.travel_minutes, proposal.gain_travel), (80, 20))
        lines[3].is_chosen = False
        self.assertEqual((proposal.travel_minutes, proposal.gain_travel), (80, 20))
        lines[2].is_chosen = False
        self.assertEqual((proposal.travel_minutes, proposal.gain_travel), (20, 0))

    def test_only_the_competent_get_it(self):
        pools = self.env["service.competence"].create(
            {"name": "Pools", "code": "P", "user_ids": [Command.set(self.anna_user.ids)]}
        )
        request = self._request(competence_id=pools.id)
        job = self._job(request_id=request.id, site_id=False)
        covers = self.env["service.competence"].create({"name": "Covers", "code": "C"})
        nobody = self._job(request_id=self._request(competence_id=covers.id).id, site_id=False)
        chosen = self._job(technician_id=self.technician.id)
        vendor = self.env["res.partner"].create({"name": "Pool Partners"})
        ordered = self._job(vendor_id=vendor.id)
        proposal = self._propose()
        got = {line.intervention_id: line.technician_id for line in proposal.line_ids}
        self.assertEqual(got[job], self.anna)
        self.assertEqual(got[chosen], self.technician, "only when was to be found")
        self.assertIn(nobody, got, "a competence that nobody has hinders nobody")
        self.assertNotIn(ordered, proposal.unplaced_ids | proposal.line_ids.intervention_id)

    def test_it_goes_around_what_is_planned_and_who_is_away(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.anna.resource_id.id,
                "date_from": self.start,
                "date_to": self.start + timedelta(hours=9),
            }
        )
        fixed = self._job(0.1)
        fixed.action_plan(self.technician.id, self.start, self.start + timedelta(hours=4))
        job = self._job(0.1)
        line = self._propose().line_ids
        self.assertEqual((line.intervention_id, line.technician_id), (job, self.technician))
        self.assertGreaterEqual(self._hours(line), 4)
        self.assertLessEqual(self._hours(line), 7)

    def test_nothing_begins_in_the_break(self):
        """At work from 8 to 12 and from 13 to 17: two hours fit after the break only."""
        self.anna.technician_agency_ids = False
        fixed, job = self._job(0.1), self._job(0.1)
        noon = self.start + timedelta(hours=4)
        for end in (noon - timedelta(minutes=92), noon + timedelta(minutes=20)):
            fixed.action_plan(self.technician.id, self.start, end)
            proposal = self._propose()
            line = proposal.line_ids
            self.assertEqual((line.start, line.end), (noon + HOUR, noon + 3 * HOUR), end)
        # at another customer in the middle of the break
        fixed.action_plan(self.technician.id, noon + HOUR / 2, noon + 2 * HOUR)
        proposal = self._propose()
        line = proposal.line_ids
        self.assertTrue(line.end <= noon or line.start >= noon + 2 * HOUR)
        proposal.action_apply()
        self.assertEqual((job.planned_start, job.planned_end), (line.start, line.end))

    def test_windows_of_customers_are_kept(self):
        morning = self._job(latest=self.start + timedelta(hours=1))
        afternoon = self._job(earliest=self.start + timedelta(hours=6))
        hours = {line.intervention_id: self._hours(line) for line in self._propose().line_ids}
        self.assertLessEqual(hours[morning], 1)
        self.assertGreaterEqual(hours[afternoon], 6)

    def test_a_solver_that_finds_nothing_in_time_leaves_the_usual_plan(self):
        job = self._job()
        with patch.object(solver, "solve", return_value=None):
            proposal = self._propose()
        self.assertEqual((proposal.line_ids.intervention_id, proposal.gain_placed), (job, 0))

    def test_what_is_urgent_or_required_by_law_comes_first(self):
        self.anna.technician_agency_ids = False
        nature = self.env.ref("field_intervention.service_intervention_nature_regulatory")
        usual = self._job(planned_hours=6)
        law = self._job(planned_hours=6, nature_id=nature.id)
        proposal = self._propose()
        self.assertEqual(proposal.line_ids.intervention_id, law)
        self.assertEqual(proposal.unplaced_ids, usual)

    def test_deadlines_decide_the_order(self):
        self.anna.technician_agency_ids = False
        later, soon = (self._job(request_id=self._request().id, site_id=False) for _n in range(2))
        soon.request_id.deadline = self.start + timedelta(hours=3)
        later.request_id.deadline = self.start + timedelta(hours=9)
        proposal = self._propose()
        hours = {line.intervention_id: self._hours(line) for line in proposal.line_ids}
        self.assertLess(hours[soon], hours[later])
        self.assertEqual((proposal.kept_count, proposal.due_count), (2, 2))

    def test_what_was_planned_meanwhile_is_refused(self):
        job = self._job()
        proposal = self._propose()
        job.action_plan(self.anna.id, self.start)
        with self.assertRefused(UserError, "meanwhile"):
            proposal.action_apply()

    def test_other_agencies_are_left_alone(self):
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        away = self._job(agency_id=lyon.id)
        job = self._job()
        proposal = self._propose()
        self.assertEqual(proposal.line_ids.intervention_id, job)
        self.assertNotIn(away, proposal.unplaced_ids)

    def test_reasons_for_no_plan_in_words(self):
        with self.assertRefused(UserError, "Nothing waits in"):
            self._propose()
        self._job()
        sunday = self.start.date() + timedelta(days=6)
        with self.assertRefused(UserError, "has time on these days"):
            self._propose(date_from=sunday, date_to=sunday)
        with (
            patch.object(solver, "is_available", return_value=False),
            self.assertRefused(UserError, "pip install ortools"),
        ):
            self._propose()
