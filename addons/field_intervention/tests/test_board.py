from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import RecordCapturer, freeze_time, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestBoard(FieldInterventionCommon):
    """What the dispatch board shows; start is a Monday at eight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls._create_technician("Anna")
        cls.dispatcher.tz = "UTC"
        cls.midnight = cls.start - timedelta(hours=8)

    def _draft(self, **values):
        return (
            self.env["service.intervention"]
            .with_user(self.dispatcher)
            .create({"partner_id": self.customer.id, "planned_hours": 2, **values})
        )

    def _planned(self, technician=None, hours=0, **values):
        job = self._draft(**values)
        job.action_plan((technician or self.technician).id, self.start + timedelta(hours=hours))
        return job

    def _board(self, days=1, domain=(), user=None, start=None):
        self.env.flush_all()
        self.env.invalidate_all()
        start = start or self.midnight
        return (
            self.env["service.intervention"]
            .with_user(user or self.dispatcher)
            .get_board(
                Datetime.to_string(start), Datetime.to_string(start + timedelta(days=days)), domain
            )
        )

    def _row(self, board, technician):
        return next(row for row in board["technicians"] if row["id"] == technician.id)

    def test_technicians_who_have_nothing_to_do_have_a_row_too(self):
        self._planned(hours=1)
        board = self._board()
        day = self.midnight.date().isoformat()
        self.assertEqual(
            self._row(board, self.technician)["days"],
            [{"date": day, "available": 8.0, "planned": 2.0}],
        )
        idle = self._row(board, self.anna)
        self.assertEqual(idle["days"], [{"date": day, "available": 8.0, "planned": 0.0}])
        at = [Datetime.to_string(self.start + timedelta(hours=h)) for h in (0, 4, 5, 9)]
        self.assertEqual(idle["open"], [at[:2], at[2:]])

    def test_a_follow_up_is_known_by_its_name_and_the_parts_still_to_fit(self):
        jobs = self._draft()
        for part in (self.burner, self.labor):
            job = self._draft()
            job._ensure_requests()
            job.consumption_ids = [Command.create({"product_id": part.id})]
            self.env.flush_all()
            job.action_plan(self.technician.id, self.start + timedelta(days=len(jobs)))
            job.action_arrive()
            jobs |= job.action_to_resume()
        _fresh, follow_up, without_parts = jobs
        cards = {card["id"]: card for card in self._board()["pool"]}
        self.assertEqual(
            {id_: card["is_short"] for id_, card in cards.items()},
            {jobs[0].id: False, follow_up.id: True, without_parts.id: False},
        )
        self.assertIn("Follow-up", cards[follow_up.id]["nature"])
        self.assertNotIn("Follow-up", cards[jobs[0].id]["nature"] or "")

    def test_bars_are_those_of_the_window(self):
        today, tomorrow = self._planned(), self._planned(hours=24)
        board = self._board()
        self.assertEqual([bar["id"] for bar in board["interventions"]], today.ids)
        bar = board["interventions"][0]
        self.assertEqual(bar["partner"], "Hôtel du Lac")
        self.assertEqual(bar["version"], today.version)
        self.assertEqual(bar["planned_start"], Datetime.to_string(self.start))
        self.assertEqual(
            [bar["id"] for bar in self._board(days=2)["interventions"]], (today | tomorrow).ids
        )

    def test_pool_holds_what_waits_by_deadline(self):
        without = self._draft()
        late, soon = (
            self._draft(request_id=self._request(self._create_equipment()).id) for _n in range(2)
        )
        late.request_id.deadline = self.start + timedelta(days=9)
        soon.request_id.deadline = self.start
        self._planned()
        board = self._board()
        self.assertEqual([card["id"] for card in board["pool"]], [soon.id, late.id, without.id])
        self.assertEqual(board["pool_count"], 3)

    def test_late_counts_all_days_whatever_is_shown(self):
        def job(hours, deadline):
            request = self._request(self._create_equipment())
            request.deadline = deadline
            return self._planned(hours=hours, request_id=request.id)

        passed = Datetime.now() - timedelta(days=1)
        after, in_time, waiting, over = (
            job(hours, deadline)
            for hours, deadline in (
                (0, self.start + timedelta(hours=1)),
                (24, self.start + timedelta(days=9)),
                (48, passed),
                (72, passed),
            )
        )
        over.action_cancel()
        waiting.action_unplan()
        for days in (1, 7, 31):
            self.assertEqual(self._board(days=days)["late_count"], 2)
        self.assertEqual(self._board(domain=[("priority", "=", "1")])["late_count"], 0)
        jobs = after | in_time | waiting | over
        for is_late, found in ((True, after | waiting), (False, in_time | over)):
            domain = [("is_late", "=", is_late), ("id", "in", jobs.ids)]
            self.assertEqual(self.env["service.intervention"].search(domain), found.sorted())
            self.assertEqual(jobs.filtered(lambda i, late=is_late: i.is_late == late), found)

    def test_breaks_are_no_load(self):
        job = self._planned(hours=2, planned_hours=4)
        self.assertEqual(job.planned_end, self.start + timedelta(hours=7))
        over_night = self._planned(self.anna, hours=7, planned_hours=4)
        self.assertEqual(over_night.planned_end, self.start + timedelta(hours=26))
        for day, loads in ((0, (4, 2)), (1, (0, 2))):
            board = self._board(start=self.midnight + timedelta(days=day))
            rows = (self._row(board, who) for who in (self.technician, self.anna))
            self.assertEqual(tuple(row["days"][0]["planned"] for row in rows), loads)

    def test_other_jobs_stay_on_the_board_when_a_filter_is_set(self):
        repair = self._planned(priority="1")
        other = self._planned(hours=4)
        board = self._board(domain=[("priority", "=", "1")])
        self.assertEqual(
            {bar["id"]: bar["match"] for bar in board["interventions"]},
            {repair.id: True, other.id: False},
        )

    def test_leaves_are_shown_without_their_private_reason(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Hospital",
                "resource_id": self.anna.resource_id.id,
                "date_from": self.start,
                "date_to": self.start + timedelta(hours=4),
            }
        )
        row = self._row(self._board(), self.anna)
        self.assertEqual([leave[2] for leave in row["leaves"]], ["Absent"])
        self.assertEqual(row["days"][0]["available"], 4.0)

    def test_helpers_are_busy_too_and_work_of_days_rests_at_night(self):
        job = self._draft(planned_hours=16, helper_ids=self.anna.ids)
        job.action_plan(self.technician.id, self.start)
        board = self._board(days=3)
        for technician in (self.technician, self.anna):
            self.assertEqual(
                [day["planned"] for day in self._row(board, technician)["days"]], [8, 8, 0]
            )

    def test_month_shows_the_load_only(self):
        self._planned()
        board = self._board(days=31)
        self.assertEqual(board["interventions"], [])
        days = self._row(board, self.technician)["days"]
        self.assertEqual(len(days), 31)
        self.assertEqual(sum(day["planned"] for day in days), 2)

    def test_days_are_those_of_the_user_when_the_clocks_change(self):
        self.dispatcher.tz = "Europe/Paris"
        start = Datetime.to_datetime("2026-03-28 23:00:00")  # the night of the 29th loses an hour
        self.working_hours.attendance_ids = [
            Command.create({"name": "Night", "dayofweek": "6", "hour_from": 0, "hour_to": 4})
        ]
        self.working_hours.tz = self.technician.tz = "Europe/Paris"
        board = self.env["service.intervention"].with_user(self.dispatcher)
        days = self._row(
            board.get_board(start, Datetime.to_datetime("2026-03-30 22:00:00")), self.technician
        )["days"]
        self.assertEqual([day["date"] for day in days], ["2026-03-29", "2026-03-30"])
        self.assertEqual(days[1]["available"], 8)

    def test_board_of_an_agency_shows_no_work_of_another_one(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        lyon.user_ids = self.dispatcher
        self.technician.technician_agency_ids = lyon | annecy
        self.anna.technician_agency_ids = annecy
        foreign = self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "agency_id": annecy.id, "planned_hours": 2}
        )
        foreign.action_plan(self.technician.id, self.start)
        waiting = foreign.copy()
        board = self._board()
        self.assertEqual(board["interventions"], [])
        self.assertNotIn(waiting.id, [card["id"] for card in board["pool"]])
        self.assertNotIn(self.anna.id, [row["id"] for row in board["technicians"]])
        row = self._row(board, self.technician)
        at = [Datetime.to_string(self.start + timedelta(hours=h)) for h in (0, 2)]
        self.assertEqual(row["elsewhere"], [at], "busy, with nothing said about it")
        self.assertEqual(row["days"][0]["planned"], 2)
        for job in (foreign, waiting):
            with self.assertRefused(AccessError, "Intervention"):
                job.with_user(self.dispatcher).action_plan(self.anna.id, self.start)
        proposal = self.env["service.intervention.propose"].with_user(self.dispatcher).create({})
        self.assertEqual(proposal.agency_id, lyon)
        self.assertFalse(proposal._get_waiting())

    def test_board_of_a_company_shows_nothing_of_another_one(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["hr.employee"].create(
            {"name": "Foreigner", "is_technician": True, "company_id": company.id}
        )
        job = self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "company_id": company.id}
        )
        job.action_plan(foreign.id, self.start, conflict_reason="test")
        board = self._board()
        self.assertNotIn(foreign.id, [row["id"] for row in board["technicians"]])
        self.assertFalse(board["interventions"])
        self.env.invalidate_all()
        with self.assertRefused(AccessError, "Intervention"):
            job.with_user(self.dispatcher).action_plan(foreign.id, self.start + timedelta(days=1))
        mine = self._draft()
        with self.assertRefused(UserError, "compan"):
            mine.action_plan(foreign.id, self.start + timedelta(days=1))

    def test_technician_sees_no_colleagues(self):
        self._planned(self.anna)
        mine = self._planned()
        board = self._board(user=self.technician_user)
        self.assertEqual([row["id"] for row in board["technicians"]], self.technician.ids)
        self.assertEqual([bar["id"] for bar in board["interventions"]], mine.ids)

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for number in (1, 30):
            for index in range(number):
                technician = self._create_technician(f"{number}-{index}")
                self._planned(technician)
                self._draft()
            self._board()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            board = self.env["service.intervention"].with_user(self.dispatcher)
            board.get_board(self.midnight, self.midnight + timedelta(days=7))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # ------------------------------------------------------------ live
    def _announced(self, action):
        self.env.cr.precommit.run()
        with RecordCapturer(self.env["bus.bus"], []) as capture:
            action()
            self.env.cr.precommit.run()
        return capture.records.filtered(lambda m: "service.intervention/changed" in m.message)

    def test_offices_of_the_agencies_are_told_once(self):
        job = self._planned()
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        messages = self._announced(lambda: job.write({"agency_id": lyon.id, "priority": "1"}))
        for agency in (lyon, self.agency):
            [message] = messages.filtered(
                lambda m, agency=agency: f'"service.agency",{agency.id}]' in m.channel
            )
            self.assertIn(f'"ids":[{job.id}]', message.message)
        self.assertEqual(len(messages), 2)

    def test_what_no_screen_shows_disturbs_nobody(self):
        job = self._planned()
        self.assertFalse(self._announced(lambda: job.write({"findings": "Rust"})))

    def test_each_listens_to_their_agencies_only(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["service.agency"].search([("company_id", "=", company.id)])
        agencies = self.env["service.agency"]
        heard = agencies.with_user(self.dispatcher)._get_listened()
        self.assertLessEqual(lyon | annecy | self.agency, heard)
        self.assertFalse(heard & foreign)
        lyon.user_ids = self.dispatcher
        self.assertEqual(agencies.with_user(self.dispatcher)._get_listened(), lyon)
        self.assertFalse(agencies.with_user(self.technician_user)._get_listened())

    def test_view_is_checked(self):
        view = {"name": "board", "model": "service.intervention", "type": "dispatch"}
        self.env["ir.ui.view"].create({**view, "arch": '<dispatch scale="week"/>'})
        for arch, message in (
            ('<dispatch colour="red"/>', "no attribute colour"),
            ('<dispatch scale="year"/>', "day, week or month"),
            ('<dispatch><field name="name"/></dispatch>', "no content"),
        ):
            with self.assertRefused(ValidationError, message):
                self.env["ir.ui.view"].create({**view, "arch": arch})

    def test_boundary_of_a_sector_can_be_drawn(self):
        sector = self.env["service.sector"].create({"name": "Annecy"})
        ring = "[[6, 45], [7, 45], [7, 46], [6, 45]]"
        area = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
        feature = f'{{"type": "Feature", "geometry": {area}}}'
        for good in (
            area,
            feature,
            f'{{"type": "MultiPolygon", "coordinates": [[{ring}]]}}',
            f'{{"type": "FeatureCollection", "features": [{feature}]}}',
            f'{{"type": "GeometryCollection", "geometries": [{area}]}}',
        ):
            sector.boundary = good
        for bad in (
            "Annecy",
            "[]",
            '{"type": "Polygon"}',
            '{"type": "Polygon", "coordinates": []}',
            '{"type": "Polygon", "coordinates": [[6, 45]]}',
            '{"type": "Polygon", "coordinates": [[["6", "45"]]]}',
            '{"type": "Point", "coordinates": [6, 45]}',
            '{"type": "Feature", "geometry": null}',
            '{"type": "FeatureCollection", "features": [{}]}',
        ):
            with self.assertRefused(ValidationError, "boundary of Annecy is not GeoJSON"):
                sector.boundary = bad

    def test_dashboard_shows_what_is_done_today_and_by_whom(self):
        """Two hours of eight are 25 %; Anna's nine, around lunch, are 112 %."""
        with freeze_time(self.start):
            before = self._read_figures()
            request = self._request(self._create_equipment())
            done = self._planned(request_id=request.id)
            long, end = self._draft(), self.start + timedelta(hours=10)
            long.action_plan(self.anna.id, self.start, end, conflict_reason="Flood")
            self._planned(hours=24)
            done.with_user(self.technician_user).action_start()
            done.with_user(self.technician_user).action_done()
            after = self._read_figures()
            for name, difference in (("Interventions Planned", 2), ("Interventions Done", 1)):
                self.assertEqual(after[name]["value"] - before[name]["value"], difference, name)
                found = done.search_count(after[name]["domain"])
                self.assertEqual(found, after[name]["value"], name)
            for technician, share, tone in ((self.technician, 25, ""), (self.anna, 112, "danger")):
                figure = after[technician.name]
                self.assertEqual((figure["value"], figure["unit"]), (share, "%"))
                self.assertEqual(figure["tone"], tone)
            self.assertEqual(done.search(after["Théo Technician"]["domain"]), done)

    def test_dashboard_tells_hours_on_a_day_off(self):
        saturday = self.start + timedelta(days=5)
        with freeze_time(saturday):
            self._draft().action_plan(self.anna.id, saturday, conflict_reason="Flood")
            figure = self._read_figures()["Anna"]
        self.assertEqual((figure["value"], figure["unit"]), (2, "h"))
