from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestExamination(ServiceRequestCommon):
    """The examination opened from a request: every contract, and decisions about the request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_equipment(serial_number="OLD-1")
        cls.second = cls._create_equipment(serial_number="OLD-2")

    def _contract(self, promise=(), **values):
        return self._create_contract({"scope": "customer", **dict(promise)}, **values)

    def _examine(self, record, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        action = record.with_user(user or self.call_taker).action_examine_coverage()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.call_taker)
            .browse(action["res_id"])
        )

    def _get_line(self, examination, contract):
        return examination.line_ids.filtered(lambda line: line.contract_id == contract)

    def test_the_request_is_examined_as_it_was_asked(self):
        used = self._contract(promise={"request_limit": 1})
        over = self._contract(date_end="2026-05-31")
        request = self._request(self.first)
        self.assertEqual(request.coverage, "full")
        examination = self._examine(request)
        self.assertRecordValues(
            examination,
            [
                {
                    "partner_id": self.customer.id,
                    "equipment_id": self.first.id,
                    "competence_id": self.competence.id,
                    "status": "full",
                }
            ],
        )
        self.assertTrue(self._get_line(examination, used).is_chosen, "its own use does not count")
        line = self._get_line(examination, over)
        self.assertEqual((line.code, line.can_apply, line.is_covered), ("expired", True, False))

    def test_a_contract_is_applied_by_hand(self):
        contract = self._contract(promise={"scope": "equipment", "equipment_id": self.second.id})
        request = self._request(self.first)
        self.assertEqual(request.coverage, "none")
        action = self._get_line(self._examine(request), contract).action_apply()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertRecordValues(
            request, [{"coverage": "contract", "contract_id": contract.id, "parts_rate": 100}]
        )
        self.assertEqual(request.equipment_line_ids.contract_id, contract)
        examination = self._examine(request)
        self.assertTrue(examination.can_reset)
        examination.action_automatic()
        self.assertFalse(self._examine(request).can_reset)
        self.assertRecordValues(
            request, [{"coverage": "none", "contract_id": False, "coverage_contract_id": False}]
        )

    def test_one_machine_is_decided_alone(self):
        request = self._request(self.first | self.second)
        given, paid = request.equipment_line_ids
        self._examine(given).action_goodwill()
        self._examine(paid).action_direct()
        self.assertEqual((given.coverage, paid.coverage), ("goodwill", "direct"))
        self.assertEqual((request.coverage, request.coverage_manual), ("partial", False))

    def test_goodwill_from_the_examination_is_told(self):
        request = self._request(self.first)
        self._examine(request).action_goodwill()
        self.assertEqual(request.coverage, "goodwill")
        self.assertIn("has no manager", request.message_ids[:1].body)

    def test_what_is_closed_is_only_looked_at(self):
        contract = self._contract(date_end="2026-05-31")
        request = self._request(self.first)
        request.action_close()
        examination = self._examine(request)
        self.assertFalse(examination.can_decide)
        self.assertFalse(self._get_line(examination, contract).can_apply)

    def test_drafts_and_terminated_contracts_are_not_applied(self):
        contract = self._contract()
        contract.action_terminate(reason="Sold", date="2026-02-01")
        line = self._get_line(self._examine(self._request(self.first)), contract)
        self.assertEqual((line.code, line.can_apply), ("state", False))

    def test_without_a_customer_there_is_nothing_to_examine(self):
        request = self._request(partner_id=False, origin="email", email_from="a@example.com")
        with self.assertRefused(UserError, "Name the customer of"):
            self._examine(request)

    def test_technicians_do_not_examine(self):
        request = self._request(self.first, user_id=self.technician_user.id)
        with self.assertRefused(AccessError, "not allowed to create"):
            self._examine(request, self.technician_user)

    def test_the_dialogue_opens_in_a_form(self):
        self._contract()
        with Form(self._examine(self._request(self.first))) as form:
            form.date = "2027-01-01"
            self.assertEqual(form.status, "none")
