from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestClosingDialogue(ServiceRequestCommon):
    """What a user is asked when a request is closed."""

    def _open(self, request):
        action = request.action_close()
        model = self.env[action["res_model"]].with_user(self.call_taker)
        return Form(model.with_context(**action["context"]))

    def test_dialogue_asks_about_all_that_is_open(self):
        request = self._request(self._deliver_machine())
        line = request.equipment_line_ids
        line.coverage_to_confirm = True
        part = self._consume(request, self.burner)
        dialogue = self._open(request)
        self.assertEqual(request.state, "open")
        self.assertEqual(dialogue.consumption_ids[:], part)
        self.assertEqual(dialogue.handled_by_id, self.technician_user)
        dialogue.undone = "cancel"
        with dialogue.line_ids.edit(0) as machine:
            machine.reason = "Frozen by the customer"
            machine.coverage = "none"
        dialogue.handled_by_id = self.dispatcher
        dialogue.write_solution = True
        action = dialogue.save().action_close()
        self.assertRecordValues(request, [{"state": "closed", "handled_by_id": self.dispatcher.id}])
        self.assertEqual((part.state, line.coverage), ("cancelled", "none"))
        self.assertEqual(line.coverage_confirmation, "Frozen by the customer")
        solution = Form(self.env["service.solution"].with_context(**action["context"])).save()
        self.assertRecordValues(
            solution,
            [
                {
                    "title": request.title,
                    "competence_id": self.competence.id,
                    "request_id": request.id,
                }
            ],
        )

    def test_provisional_coverage_alone_is_asked_about_too(self):
        request = self._request(self._deliver_machine())
        request.equipment_line_ids.coverage_to_confirm = True
        dialogue = self._open(request)
        self.assertFalse(dialogue.consumption_ids[:])
        with dialogue.line_ids.edit(0) as machine:
            machine.reason = "Worn out, as promised"
        self.assertEqual(dialogue.save().action_close(), {"type": "ir.actions.act_window_close"})
        self.assertEqual((request.state, request.coverage), ("closed", "full"))

    def test_several_requests_are_asked_about_at_once(self):
        simple, first, second = self._request(), self._request(), self._request()
        for request in (first, second):
            self._consume(request, self.labor)
        dialogue = self._open(simple | first | second)
        self.assertEqual(simple.state, "closed")
        self.assertEqual(dialogue.request_ids[:], first | second)
        with self.assertRaisesRegex(AssertionError, "undone is a required field"):
            dialogue.save()
        dialogue.undone = "done"
        with self.assertRefused(UserError, "Not done on"):
            self.env["service.request.close"].create(
                {"request_ids": dialogue.request_ids[:].ids}
            ).action_close()
        dialogue.save().action_close()
        self.assertEqual((first | second).mapped("state"), ["closed", "closed"])
