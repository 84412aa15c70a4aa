from odoo.tests import freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestExamination(ServiceContractCommon):
    """Every contract of the customer: covered or why not, and what can be done."""

    def _examine(self, user=None, **values):
        self.env.invalidate_all()
        machine = self.machine.with_user(user) if user else self.machine
        action = machine.action_examine_coverage()
        examination = machine.env[action["res_model"]].browse(action["res_id"])
        examination.write(values)
        return examination

    def _get_line(self, examination, contract):
        return examination.line_ids.filtered(lambda line: line.contract_id == contract)

    def test_each_contract_has_its_verdict(self):
        used = self._create_contract()
        second = self._create_contract({"scope": "customer"})
        over = self._create_contract(date_end="2026-05-31")
        suspended = self._create_contract()
        suspended.action_suspend(reason="unpaid invoice", date="2026-06-01")
        hydraulics = self._create_contract(
            {"scope": "customer", "competence_ids": self.hydraulics.ids}
        )
        other = self._create_equipment(serial_number="B-2")
        elsewhere = self._create_contract({"equipment_id": other.id})
        draft = self._create_contract(active=False)
        stranger = self._create_contract({"scope": "customer"}, partner_id=self.other_customer.id)
        examination = self._examine(competence_id=self.electricity.id)
        self.assertEqual(examination.status, "full")
        found = {
            line.contract_id: (line.is_chosen, line.is_covered, line.code)
            for line in examination.line_ids
        }
        self.assertEqual(
            found,
            {
                used: (True, True, ""),
                second: (False, True, "less_favourable"),
                over: (False, False, "expired"),
                suspended: (False, False, "state"),
                hydraulics: (False, False, "competence"),
                elsewhere: (False, False, "scope"),
                draft: (False, False, "state"),
            },
        )
        self.assertNotIn(stranger, found)
        self.assertEqual(examination.line_ids[:1].contract_id, used)
        reasons = {line.contract_id: line.reason for line in examination.line_ids}
        self.assertEqual(
            reasons[hydraulics], f"{hydraulics.name} does not include the competence Electricity."
        )
        self.assertEqual(reasons[elsewhere], f"{elsewhere.name} covers something else.")

    def test_of_several_lines_the_closest_speaks(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "date_end": "2026-03-31"},
            {"scope": "customer", "competence_ids": self.hydraulics.ids},
        )
        line = self._get_line(self._examine(), contract)
        self.assertEqual((line.code, line.coverage_id), ("competence", contract.coverage_ids[1]))

    def test_an_expired_contract_can_be_renewed_by_the_manager(self):
        manager = self._create_user("sophie", "installed_base.group_service_manager")
        contract = self._create_contract(date_end="2026-05-31")
        contract._expire()
        line = self._get_line(self._examine(manager), contract)
        self.assertTrue(line.can_renew)
        action = line.action_renew()
        self.assertEqual(action["res_id"], contract.successor_id.id)
        self.env.invalidate_all()
        self.assertFalse(line.can_renew)

    def test_a_call_taker_renews_nothing(self):
        taker = self._create_user("claire", "installed_base.group_service_user")
        contract = self._create_contract(date_end="2026-05-31")
        contract._expire()
        examination = self._examine(taker)
        self.assertFalse(self._get_line(examination, contract).can_renew)
        self.assertEqual(examination.line_ids.contract_id, contract)

    def test_a_suspended_contract_can_be_resumed_and_covers_at_once(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-01")
        examination = self._examine()
        line = self._get_line(examination, contract)
        self.assertTrue(line.can_resume)
        line.action_resume()
        self.assertEqual(contract.state, "active")
        self.assertEqual(examination.status, "full")
        self.assertTrue(self._get_line(examination, contract).is_chosen)

    def test_points_can_be_sold(self):
        pack = self._create_product("Twenty points", type="service", list_price=200)
        card = self._create_contract(
            {"scope": "customer", "points_per_request": 60},
            kind="points",
            points_initial=40,
            product_id=pack.id,
        )
        line = self._get_line(self._examine(), card)
        self.assertEqual(line.reason, f"{card.name}: 40.00 points left, 60.00 needed.")
        self.assertTrue(line.can_sell_points)
        order = self.env["sale.order"].browse(line.action_sell_points()["res_id"])
        self.assertRecordValues(order, [{"partner_id": self.customer.id, "state": "draft"}])
        self.assertEqual(order.order_line.product_id, pack)

    def test_a_contract_can_be_quoted(self):
        action = self._examine().action_quote_contract()
        self.assertEqual(
            (action["res_model"], action["context"]["default_partner_id"]),
            ("sale.order", self.customer.id),
        )

    def test_another_question_gets_another_answer(self):
        contract = self._create_contract()
        examination = self._examine()
        self.assertTrue(self._get_line(examination, contract).is_chosen)
        examination.date = "2027-01-01"
        examination.action_examine()
        self.assertEqual(examination.status, "none")
        self.assertEqual(self._get_line(examination, contract).code, "expired")

    def test_what_applies_at_zero_is_not_said_to_cover(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "parts_rate": 0, "labor_rate": 0, "travel_rate": 0}
        )
        line = self._get_line(self._examine(), contract)
        self.assertEqual((line.is_chosen, line.is_covered), (True, False))
