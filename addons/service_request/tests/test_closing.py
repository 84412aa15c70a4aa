from odoo.tests import Form, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestClosing(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")

    def test_handled_by_is_who_did_the_work(self):
        request = self._request()
        self.assertEqual(request.user_id, self.technician_user)
        self._consume(request, self.labor, user_id=self.call_taker.id).action_mark_done(
            "2026-03-01 08:00:00"
        )
        self._consume(request, self.labor, user_id=self.dispatcher.id).action_mark_done(
            "2026-03-02 08:00:00"
        )
        request.action_close()
        self.assertEqual(request.handled_by_id, self.dispatcher)

    def test_without_work_it_is_who_was_in_charge_else_who_closes(self):
        request = self._request()
        request.action_close()
        self.assertEqual(request.handled_by_id, self.technician_user)
        nobody = self._request(competence_id=False)
        nobody.action_close()
        self.assertEqual(nobody.handled_by_id, self.call_taker)

    def test_change_of_a_closed_request_is_noted(self):
        request = self._request()
        request.action_close()
        before = request.message_ids
        request.with_user(self.manager).write({"title": "Cold water", "satisfied": True})
        note = (request.message_ids - before).filtered(lambda m: "closed request" in m.body)
        self.assertIn("Title", note.body)
        self.assertNotIn("satisfied", note.body.lower())
        self.assertEqual(note.author_id, self.manager.partner_id)

    def test_change_of_a_closed_request_is_warned_about(self):
        request = self._request()
        request.action_close()
        form = Form(request.with_user(self.manager))
        warning = (
            form.record._origin.with_user(self.manager)
            .new({"title": "Other"}, origin=request.with_user(self.manager))
            ._onchange_closed()
        )
        self.assertEqual(warning["warning"]["title"], "You are changing a closed request")
        self.assertIsNone(self._request()._onchange_closed())

    def test_closed_requests_are_changed_by_managers(self):
        request = self._request()
        for user, expected in ((self.call_taker, True), (self.manager, True)):
            self.assertEqual(request.with_user(user).can_edit, expected)
        request.action_close()
        for user, expected in ((self.call_taker, False), (self.manager, True)):
            self.assertEqual(request.with_user(user).can_edit, expected)

    def test_what_closing_and_the_mail_thread_write_is_no_change(self):
        request = self._request(deadline="2040-01-01 12:00:00", deadline_reason="Fair")
        request.stage_id = self.env.ref("service_request.service_request_stage_waiting")
        request.action_close()
        request.with_user(self.manager).message_post(
            body="Done",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertTrue(request.sudo().first_response_date)
        self.assertFalse(request.message_ids.filtered(lambda m: "closed request" in m.body))
