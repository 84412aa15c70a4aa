from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestRank(FieldInterventionCommon):
    """Who can go, and why; start is a Monday at eight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.write({"partner_latitude": 45.9, "partner_longitude": 6.12})
        cls.depot = cls.env["res.partner"].create(
            {
                "name": "Depot",
                "city": "Lyon",
                "partner_latitude": 45.76,
                "partner_longitude": 4.83,
            }
        )
        cls.anna = cls._create_technician("Anna", home_partner_id=cls.depot.id)
        cls.technician.technician_agency_ids = cls.agency
        cls.machine = cls._create_equipment()
        cls.job = cls._draft_for(cls.machine)

    @classmethod
    def _draft_for(cls, machine):
        request = cls._request(machine)
        return (
            cls.env["service.intervention"]
            .with_user(cls.dispatcher)
            .create({"request_id": request.id, "planned_hours": 2, "planned_start": cls.start})
        )

    def _reasons(self, technician, job=None):
        self.env.flush_all()
        self.env.invalidate_all()
        ranking = (job or self.job)._rank_technicians()
        self.assertEqual(
            [r["score"] for r in ranking], sorted((r["score"] for r in ranking), reverse=True)
        )
        found = next(r for r in ranking if r["technician_id"] == technician.id)
        return found["reasons"], found["conflicts"]

    def test_competent_technician_comes_first_with_reasons(self):
        ranking = self.job._rank_technicians()
        self.assertEqual(
            [r["technician_id"] for r in ranking][:2], [self.technician.id, self.anna.id]
        )
        self.assertIn("Competent: Heating", ranking[0]["reasons"])
        self.assertIn(f"Agency {self.agency.name}", ranking[0]["reasons"])
        self.assertIn("Free at that time", ranking[0]["reasons"])
        self.assertIn("Lacks the competence Heating", ranking[1]["reasons"])

    def test_who_lacks_the_competence_is_said_before_the_drop(self):
        self.anna.user_id = self._create_user("anna")
        job = self.job.with_user(self.dispatcher)
        self.assertEqual(
            job.get_lacking_technicians(),
            {"competence": "Heating", "technician_ids": self.anna.ids},
        )
        job.request_id.competence_id = False
        job.request_id.equipment_line_ids.competence_id = False
        self.assertEqual(job.get_lacking_technicians(), {"competence": False, "technician_ids": []})

    def test_assignee_of_the_request_is_proposed(self):
        self.job.request_id.action_assign_to(self.technician_user.id)
        reasons, _conflicts = self._reasons(self.technician)
        self.assertIn("The request is assigned to them", reasons)

    def test_usual_sector_counts_from_the_family_on(self):
        region, city = self.env["service.sector"].create(
            [{"name": "Haute-Savoie"}, {"name": "Annecy"}]
        )
        city.parent_id = region
        self.site.service_sector_id = city
        self.anna.technician_sector_ids = region
        reasons, _conflicts = self._reasons(self.anna)
        self.assertIn("Usual sector: Haute-Savoie", reasons)

    def test_who_knows_the_machine(self):
        visit = self._draft_for(self.machine)
        visit.action_plan(self.anna.id, self.start)
        visit.action_arrive()
        visit.report = "<p>Cleaned</p>"
        visit.action_done()
        reasons, _conflicts = self._reasons(self.anna)
        self.assertIn("Knows the machine: 1 visits", reasons)

    def test_busy_absent_and_off_duty_are_conflicts(self):
        other = self._draft_for(self._create_equipment())
        other.action_plan(self.technician.id, self.start + timedelta(hours=1))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": self.anna.resource_id.id,
                "date_from": self.start,
                "date_to": self.start + timedelta(hours=1),
            }
        )
        _reasons, conflicts = self._reasons(self.technician)
        self.assertEqual(len(conflicts), 1)
        self.assertIn(f"On {other.name} from", conflicts[0])
        self.assertEqual(self._reasons(self.anna)[1], ["Away (Absent)"])
        self.job.planned_start = self.start + timedelta(days=5)
        self.assertEqual(self._reasons(self.technician)[1], ["Off duty at that time"])

    def test_load_of_the_day_and_the_way(self):
        other = self._draft_for(self._create_equipment())
        other.action_plan(self.technician.id, self.start + timedelta(hours=5))
        reasons, conflicts = self._reasons(self.technician)
        self.assertFalse(conflicts)
        self.assertIn("2.0 of 8.0 h planned that day", reasons)
        # 101 km as the crow flies, 1.3 times that on the road, at 50 km/h
        self.assertIn("158 min from Lyon", self._reasons(self.anna)[0])

    def test_only_technicians_of_the_agencies_at_hand(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        self.anna.technician_agency_ids = annecy
        lyon.user_ids = [Command.set(self.dispatcher.ids)]
        self.technician.technician_agency_ids = lyon
        self.job.sudo().agency_id = lyon
        self.env.invalidate_all()
        ranked = [r["technician_id"] for r in self.job._rank_technicians()]
        self.assertEqual(ranked, self.technician.ids)

    def test_number_of_queries_does_not_grow_with_the_technicians(self):
        self.job._rank_technicians()
        counts = []
        for number in (0, 40):
            for index in range(number):
                self._create_technician(f"T{index}", home_partner_id=self.depot.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.job._rank_technicians()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_number_of_queries_of_the_next_free_hour_does_not_grow(self):
        """Neither with the technicians nor with their jobs, each at another address."""
        self.job.planned_start = False
        self.job.get_candidates()
        counts = []
        for number in (1, 20):
            technicians = [
                self._create_technician(f"T{number}-{index}", home_partner_id=self.depot.id)
                for index in range(number)
            ]
            for technician in technicians:
                for hours in (0, 3):
                    job = self._draft_for(self._create_equipment())
                    job.address_id = self.depot.copy()
                    job.action_plan(technician.id, self.start + timedelta(hours=hours))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(self.start):
                found = self.job.get_candidates()["candidates"]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(candidate["next_start"] for candidate in found))
        self.assertEqual(*counts)

    def _next(self, technician, start=None, job=None):
        self.env.flush_all()
        self.env.invalidate_all()
        found = (job or self.job).get_candidates(self.start if start is None else start)
        found = found["candidates"]
        return next(c["next_start"] for c in found if c["technician_id"] == technician.id)

    def _at(self, hours, days=0):
        return fields.Datetime.to_string(self.start + timedelta(days=days, hours=hours))

    def test_the_next_free_hour_of_who_cannot_come(self):
        """Two hours are needed; work is from 8 to 12 and from 13 to 17, with the break anywhere."""
        self.assertFalse(self._next(self.technician))  # free at the asked time
        self.job.planned_start = False
        with freeze_time(self.start + timedelta(minutes=50)):
            self.assertEqual(self._next(self.technician, False), self._at(1))
        self.job.planned_start = self.start
        taken = self._draft_for(self._create_equipment())
        taken.action_plan(self.technician.id, self.start)
        for asked, free in (
            (0, 2),  # busy from 8 to 10
            (1, 2),
            (-2, 2),  # before work: the morning is taken
            (8, 24),  # 16 to 18: too late today
            (5 * 24, 7 * 24),  # Saturday: next Monday
        ):
            with self.subTest(asked=asked):
                asked = self.start + timedelta(hours=asked)
                self.assertEqual(self._next(self.technician, asked), self._at(free))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": self.technician.resource_id.id,
                "date_from": self.start + timedelta(hours=2),
                "date_to": self.start + timedelta(hours=5, minutes=10),
            }
        )
        self.assertEqual(self._next(self.technician), self._at(5.25))
        self.job.latest = self.start + timedelta(hours=5)
        self.assertFalse(self._next(self.technician))
        self.job.write({"latest": False, "earliest": self.start + timedelta(hours=6)})
        self.assertEqual(self._next(self.technician), self._at(6))
        self.job.helper_ids = self.anna
        taken.copy({"planned_start": self.start + timedelta(hours=6)}).action_plan(self.anna.id)
        self.assertEqual(self._next(self.technician), self._at(0, days=1))

    def test_the_window_of_the_customer_is_an_obstacle(self):
        window = {
            "earliest": self.start + timedelta(hours=1),
            "latest": self.start + timedelta(hours=3),
        }
        for hours, words in ((0, "can receive us from"), (1, ""), (3, ""), (4, "until")):
            job = self._draft_for(self.machine)
            job.write({**window, "planned_start": self.start + timedelta(hours=hours)})
            conflicts = self._reasons(self.technician, job)[1]
            self.assertEqual(len(conflicts), bool(words), f"{hours} {conflicts}")
            if words:
                self.assertIn(words, conflicts[0])
                with self.assertRefused(ValidationError, words):
                    job.action_plan(self.technician.id)
            job.action_plan(
                self.technician.id, conflict_reason="They hide a key" if words else None
            )
            self.assertEqual(job.state, "planned")
            job.action_cancel()
        with self.assertRefused(ValidationError, "correct one of the dates"):
            self.job.write({"earliest": self.start, "latest": self.start - timedelta(hours=1)})

    def test_the_way_between_jobs_counts(self):
        """101 km as the crow flies from Lyon: 158 minutes."""
        far = self._draft_for(self._create_equipment())
        far.address_id = self.depot
        far.action_plan(self.technician.id, self.start)
        asked = self.start + timedelta(hours=2)
        reasons, conflicts = self._reasons(self.technician)
        self.job.planned_start = asked
        reasons, conflicts = self._reasons(self.technician)
        self.assertFalse(conflicts)
        self.assertIn(f"158 min from {far.name}, which ends", " ".join(reasons))
        self.assertNotIn("Free at that time", reasons)
        # 10:00 and 2:38 h are 12:38, rounded up to a quarter
        self.assertEqual(self._next(self.technician, asked), self._at(4.75))
        far.action_plan(start=self.start + timedelta(hours=5))
        self.assertIn(
            f"158 min to {far.name}, which starts", " ".join(self._reasons(self.technician)[0])
        )
        self.assertEqual(self._next(self.technician, asked), self._at(0, days=1))

    def test_dialog_names_the_technicians_at_another_time(self):
        found = self.job.get_candidates("2026-03-01 09:00:00")  # a Sunday
        self.assertEqual(found["start"], "2026-03-01 09:00:00")
        self.assertEqual(found["candidates"][0]["name"], "Théo Technician")
        self.assertIn("Off duty at that time", found["candidates"][0]["conflicts"])
