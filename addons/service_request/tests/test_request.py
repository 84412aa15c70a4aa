from datetime import datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestRequest(ServiceRequestCommon):
    def test_numbers_are_chronological_for_each_customer(self):
        self.customer.customer_code = "LAC7"
        first, second = self._request(), self._request()
        other = self._request(partner_id=self.other_customer.id)
        self.assertEqual((first + second + other).mapped("customer_ref"), ["LAC1", "LAC2", "CLI1"])
        second.sudo().unlink()
        self.assertEqual(self._request().customer_number, 3, "a hole reveals the deleted one")

    def test_prefix_of_the_reference_is_a_setting(self):
        self.env.company.service_customer_number_prefix_length = 0
        self.assertEqual(self._request().customer_ref, "1")

    def test_customer_fills_billing_data(self):
        payer = self.env["res.partner"].create({"name": "Bank of the Lake"})
        invoice = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": self.customer.id, "type": "invoice"}
        )
        term = self.env["account.payment.term"].create({"name": "45 days"})
        self.customer.write({"service_payer_id": payer.id, "property_payment_term_id": term.id})
        self.assertRecordValues(
            self._request(),
            [
                {
                    "invoice_partner_id": invoice.id,
                    "payer_id": payer.id,
                    "site_id": self.site.id,
                    "payment_term_id": term.id,
                    "warehouse_id": self.warehouse.id,
                    "currency_id": self.env.company.currency_id.id,
                }
            ],
        )

    def test_type_gives_severity_and_competence(self):
        kind = self.env.ref("service_request.service_request_type_breakdown")
        kind.competence_id = self.competence
        request = self.env["service.request"].create(
            {"partner_id": self.customer.id, "title": "Cold", "type_id": kind.id}
        )
        self.assertEqual(request.severity_id, kind.severity_id)
        self.assertEqual(request.competence_id, self.competence)

    def test_customer_and_title_are_needed(self):
        with self.assertRefused(ValidationError, "Who?"):
            self.env["service.request"].create({"title": "Who?"})
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["service.request"].create({"partner_id": self.customer.id})

    def test_machine_twice_is_refused(self):
        machine = self._create_equipment()
        request = self._request(machine)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            request.equipment_line_ids = [Command.create({"equipment_id": machine.id})]

    def test_first_machine_is_the_default(self):
        first, second = self._create_equipment(), self._create_equipment()
        request = self._request(first | second)
        self.assertEqual(request.equipment_id, request.equipment_line_ids[0].equipment_id)
        request.equipment_id = second
        self.assertEqual(request.equipment_line_ids.filtered("is_default").equipment_id, second)
        self.assertEqual(len(request.equipment_line_ids), 2)

    def test_a_stage_whose_history_cannot_be_written_does_not_change(self):
        request = self._request()
        before = request.stage_id
        history = type(self.env["service.request.stage.history"])
        with (
            patch.object(history, "create", side_effect=UserError("No history")),
            self.assertRefused(UserError, "No history"),
        ):
            request.action_close()
        self.assertRecordValues(request, [{"stage_id": before.id, "state": "open"}])

    def test_stages_write_their_history(self):
        request = self._request()
        progress = self.env.ref("service_request.service_request_stage_progress")
        request.stage_id = progress
        request.action_close()
        self.assertEqual(
            request.stage_history_ids.mapped("stage_id.name"), ["New", "In Progress", "Closed"]
        )
        self.assertEqual(request.stage_history_ids.user_id, self.call_taker)
        with self.assertRaises(AccessError):
            request.stage_history_ids[0].with_user(self.env.ref("base.user_admin")).write(
                {"date": "2020-01-01"}
            )

    def test_closing_tells_who_and_when(self):
        request = self._request()
        request.action_close()
        self.assertRecordValues(
            request,
            [
                {
                    "state": "closed",
                    "handled_by_id": self.technician_user.id,
                    "closed_by_id": self.call_taker.id,
                }
            ],
        )
        self.assertTrue(request.close_date)
        request.action_reopen()
        self.assertRecordValues(
            request, [{"state": "open", "close_date": False, "handled_by_id": False}]
        )

    def test_closing_asks_about_what_is_not_done(self):
        request = self._request()
        labor = self._consume(request, self.labor)
        action = request.action_close()
        self.assertEqual(action["res_model"], "service.request.close")
        wizard = (
            self.env["service.request.close"]
            .with_user(self.call_taker)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.consumption_ids, labor)
        self.assertFalse(wizard.undone, "moving stock is never the answer of nobody")
        wizard.undone = "done"
        wizard.action_close()
        self.assertEqual((request.state, labor.state), ("closed", "done"))

    def test_closing_can_cancel_what_is_not_done(self):
        request = self._request()
        labor = self._consume(request, self.labor)
        request.action_close(undone="cancel")
        self.assertEqual((request.state, labor.state), ("closed", "cancelled"))

    def test_closing_many_asks_only_about_those_that_need_it(self):
        plain, waiting = self._request(), self._request()
        self._consume(waiting, self.labor)
        action = (plain | waiting).action_close()
        self.assertEqual(action["context"]["default_request_ids"], waiting.ids)
        self.assertEqual((plain.state, waiting.state), ("closed", "open"))

    def test_dragging_to_closed_does_not_skip_the_question(self):
        request = self._request()
        self._consume(request, self.labor)
        with self.assertRefused(UserError, "not done"):
            request.stage_id = self.env.ref("service_request.service_request_stage_closed")

    def test_cancelling_cancels_what_is_not_done(self):
        request = self._request()
        labor = self._consume(request, self.labor)
        request.action_cancel()
        self.assertEqual((request.state, labor.state), ("cancelled", "cancelled"))

    def test_request_with_anything_recorded_is_cancelled_instead_of_deleted(self):
        self._create_contract(
            {"scope": "customer", "points_per_request": 5},
            kind="points",
            date_start="2020-01-01",
            date_end="2040-12-31",
            points_initial=40,
        )
        planned, done, timed = (self._request() for _number in range(3))
        self._consume(planned, self.labor)
        self._consume(done, self.labor).action_mark_done()
        timed.action_start_time_log()
        reserved = self._request(self._create_equipment(serial_number="OLD-1"))
        for request in (planned, done, timed, reserved):
            with self.assertRefused(UserError, f"recorded on {request.name}: cancel instead"):
                request.sudo().unlink()

    def test_exactly_one_stage_closes(self):
        closing = self.env.ref("service_request.service_request_stage_closed")
        cancelling = self.env.ref("service_request.service_request_stage_cancelled")
        for stage, name, label in (
            (closing, "is_closed", "closing"),
            (cancelling, "is_cancelled", "cancelling"),
        ):
            for lose in (
                lambda stage=stage, name=name: stage.write({name: False}),
                lambda stage=stage: stage.write({"active": False}),
                stage.unlink,
            ):
                with self.assertRefused(ValidationError, f"{label} stage"):
                    lose()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["service.request.stage"].create({"name": "Also closed", "is_closed": True})

    def test_machine_opens_its_requests_and_a_new_one(self):
        machine = self._create_equipment()
        request = self._request(machine)
        self.assertEqual(machine.open_request_count, 1)
        action = machine.action_view_requests()
        self.assertEqual(self.env["service.request"].search(action["domain"]), request)
        context = machine.action_new_request()["context"]
        new = self.env["service.request"].with_context(**context).create({"title": "Again"})
        self.assertEqual((new.partner_id, new.equipment_id), (self.customer, machine))

    def test_stages_of_some_agencies_are_for_them_alone(self):
        stages = self.env["service.request.stage"]
        first, progress = stages._get_first(), stages._get_progress()
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        early, tests = stages.create(
            [
                {"name": name, "sequence": sequence, "agency_ids": [Command.set(lyon.ids)]}
                for name, sequence in (("Sorting", 1), ("On the Bench", 15))
            ]
        )
        self.assertEqual((stages._get_first(), stages._get_progress()), (first, progress))
        everywhere = stages.search([]) - early - tests
        for agency, shown in ((lyon, early | tests), (self.agency, stages.browse())):
            agency.user_ids = self.dispatcher
            self.env.invalidate_all()
            requests = self.env["service.request"].with_user(self.dispatcher)
            self.assertEqual(
                set(requests._group_expand_stage_id(stages, [])), set(everywhere | shown)
            )
            agency.user_ids = False

    def test_request_that_is_created_closed_tells_who_and_when(self):
        closing = self.env.ref("service_request.service_request_stage_closed")
        with freeze_time("2026-03-02 10:00:00"):
            request = self._request(stage_id=closing.id)
        self.assertRecordValues(
            request,
            [
                {
                    "state": "closed",
                    "close_date": datetime(2026, 3, 2, 10),
                    "closed_by_id": self.call_taker.id,
                    "handled_by_id": self.call_taker.id,
                }
            ],
        )
        known = datetime(2025, 1, 1)
        self.assertEqual(self._request(stage_id=closing.id, close_date=known).close_date, known)
        request.sudo().action_cancel()
        self.assertRecordValues(
            request, [{"close_date": False, "closed_by_id": False, "handled_by_id": False}]
        )
