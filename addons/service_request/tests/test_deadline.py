import ast
from datetime import datetime, timedelta

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestDeadline(ServiceRequestCommon):
    def test_without_contract_the_reaction_days_count(self):
        request = self._request(self._create_equipment())
        self.assertEqual(request.deadline, datetime(2026, 3, 9, 9))
        self.env.company.service_default_reaction_days = 3
        self.assertEqual(self._request().deadline, datetime(2026, 3, 5, 9))

    def test_contract_promises_by_severity(self):
        machine = self._deliver_machine()
        request = self._request(machine)
        self.assertEqual(request.deadline, datetime(2026, 3, 2, 17))
        self.assertEqual(request.commitment_contract_id.kind, "warranty")
        request.severity_id = self.env.ref("service_request.service_severity_low")
        self.assertEqual(request.deadline, datetime(2026, 3, 9, 9))
        self.assertFalse(request.commitment_contract_id)

    def test_promise_for_the_very_severity_goes_first(self):
        self.warranty.commitment_ids = [
            Command.create(
                {"blocking": True, "severity_id": self.blocking.id, "resolution_hours": 4}
            )
        ]
        self.assertEqual(self._request(self._deliver_machine()).deadline, datetime(2026, 3, 2, 13))
        self.assertEqual(
            self.warranty.commitment_ids.mapped("display_name"), ["Blocking", self.blocking.name]
        )

    def test_earliest_promise_of_several_contracts_counts(self):
        machine = self._deliver_machine()
        fast = self._create_contract(
            {"scope": "customer"},
            commitment_ids=[Command.create({"blocking": True, "resolution_hours": 2})],
        )
        bare = self._create_equipment()
        request = self._request(machine | bare)
        self.assertEqual(request.commitment_contract_id, fast)
        self.assertEqual(request.deadline, datetime(2026, 3, 2, 11))

    def test_who_pays_does_not_take_back_the_time_that_was_promised(self):
        machine = self._deliver_machine()
        bare = self._create_equipment()
        slow = self._create_contract(
            commitment_ids=[Command.create({"blocking": True, "resolution_hours": 24})],
        )
        warranty, default = datetime(2026, 3, 2, 17), datetime(2026, 3, 9, 9)
        for machines, coverage, contract, expected in (
            (machine, False, False, warranty),
            (machine, "goodwill", False, warranty),
            (machine, "sale", False, warranty),
            (machine, "direct", False, warranty),
            (machine, "contract", False, warranty),  # as goodwill
            (machine, "contract", slow, datetime(2026, 3, 3, 9)),
            (machine, "none", False, default),  # the contract has nothing to do with it
            (bare, "goodwill", False, default),
            (machine | bare, "goodwill", False, warranty),
        ):
            chosen = {"coverage_manual": coverage, "coverage_contract_id": contract and contract.id}
            for where in ("on creation", "later", "on the machines"):
                with self.subTest(machines=machines, coverage=coverage, where=where):
                    request = self._request(machines, **(chosen if where == "on creation" else {}))
                    if where == "later":
                        request.write(chosen)
                    elif where == "on the machines":
                        request.equipment_line_ids.write(chosen)
                    self.assertEqual(request.deadline, expected)
        request = self._request(machine, coverage_manual="goodwill")
        request.coverage_manual = "none"
        self.assertEqual(request.deadline, default)
        request.action_reset_coverage()
        self.assertEqual(request.deadline, warranty)

    def test_coverage_refused_after_the_repair_keeps_the_deadline_it_was_done_by(self):
        request = self._request(self._deliver_machine())
        line = request.equipment_line_ids
        line.coverage_to_confirm = True
        line.action_confirm_coverage("Frozen by the customer", "none")
        self.assertEqual((request.coverage, request.deadline), ("none", datetime(2026, 3, 2, 17)))

    def test_promise_to_a_customer_counts_without_a_machine(self):
        fast = self._create_contract(
            {"scope": "customer"},
            commitment_ids=[Command.create({"blocking": True, "resolution_hours": 2})],
        )
        for coverage in (False, "goodwill"):
            request = self._request(coverage_manual=coverage)
            self.assertEqual(request.commitment_contract_id, fast)
            self.assertEqual(request.deadline, datetime(2026, 3, 2, 11))

    def test_deadline_set_by_hand_stays(self):
        request = self._request(self._create_equipment())
        request.write({"deadline": "2026-03-04 12:00:00", "deadline_reason": "Opening day"})
        self.assertTrue(request.deadline_manual)
        request.severity_id = self.env.ref("service_request.service_severity_low")
        self.assertEqual(request.deadline, datetime(2026, 3, 4, 12))

    def test_typed_deadline_asks_for_its_reason(self):
        machine = self._deliver_machine()
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.title = "Cold"
        form.equipment_id = machine
        form.severity_id = self.blocking
        self.assertFalse(form.deadline_manual)
        automatic = form.deadline
        form.deadline = datetime(2026, 3, 4, 12)
        self.assertTrue(form.deadline_manual)
        with self.assertRaisesRegex(AssertionError, "deadline_reason is a required field"):
            form.save()
        form.deadline = automatic
        self.assertFalse(form.deadline_manual)
        form.deadline = datetime(2026, 3, 4, 12)
        form.deadline_reason = "Opening day"
        self.assertRecordValues(
            form.save(),
            [{"deadline": datetime(2026, 3, 4, 12), "deadline_manual": True}],
        )

    def test_clock_runs_from_on_track_to_failed(self):
        request = self._request(self._deliver_machine())
        self.assertEqual(request.sla_state, "on_track")
        for hours, expected in (
            (5.9, "on_track"),
            (6, "at_risk"),
            (7.9, "at_risk"),
            (8.1, "failed"),
        ):
            with freeze_time(datetime(2026, 3, 2, 9) + timedelta(hours=hours)):
                self.env["service.request"]._cron_update_sla_state()
            self.assertEqual(request.sla_state, expected, f"after {hours} hours")

    def test_closed_in_time_is_met_and_late_is_failed(self):
        intime, late = self._request(), self._request()
        intime.action_close()
        self.assertEqual(intime.sla_state, "met")
        with freeze_time("2026-03-10"):
            late.action_close()
        self.assertEqual(late.sla_state, "failed")

    # ------------------------------------------------------------ waiting for the customer
    def _at(self, *moment):
        return freeze_time(datetime(2026, 3, *moment))

    def test_clock_stands_still_while_we_wait_for_the_customer(self):
        request = self._request(self._deliver_machine())
        waiting = self.env.ref("service_request.service_request_stage_waiting")
        progress = self.env.ref("service_request.service_request_stage_progress")
        with self._at(2, 13):  # half of the 8 hours
            request.stage_id = waiting
            self.assertEqual(request.paused_since, datetime(2026, 3, 2, 13))
        with self._at(3, 9):  # long after the deadline
            self.env["service.request"]._cron_update_sla_state()
            self.assertEqual(request.sla_state, "on_track")
            request.stage_id = progress
        self.assertRecordValues(
            request,
            [
                {
                    "paused_since": False,
                    "paused_hours": 20,
                    "deadline": datetime(2026, 3, 3, 13),
                    "at_risk_date": datetime(2026, 3, 3, 11),
                }
            ],
        )
        with self._at(3, 10):
            request.stage_id = waiting
        with self._at(3, 10, 30):
            request.action_close()
        self.assertEqual(request.paused_hours, 20.5)
        self.assertEqual(request.sla_state, "met")

    def test_waiting_moves_a_deadline_set_by_hand_too(self):
        waiting = self.env.ref("service_request.service_request_stage_waiting")
        resumed, closed = (
            self._request(deadline=datetime(2026, 3, 3, 12), deadline_reason="Fair")
            for _number in range(2)
        )
        with self._at(2, 12):
            (resumed | closed).stage_id = waiting
        with self._at(4, 12):
            resumed.stage_id = self.env.ref("service_request.service_request_stage_progress")
            closed.action_close()
        for request, sla_state in ((resumed, "on_track"), (closed, "met")):
            self.assertRecordValues(
                request,
                [{"deadline": datetime(2026, 3, 5, 12), "deadline_manual": True}],
            )
            self.assertEqual(request.sla_state, sla_state)

    def test_late_is_what_has_failed_not_what_waits_for_the_customer(self):
        search = self.env.ref("service_request.service_request_view_search").arch
        late = ast.literal_eval(
            etree.fromstring(search).find(".//filter[@name='late']").get("domain")
        )
        waiting, failed = self._request(), self._request()
        waiting.stage_id = self.env.ref("service_request.service_request_stage_waiting")
        with self._at(20, 9):
            self.env["service.request"]._cron_update_sla_state()
            found = self.env["service.request"].search(late)
        self.assertEqual(found & (waiting | failed), failed)

    def test_waiting_counts_in_the_opening_hours_of_the_commitment(self):
        calendar = self.env["resource.calendar"].create({"name": "Office", "company_id": False})
        calendar.tz = "UTC"
        self.warranty.commitment_ids.resource_calendar_id = calendar
        request = self._request(self._deliver_machine())
        self.assertEqual(request.deadline, datetime(2026, 3, 3, 9))
        with self._at(2, 16):
            request.stage_id = self.env.ref("service_request.service_request_stage_waiting")
        with self._at(3, 10):
            request.stage_id = self.env.ref("service_request.service_request_stage_progress")
        # an hour on Monday and two on Tuesday
        self.assertRecordValues(
            request, [{"paused_hours": 3, "deadline": datetime(2026, 3, 3, 12)}]
        )

    # ------------------------------------------------------------ choosing the contract
    def test_user_chooses_another_committing_contract(self):
        slow = self._create_contract(
            {"scope": "customer"},
            commitment_ids=[Command.create({"blocking": True, "resolution_hours": 24})],
        )
        request = self._request(self._deliver_machine())
        shown = request.commitment_contract_id
        self.assertNotEqual(shown, slow)
        request.commitment_contract_id = shown
        self.assertFalse(request.commitment_manual)
        request.commitment_contract_id = slow
        self.assertRecordValues(
            request,
            [
                {
                    "commitment_contract_id": slow.id,
                    "deadline": datetime(2026, 3, 3, 9),
                    "commitment_manual": True,
                    "deadline_manual": False,
                }
            ],
        )
        request.commitment_contract_id = False
        self.assertEqual(request.commitment_contract_id, shown)

    # ------------------------------------------------------------ telling who is responsible
    def test_responsible_is_told_once_about_all_that_is_late(self):
        machine = self._deliver_machine()
        requests = self._request(machine) | self._request(machine)
        queue = self.env["service.queue"].create(
            {"name": "Desk", "code": "DESK", "manager_id": self.dispatcher.id}
        )
        waiting = self._request(machine)
        waiting.action_send_to_queue(queue.id)
        self.env.flush_all()
        for hours, subject in ((7, "about to be late"), (9, "past their deadline")):
            all_messages = self.env["mail.message"].sudo()
            told = all_messages.search([], order="id desc", limit=1).id
            with freeze_time(datetime(2026, 3, 2, 9) + timedelta(hours=hours)):
                self.env["service.request"]._cron_update_sla_state()
                self.env["service.request"]._cron_update_sla_state()
            messages = all_messages.search(
                [("id", ">", told), ("message_type", "=", "user_notification")]
            )
            by_partner = {message.partner_ids: message for message in messages}
            self.assertEqual(len(messages), 2)
            mine = by_partner[self.technician_user.partner_id]
            self.assertIn(subject, mine.subject)
            for request in requests:
                self.assertIn(request.name, mine.body)
            self.assertIn(waiting.name, by_partner[self.dispatcher.partner_id].body)

    # ------------------------------------------------------------ first response
    def test_first_response_is_a_message_or_a_call_to_the_customer(self):
        note, answer, call, followed = (self._request() for _number in range(4))
        note.message_post(body="Only for us", message_type="comment", subtype_xmlid="mail.mt_note")
        note.message_post(
            body="From the customer",
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        note.message_post(
            body="Between us",
            partner_ids=self.dispatcher.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(note.first_response_date)
        followed.message_subscribe(self.customer.ids)
        with self._at(2, 10):
            self._answer(answer, "We come")
            activity = call.activity_schedule("mail.mail_activity_data_call")
            activity.action_feedback()
            followed.message_post(
                body="We come", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        with self._at(2, 11):
            self._answer(answer, "We are here")
        self.assertEqual(answer.first_response_date, datetime(2026, 3, 2, 10))
        self.assertEqual(call.first_response_date, datetime(2026, 3, 2, 10))
        self.assertEqual(followed.first_response_date, datetime(2026, 3, 2, 10))

    def _answer(self, request, body):
        request.message_post(
            body=body,
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def test_late_response_is_seen(self):
        self.warranty.commitment_ids.response_hours = 2
        request = self._request(self._deliver_machine())
        self.assertEqual(request.response_deadline, datetime(2026, 3, 2, 11))
        with self._at(2, 12):
            self.assertTrue(request.is_response_late)
        with self._at(2, 10):
            request._register_first_response()
        request.invalidate_recordset()
        with self._at(2, 12):
            self.assertFalse(request.is_response_late)
