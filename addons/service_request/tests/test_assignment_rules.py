from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestAssignmentRules(ServiceRequestCommon):
    """Who is asked and who is not; what a user wants for the calls they take."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._create_user("colleague", GROUP + "technician")
        cls.lyon, cls.annecy = cls.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        cls.queue = cls.env["service.queue"].create({"name": "Desk", "code": "DESK"})

    # ------------------------------------------------------------ agencies
    def test_staff_of_another_agency_is_not_asked(self):
        self.competence.user_ids |= self.colleague
        self.lyon.user_ids = self.colleague
        self.annecy.user_ids = self.technician_user
        for agency, expected in (
            (self.lyon, self.colleague),
            (self.annecy, self.technician_user),
        ):
            requests = self.env["service.request"].union(
                *(self._request(agency_id=agency.id) for _number in range(2))
            )
            self.assertEqual(requests.user_id, expected, agency.name)

    def test_staff_of_no_agency_works_for_all(self):
        self.assertEqual(self._request(agency_id=self.lyon.id).user_id, self.technician_user)

    def test_nobody_of_the_agency_leaves_it_to_the_queue_of_the_agency(self):
        self.annecy.user_ids = self.technician_user
        lines = self.env["service.queue"].create(
            [
                {
                    "name": agency.name,
                    "code": agency.code,
                    "agency_id": agency.id,
                    "competence_ids": [Command.link(self.competence.id)],
                }
                for agency in (self.annecy, self.lyon)
            ]
        )
        self.assertEqual(self._request(agency_id=self.lyon.id).queue_id, lines[1])

    def test_agency_whose_staff_cannot_dispatch_leaves_it_to_the_global_dispatching(self):
        self.lyon.user_ids = self.technician_user
        self.annecy.user_ids = self.technician_user | self.dispatcher
        for agency, expected in (
            (self.lyon, self.lyon.browse()),
            (self.annecy, self.annecy),
            (self.agency, self.agency),
        ):
            request = self._request(agency_id=agency.id, competence_id=False)
            self.assertEqual(request.dispatch_agency_id, expected, agency.name)

    # ------------------------------------------------------------ leaves
    @freeze_time("2026-03-02 10:00:00")
    def test_who_is_on_leave_today_gets_nothing(self):
        employee = self.env["hr.employee"].create(
            {"name": "Technician", "user_id": self.technician_user.id}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "resource_id": employee.resource_id.id,
                "date_from": "2026-03-01 08:00:00",
                "date_to": "2026-03-05 18:00:00",
            }
        )
        self.assertEqual(self._request().assignment, "dispatch")
        leave.date_from = "2026-03-03 08:00:00"
        self.assertEqual(self._request().user_id, self.technician_user)
        leave.write({"date_from": "2026-03-01 08:00:00", "date_to": "2026-03-02 09:00:00"})
        self.assertEqual(self._request().user_id, self.technician_user)

    # ------------------------------------------------------------ forced default
    def test_what_the_user_wants_goes_before_the_competence(self):
        nobody = {"user_id": False, "queue_id": False}
        for preference, expected in (
            ({"service_default_assignment": False}, {"user_id": self.technician_user.id}),
            (
                {"service_default_assignment": "self"},
                {"user_id": self.call_taker.id, "assignment": "user"},
            ),
            (
                {
                    "service_default_assignment": "user",
                    "service_default_assignee_id": self.dispatcher.id,
                },
                {"user_id": self.dispatcher.id, "assignment": "user"},
            ),
            (
                {
                    "service_default_assignment": "queue",
                    "service_default_queue_id": self.queue.id,
                },
                {"user_id": False, "queue_id": self.queue.id, "assignment": "queue"},
            ),
            (
                {"service_default_assignment": "dispatch"},
                {**nobody, "assignment": "dispatch", "dispatch_agency_id": self.agency.id},
            ),
            (
                {
                    "service_default_assignment": "dispatch",
                    "service_default_agency_id": self.lyon.id,
                },
                {**nobody, "assignment": "dispatch", "dispatch_agency_id": self.lyon.id},
            ),
        ):
            self.call_taker.write(preference)
            self.assertRecordValues(self._request(), [expected])

    def test_preference_of_the_one_who_took_the_call_stays_when_another_changes_it(self):
        self.call_taker.service_default_assignment = "self"
        request = self._request()
        request.with_user(self.dispatcher).competence_id = False
        self.assertEqual(request.user_id, self.call_taker)

    def test_users_set_their_own_preference(self):
        self.env.invalidate_all()
        self.call_taker.with_user(self.call_taker).write(
            {"service_default_assignment": "queue", "service_default_queue_id": self.queue.id}
        )
        self.assertEqual(self._request().queue_id, self.queue)

    def test_what_cannot_take_requests_any_more_is_not_forced(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreigner = self._create_user("foreigner", GROUP + "technician")
        foreigner.write({"company_id": company.id, "company_ids": [Command.set(company.ids)]})
        for record in (self.colleague, self.queue, self.annecy):
            record.active = False
        for kind, name, record in (
            ("user", "assignee", self.colleague),
            ("user", "assignee", foreigner),
            ("queue", "queue", self.queue),
            ("dispatch", "agency", self.annecy),
        ):
            with self.subTest(kind=kind, name=record.name):
                self.call_taker.write(
                    {
                        "service_default_assignment": kind,
                        f"service_default_{name}_id": record.id,
                    }
                )
                request = self._request()
                self.assertNotIn(
                    record, (request.user_id, request.queue_id, request.dispatch_agency_id)
                )
                self.assertIn(request.assignment, ("user", "dispatch"))

    # ------------------------------------------------------------ again
    def test_another_machine_leaves_the_request_with_who_can_do_it(self):
        machine = self._create_equipment()
        request = self._request()
        self.competence.user_ids |= self.colleague
        other = self._request()  # theirs: both are equally busy
        self._request().action_assign_to(request.user_id.id)  # the first is busier now
        assignee = request.user_id
        request.equipment_line_ids = [Command.create({"equipment_id": machine.id})]
        self.assertEqual(request.user_id, assignee)
        self.assertEqual(other.user_id, self.colleague)
        self.competence.user_ids = self.colleague
        request.agency_id = self.lyon
        self.assertEqual(request.user_id, self.colleague, "who cannot do it any more")

    def test_whom_a_request_comes_to_is_told_whatever_brought_it(self):
        self.annecy.user_ids = self.technician_user
        self.lyon.user_ids = self.colleague
        self.competence.user_ids |= self.colleague
        lyon = {"name": "Lyonnais", "is_company": True, "service_agency_id": self.lyon.id}
        customer = self.env["res.partner"].create(lyon)
        machine, second = (self._create_equipment(serial_number=f"T-{n}") for n in range(2))
        named = {"equipment_id": machine.id, "competence_id": self.competence.id}
        lines = self.env["service.request.equipment"]
        bare = {"agency_id": self.annecy.id, "competence_id": False}
        for what, values, change, expected in (
            (
                "a machine by its own model",
                bare,
                lambda r: lines.create({"request_id": r.id, **named}),
                self.technician_user,
            ),
            (
                "a machine of the request",
                bare,
                lambda r: r.write({"equipment_line_ids": [Command.create(named)]}),
                self.technician_user,
            ),
            (
                "the competence of a machine",
                {**bare, "equipment_id": second.id},
                lambda r: r.equipment_line_ids.write({"competence_id": self.competence.id}),
                self.technician_user,
            ),
            (
                "the customer and with it the agency",
                {"agency_id": self.annecy.id},
                lambda r: r.write({"partner_id": customer.id}),
                self.colleague,
            ),
        ):
            with self.subTest(what=what):
                request = self._request(**values)
                self.assertNotEqual(request.user_id, expected)
                change(request)
                self.assertEqual(request.user_id, expected)
                told = self.env["mail.message"].search(
                    [
                        ("model", "=", "service.request"),
                        ("res_id", "=", request.id),
                        ("partner_ids", "in", expected.partner_id.ids),
                    ]
                )
                self.assertEqual(len(told), 1)

    def test_what_the_form_proposed_is_automatic_whoever_got_a_request_meanwhile(self):
        self.competence.user_ids |= self.colleague
        requests = self.env["service.request"].with_user(self.call_taker)
        pair = self.competence.user_ids

        def fill(form):
            form.title = "Cold"
            form.partner_id = self.customer
            form.competence_id = self.competence
            return form.user_id

        with Form(requests) as form:
            proposed = fill(form)
            self._request().action_assign_to(proposed.id)
        self.assertRecordValues(
            form.record, [{"assigned_by_hand": False, "user_id": (pair - proposed).id}]
        )
        with Form(requests) as form:
            chosen = pair - fill(form)
            form.user_id = chosen
            form.severity_id = self.blocking
            form.equipment_id = self._create_equipment()
            self.assertEqual(form.user_id, chosen)
        self.assertRecordValues(form.record, [{"assigned_by_hand": True, "user_id": chosen.id}])
        with Form(requests) as form:
            fill(form)
            form.user_id = self.env["res.users"]
        self.assertRecordValues(form.record, [{"assignment": "dispatch", "user_id": False}])

    # ------------------------------------------------------------ the dialogue
    def _open_dialogue(self, request, **values):
        return (
            self.env["service.request.assign"]
            .with_user(self.dispatcher)
            .create({"request_ids": [Command.set(request.ids)], **values})
        )

    def test_dialogue_shows_this_agency_another_or_all(self):
        self.competence.user_ids = False
        self.lyon.user_ids = self.colleague
        self.annecy.user_ids = self.technician_user
        request = self._request(agency_id=self.lyon.id)
        for scope, agency, expected, hidden in (
            ("agency", False, self.colleague, self.technician_user),
            ("other", self.annecy.id, self.technician_user, self.colleague),
            ("all", False, self.colleague | self.technician_user, self.env["res.users"]),
            ("competent", False, self.env["res.users"], self.colleague),
        ):
            shown = self._open_dialogue(request, scope=scope, agency_id=agency).line_ids.user_id
            self.assertEqual(shown & expected, expected, scope)
            self.assertFalse(shown & hidden, scope)

    def test_dialogue_shows_the_queues_concerned_or_all(self):
        concerned = self.env["service.queue"].create(
            {"name": "Heat", "code": "HEAT", "competence_ids": [Command.link(self.competence.id)]}
        )
        request = self._request()
        self.assertEqual(self._open_dialogue(request).queue_line_ids.queue_id, concerned)
        wizard = self._open_dialogue(request, all_queues=True)
        self.assertIn(self.queue, wizard.queue_line_ids.queue_id)
        wizard.queue_line_ids.filtered(lambda ln: ln.queue_id == self.queue).action_assign()
        self.assertRecordValues(request, [{"assignment": "queue", "queue_id": self.queue.id}])
        self.assertFalse(wizard.is_no_queue_concerned)
        concerned.competence_ids = False
        wizard = self._open_dialogue(request)
        self.assertTrue(wizard.is_no_queue_concerned)
        self.assertLessEqual(concerned | self.queue, wizard.queue_line_ids.queue_id)
        self.assertTrue(wizard.is_competence_known, "no queue takes it")
        request.competence_id = False
        self.assertFalse(self._open_dialogue(request).is_competence_known)

    def test_why_it_is_with_whom_it_is(self):
        request = self._request()
        self.assertIn("Competent for « Heating »", request.assignment_reason)
        request.competence_id = False
        self.assertIn("No competence is given", request.assignment_reason)
        self.lyon.user_ids = self.colleague
        nowhere = self._request(agency_id=self.lyon.id, competence_id=False)
        self.assertRegex(nowhere.assignment_reason, "No competence is given.*Lyon has no disp")
        request.competence_id = self.env["service.competence"].create({"name": "X", "code": "X"})
        self.assertIn("no queue takes it", request.assignment_reason)
        self.queue.competence_ids = request.competence_id
        other = self._request(competence_id=request.competence_id.id)
        self.assertRegex(other.assignment_reason, "Nobody competent for « X ».*its queue")
        request.action_assign_to(self.colleague.id)
        self.assertIn("by hand", request.assignment_reason)
        request.action_send_to_sales()
        self.assertIn("the customer has no salesperson", request.assignment_reason)
        request.salesperson_ids = self.dispatcher
        self.assertIn("a salesperson was given a task", request.assignment_reason)
        self.call_taker.service_default_assignment = "self"
        self.assertIn(self.call_taker.name, self._request().assignment_reason)

    def test_second_of_two_dispatchers_is_told(self):
        with freeze_time("2026-03-02 10:00:00"):
            request = self._request()
            wizard = self._open_dialogue(request)
        with freeze_time("2026-03-02 10:01:00"):
            request.action_assign_to(self.colleague.id)
        with self.assertRefused(UserError, f"{request.name} .Colleague"):
            wizard.line_ids[:1].action_assign()
        # the dialogue is saved only when a button is pressed
        dialogues = self.env["service.request.assign"].with_user(self.dispatcher)
        with freeze_time("2026-03-02 10:02:00"):
            form = Form(dialogues.with_context(active_ids=request.ids))
        with freeze_time("2026-03-02 10:03:00"):
            request.action_assign_to(self.technician_user.id)
        with freeze_time("2026-03-02 10:04:00"), self.assertRefused(UserError, request.name):
            form.save().line_ids[:1].action_assign()
        request.action_assign_to(self.colleague.id)
        self.assertEqual(request.user_id, self.colleague)
        with self.assertRefused(UserError, "Taken already"):
            request.with_user(self.dispatcher).action_take()

    def test_request_that_another_transaction_assigns_is_refused(self):
        request = self._request()
        self.patch(type(request), "try_lock_for_update", lambda requests, **_kw: requests.browse())
        with self.assertRefused(UserError, "right now"):
            request.action_assign_to(self.colleague.id)

    # ------------------------------------------------------------ sales
    def test_salesperson_gets_a_task_for_the_deadline(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        self.customer.user_id = seller
        request = self._request(deadline=datetime(2026, 3, 10, 12), deadline_reason="Fair")
        self.env.invalidate_all()
        notice = request.action_send_to_sales()
        self.assertEqual(notice["params"]["message"], "A task was created for Seller.")
        self.assertRecordValues(request, [{"assignment": "sales", "user_id": False}])
        self.assertRecordValues(
            request.activity_ids,
            [{"user_id": seller.id, "date_deadline": datetime(2026, 3, 10).date()}],
        )
        request.action_send_to_sales()
        self.assertEqual(len(request.activity_ids), 1)

    def test_without_salesperson_the_user_is_told(self):
        request = self._request()
        notice = request.action_send_to_sales()
        self.assertIn("No task could be given", notice["params"]["message"])
        self.assertEqual(request.assignment, "sales")
        self.assertFalse(request.activity_ids)

    def test_dialogue_gives_to_dispatching(self):
        for agency in (self.lyon, self.annecy):
            agency.user_ids = self.dispatcher
        request = self._request(agency_id=self.lyon.id)
        request.action_assign_to(self.colleague.id)
        self._open_dialogue(request).action_dispatch()
        self.assertRecordValues(
            request,
            [{"assignment": "dispatch", "user_id": False, "dispatch_agency_id": self.lyon.id}],
        )
        wizard = self._open_dialogue(request, scope="other", agency_id=self.annecy.id)
        wizard.opened_on = request.assign_date
        wizard.action_dispatch()
        self.assertEqual(request.dispatch_agency_id, self.annecy)

    def test_dialogue_hands_to_sales(self):
        request = self._request()
        notice = self._open_dialogue(request).action_sales()
        self.assertIn("No task could be given", notice["params"]["message"])
        self.assertEqual(request.assignment, "sales")

    # ------------------------------------------------------------ stage and queries
    def test_taking_starts_the_work(self):
        request, closed = self._request(), self._request()
        request.with_user(self.dispatcher).action_take()
        self.assertEqual(
            request.stage_id, self.env.ref("service_request.service_request_stage_progress")
        )
        closed.action_close()
        stage = closed.stage_id
        closed._start_progress()
        self.assertEqual(closed.stage_id, stage)

    def test_assigning_many_costs_no_more_queries_than_assigning_few(self):
        self.competence.user_ids |= self.colleague
        counts = []
        for number in (2, 40):
            requests = self.env["service.request"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "title": f"Call {n}",
                        "competence_id": self.competence.id,
                        "date": datetime(2026, 3, 2) + timedelta(hours=n),
                    }
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests._find_assignments()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
