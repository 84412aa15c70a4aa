from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestSchedule(FieldInterventionCommon):
    """Who does it and when; start is a Monday at eight."""

    def setUp(self):
        super().setUp()
        self.request = self._request(self._create_equipment())
        self.anna = self._create_technician("Anna")

    def _draft(self, **values):
        return (
            self.env["service.intervention"]
            .with_user(self.dispatcher)
            .create({"request_id": self.request.id, "planned_hours": 2, **values})
        )

    def _at(self, day=0, hour=8.0):
        """A moment of the week: Monday is day 0."""
        return self.start + timedelta(days=day, hours=hour - 8)

    def _leave(self, start, end, technician=None, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "date_from": start,
                "date_to": end,
                "resource_id": technician.resource_id.id if technician else False,
                "company_id": self.env.company.id,
                **values,
            }
        )

    # (first hour, last hour, day of the week, what is wrong)
    HOURS = (
        (8, 10, 0, False),
        (15, 17, 0, False),
        (11, 14, 0, False),  # takes the break at noon somewhere in between
        (7, 9, 0, "does not work"),
        (16, 18, 0, "does not work"),
        (20, 22, 0, "does not work"),
        (8, 10, 5, "does not work"),  # Saturday
        (8, 10, 6, "does not work"),  # Sunday
    )

    def test_closed_hours_are_refused_in_words(self):
        for first, last, day, refusal in self.HOURS:
            with self.subTest(first=first, last=last, day=day):
                job = self._draft()
                plan = (self.technician.id, self._at(day, first), self._at(day, last))
                if refusal:
                    with self.assertRefused(ValidationError, refusal) as caught:
                        job.action_plan(*plan)
                    self.assertEqual(caught.exception.context, {"plan_conflict": True})
                    job.action_plan(*plan, conflict_reason="On call")
                else:
                    job.action_plan(*plan)
                self.assertEqual(job.state, "planned")
                job.action_cancel("next case")

    def test_who_lacks_the_competence_is_refused_in_words(self):
        user = self._create_user("berta", "installed_base.group_service_technician")
        berta = self._create_technician("Berta", user_id=user.id)
        job = self._draft()
        with self.assertRefused(
            ValidationError, f"Berta lacks the competence Heating.*{job.name}"
        ) as caught:
            job.action_plan(berta.id, self._at(0, 9))
        self.assertEqual(caught.exception.context, {"plan_conflict": True})
        candidates = {
            c["technician_id"]: c for c in job.get_candidates(self._at(0, 9))["candidates"]
        }
        self.assertEqual(candidates[berta.id]["conflicts"], ["Lacks the competence Heating"])
        self.assertLess(candidates[berta.id]["score"], 0)
        self.assertLess(candidates[self.anna.id]["score"], 0)
        self.assertFalse(candidates[self.technician.id]["conflicts"])
        job.action_plan(berta.id, self._at(0, 9), conflict_reason="Goes with Théo")
        self.assertEqual(job.state, "planned")
        self.competence.user_ids = False
        self._draft().action_plan(berta.id, self._at(1, 9))  # nobody has it
        self.competence.user_ids = self.technician_user
        self.request.competence_id = False
        self.request.equipment_line_ids.competence_id = False
        self._draft().action_plan(berta.id, self._at(2, 9))  # nobody asks for it

    def test_half_a_day_of_leave_leaves_the_other_half(self):
        self._leave(self._at(0, 8), self._at(0, 12), self.technician)
        with self.assertRefused(ValidationError, r"Théo.*is away from .* \(Absent\)"):
            self._draft().action_plan(self.technician.id, self._at(0, 9))
        self._draft().action_plan(self.technician.id, self._at(0, 13))

    def test_public_holiday_closes_the_company(self):
        self._leave(self._at(0, 0), self._at(0, 24), name="Whit Monday")
        with self.assertRefused(ValidationError, r"Whit Monday"):
            self._draft().action_plan(self.technician.id, self._at(0, 9))

    def test_leave_of_a_colleague_concerns_nobody_else(self):
        self._leave(self._at(0, 0), self._at(0, 24), self.anna)
        self._draft().action_plan(self.technician.id, self._at(0, 9))

    def test_hours_are_those_where_the_technician_lives(self):
        self.technician.tz = "America/New_York"
        self.working_hours.tz = "America/New_York"
        job = self._draft()
        with self.assertRefused(ValidationError, "does not work"):
            job.action_plan(self.technician.id, self._at(0, 8))
        job.action_plan(self.technician.id, self._at(0, 15))

    # planned hours, start, end: at work from 8 to 12 and from 13 to 17
    LENGTHS = (
        (2, (0, 8), (0, 10)),
        (1, (0, 11), (0, 12)),  # over when the break begins
        (2, (0, 11), (0, 13)),  # in one go
        (4, (0, 9), (0, 14)),
        (4, (0, 12.5), (0, 16.5)),  # who is called out of the break
        (8, (0, 8), (0, 17)),
        (4, (0, 15), (1, 10)),
        (6, (4, 14), (7, 11)),  # over the weekend
        (12, (0, 8), (1, 12)),
        (16, (0, 8), (1, 17)),
        (16, (4, 8), (7, 17)),  # over the weekend
    )

    def test_work_of_several_days_rests_overnight(self):
        for hours, start, end in self.LENGTHS:
            with self.subTest(hours=hours, start=start):
                job = self._draft(planned_hours=hours)
                job.action_plan(self.technician.id, self._at(*start))
                self.assertEqual(job.planned_end, self._at(*end))
                self.assertEqual(job.planned_hours, hours)
                job.action_plan(start=job.planned_start, end=job.planned_end)
                self.assertEqual(job.planned_hours, hours, "the same end is the same length")
                job.action_cancel("next case")

    def test_short_work_is_not_left_in_the_evening(self):
        with self.assertRefused(ValidationError, r"does not work on .* from 4:00\sPM to 6:00\sPM"):
            self._draft().action_plan(self.technician.id, self._at(0, 16))

    def test_an_end_that_was_given_stays(self):
        for start, end, hours in (
            (11, 12.5, 1.5),
            (11, 19, 7),
            (11, 14, 3),
            (9, 14, 4),
            (20, 23, 3),
        ):
            with self.subTest(start=start, end=end):
                job = self._draft()
                job.action_plan(
                    self.technician.id,
                    self._at(0, start),
                    self._at(0, end),
                    conflict_reason="Asked",
                )
                self.assertEqual((job.planned_end, job.planned_hours), (self._at(0, end), hours))
                job.action_cancel("next case")

    def test_an_absence_at_noon_is_no_break(self):
        self._leave(self._at(0, 10), self._at(0, 11), self.technician)
        job = self._draft(planned_hours=4)
        with self.assertRefused(ValidationError, r"is away from .* \(Absent\)"):
            job.action_plan(self.technician.id, self._at(0, 8))
        candidates = {
            c["technician_id"]: c for c in job.get_candidates(self._at(0, 8))["candidates"]
        }
        self.assertEqual(candidates[self.technician.id]["conflicts"], ["Away (Absent)"])
        self.assertEqual(candidates[self.technician.id]["next_start"], str(self._at(0, 11)))
        job.action_plan(self.technician.id, self._at(0, 8), conflict_reason="Goes after it")
        self.assertEqual(job.planned_end, self._at(0, 12))

    def test_another_end_is_another_length(self):
        job = self._draft()
        job.action_plan(self.technician.id, self._at(0, 8), self._at(0, 11))
        self.assertEqual(job.planned_hours, 3)
        job.action_plan(start=self._at(0, 9), version=job.version)
        self.assertEqual(job.planned_end, self._at(0, 12), "it keeps its length when it is moved")
        job.action_plan(start=self._at(0, 8), end=self._at(1, 12))
        self.assertEqual(job.planned_hours, 12)

    def test_no_end_before_the_start(self):
        job = self._draft(planned_start=self._at(0, 8))
        with self.assertRefused(ValidationError, "before it starts"):
            job.planned_end = self._at(0, 7)

    def test_end_that_comes_back_from_the_client_changes_nothing(self):
        job = self._draft(planned_start=self._at(0, 8))
        job.write({"planned_hours": 2, "planned_end": job.planned_end})
        job.planned_hours = 4
        self.assertEqual(job.planned_end, self._at(0, 12))
        job.planned_hours = 5  # nobody is known whose break it could be
        self.assertEqual(job.planned_end, self._at(0, 13))

    def test_helpers_are_not_in_two_places_either(self):
        self._draft(helper_ids=self.anna.ids).action_plan(self.technician.id, self._at(0, 8))
        with self.assertRefused(ValidationError, "Anna is on IN/"):
            self._draft().action_plan(self.anna.id, self._at(0, 9))
        bruno = self._create_technician("Bruno")
        with self.assertRefused(ValidationError, "Anna is on IN/"):
            self._draft(helper_ids=self.anna.ids).action_plan(bruno.id, self._at(0, 9))

    def test_reason_of_an_old_plan_does_not_excuse_a_new_one(self):
        job = self._draft()
        job.action_plan(self.technician.id, self._at(5, 8), conflict_reason="Emergency")
        with self.assertRefused(ValidationError, "does not work"):
            job.action_plan(start=self._at(6, 8))
        self.assertEqual(job.conflict_reason, "Emergency")
        job.action_plan(start=self._at(1, 8))
        self.assertFalse(job.conflict_reason)

    def test_whom_a_job_was_forced_upon_sets_off_for_theirs(self):
        first, forced = self._draft(), self._draft()
        first.action_plan(self.technician.id, self._at(0, 8))
        forced.action_plan(self.technician.id, self._at(0, 9), conflict_reason="No heating")
        first.action_dispatch()
        mine = first.with_user(self.technician_user)
        mine.action_leave()
        mine.action_arrive()
        self.assertEqual(first.state, "on_site")
        with self.assertRefused(ValidationError, f"is on {forced.name}"):
            first.planned_end = self._at(0, 11)

    def test_dispatching_a_draft_plans_it(self):
        complete = self._draft(technician_id=self.technician.id, planned_start=self._at(0, 8))
        complete.action_dispatch()
        self.assertRecordValues(complete, [{"state": "dispatched", "version": 1}])
        with self.assertRefused(UserError, "Give IN/.* a technician .* and a start first"):
            self._draft().action_dispatch()
        closed = self._draft(technician_id=self.technician.id, planned_start=self._at(5, 8))
        with self.assertRefused(ValidationError, "does not work"):
            closed.action_dispatch()

    def test_technician_decides_on_own_hours(self):
        own = (
            self.env["service.intervention"]
            .with_user(self.technician_user)
            .create({"partner_id": self.customer.id, "technician_id": self.technician.id})
        )
        own.action_plan(start=self._at(6, 20))
        self.assertEqual(own.state, "planned")

    def test_unplanned_work_waits_again(self):
        job = self._draft()
        job.action_plan(self.technician.id, self._at(0, 8))
        seen = job.version
        job.action_unplan(seen)
        self.assertRecordValues(
            job, [{"state": "draft", "technician_id": False, "planned_start": False}]
        )
        with self.assertRefused(UserError, "meanwhile"):
            job.action_unplan(seen)
        job.action_plan(self.technician.id, self._at(0, 8))
        job.action_arrive()
        with self.assertRefused(UserError, "cannot become « Draft »"):
            job.action_unplan()

    def test_work_of_another_agency_keeps_its_number(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        lyon.user_ids = self.dispatcher
        away = self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "agency_id": annecy.id}
        )
        away.action_plan(self.technician.id, self._at(0, 8), self._at(0, 10))
        mine = (
            self.env["service.intervention"]
            .with_user(self.dispatcher)
            .create({"partner_id": self.customer.id, "agency_id": lyon.id})
        )
        self.env.invalidate_all()
        with self.assertRefused(ValidationError, "is on work of another agency at that time"):
            mine.action_plan(self.technician.id, self._at(0, 9))

    def test_what_is_changed_in_a_form_is_a_plan_like_any_other(self):
        part = self._consume(self.request, self.burner)
        job = self._draft()
        job.action_plan(self.technician.id, self._at(0, 8), conflict_reason="Emergency")
        with self.assertRefused(ValidationError, "does not work"):
            job.planned_start = self._at(5, 21)  # Saturday night
        other = self._draft()
        other.action_plan(self.anna.id, self._at(1, 8), conflict_reason="Helps out")
        with self.assertRefused(ValidationError, "is on"):
            job.write({"technician_id": self.anna.id, "planned_start": self._at(1, 9)})
        job.planned_start = self._at(2, 8)
        self.assertRecordValues(
            job, [{"version": 2, "conflict_reason": False, "planned_end": self._at(2, 10)}]
        )
        self.assertEqual(part.planned_date, self._at(2, 8))
        job.write({"planned_start": self._at(2, 8), "technician_id": self.technician.id})
        self.assertEqual(job.version, 2, "nothing was changed")
        job.write({"planned_start": self._at(5, 21), "conflict_reason": "The customer wants it"})
        self.assertEqual(job.version, 3)
        self.competence.user_ids = False
        job.write({"technician_id": self.anna.id, "planned_start": self._at(2, 8)})
        self.assertFalse(part.user_id, "Anna has no login, and Théo does not do it")

    def test_an_end_that_is_emptied_is_the_usual_one(self):
        job = self._draft(technician_id=self.technician.id, planned_start=self._at(0, 8))
        for _state in ("draft", "planned"):
            job.planned_end = False
            self.assertEqual(job.planned_end, self._at(0, 10))
            job.action_plan()

    def test_hours_that_somebody_chose_stay(self):
        machine = self._create_equipment()
        nature = self.env.ref("field_intervention.service_intervention_nature_maintenance")
        nature.planned_hours = 5.0
        for case, hours, plan, expected in (
            ("the usual ones follow", False, False, 5.0),
            ("the chosen ones stay", 3.5, False, 3.5),
            ("a plan stays", False, True, None),
        ):
            with self.subTest(case):
                values = {"planned_hours": hours} if hours else {}
                job = (
                    self.env["service.intervention"]
                    .with_user(self.dispatcher)
                    .create({"request_id": self.request.id, **values})
                )
                usual = job.nature_id.planned_hours
                self.assertEqual(job.planned_hours, hours or usual)
                if plan:
                    job.action_plan(self.technician.id, self._at(0, 8))
                job.write({"nature_id": nature.id, "equipment_ids": machine.ids})
                self.assertEqual(job.planned_hours, expected or usual)

    def test_back_to_the_pool_from_a_draft_with_a_date(self):
        job = self._draft(technician_id=self.technician.id, planned_start=self._at(0, 8))
        job.action_unplan()
        self.assertRecordValues(job, [{"state": "draft", "planned_start": False}])

    def _read_told(self, user):
        """What a user was told since the last time."""
        notices = self.env["mail.notification"].search(
            [("res_partner_id", "=", user.partner_id.id), ("id", "not in", self.heard)], order="id"
        )
        self.heard += notices.ids
        return notices.mail_message_id.mapped("body")

    def test_whose_job_it_is_hears_of_it(self):
        self.heard = []
        self._read_told(self.technician_user)
        anna_user = self._create_user("anna", "installed_base.group_service_technician")
        self.anna.user_id = anna_user
        self.competence.user_ids += anna_user
        first, second = self._draft(), self._draft(helper_ids=self.anna.ids)
        first.action_plan(self.technician.id, self._at(0, 8))
        second.action_plan(self.technician.id, self._at(0, 13))
        self.assertFalse(self._read_told(self.technician_user), "a plan may change yet")
        (first | second).action_dispatch()
        (told,) = self._read_told(self.technician_user)
        self.assertIn(first.name, told)
        self.assertIn(second.name, told)
        first.action_plan(self.anna.id, self._at(1, 8))
        self.assertEqual(first.state, "dispatched", "it is still handed over, now to her")
        self.assertIn("not to be done by you", self._read_told(self.technician_user)[-1])
        self.assertIn(first.name, self._read_told(anna_user)[-1])
        first.with_user(anna_user).action_leave()
        self.assertFalse(self._read_told(anna_user), "her own step is no news")

    def test_meetings_are_also_of_the_helpers(self):
        user = self._create_user("anna", "installed_base.group_service_technician")
        self.anna.user_id = user
        self.technician.technician_calendar_sync = True
        job = self._draft(helper_ids=self.anna.ids)
        job.action_plan(self.technician.id, self._at(0, 8))
        partners = job.sudo().calendar_event_id.partner_ids
        self.assertEqual(partners, (self.technician_user | user).partner_id)

    def test_another_request_brings_its_own_parts(self):
        other = self._request(self._create_equipment())
        mine, its = self._consume(self.request, self.burner), self._consume(other, self.burner)
        job = self._draft()
        self.assertEqual(job.consumption_ids, mine)
        job.request_id = other
        self.assertEqual(job.consumption_ids, its)
        self.assertFalse(mine.intervention_id)
