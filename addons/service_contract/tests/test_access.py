from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ServiceContractCommon

GROUPS = (
    "installed_base.group_service_user",
    "installed_base.group_service_dispatcher",
    "installed_base.group_service_sales_director",
    "installed_base.group_service_technician",
    "account.group_account_invoice",
    "installed_base.group_service_manager",
    "sales_team.group_sale_salesman",
    "base.group_user",
    "stock.group_stock_user",
)


@tagged("post_install", "-at_install")
class TestAccess(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(points_initial=10, price=500)
        cls.template = cls._create_template({"scope": "customer"}, price=500)
        cls.users = {group: cls._create_user(group, group) for group in GROUPS}

    def test_only_managers_move_a_contract_through_its_life(self):
        draft = self._create_contract(active=False, points_initial=5)
        for group, user in self.users.items():
            if group == "installed_base.group_service_manager":
                continue
            with self.subTest(group=group), self.assertRaises(AccessError):
                draft.with_user(user).action_activate()
        manager = self.users["installed_base.group_service_manager"]
        contract = draft.with_user(manager)
        with self.assertRefused(UserError, f"state of {draft.name} cannot be written: activate"):
            contract.state = "active"
        contract.action_activate()
        self.assertEqual(draft.points_balance, 5)
        contract.action_suspend(reason="unpaid")
        contract.action_resume()
        contract.action_renew()
        contract.action_terminate(reason="over")
        self.assertEqual(draft.state, "terminated")

    def test_prices_are_not_for_technicians(self):
        for record in (self.contract, self.template):
            for group, sees in (
                ("installed_base.group_service_technician", False),
                ("installed_base.group_service_user", True),
                ("account.group_account_invoice", True),
                ("sales_team.group_sale_salesman", True),
            ):
                with self.subTest(group=group, model=record._name):
                    seen = record.with_user(self.users[group])
                    self.assertEqual("price" in seen.fields_get(), sees)

    def test_a_technician_sees_what_is_covered(self):
        technician = self.users["installed_base.group_service_technician"]
        machine = self.machine.with_user(technician)
        self.assertEqual(machine.coverage_status, "full")
        self.assertEqual(machine.coverage_contract_id, self.contract)
        self.assertEqual(machine.parts_rate, 100)
        self.assertEqual(machine.contract_coverage_ids, self.contract.coverage_ids)

    def test_everybody_who_may_ask_gets_the_same_answer(self):
        expected = self._cover()
        for group, user in self.users.items():
            with self.subTest(group=group):
                engine = self.env["service.contract"].with_user(user)
                answer = engine._cover([{"equipment_id": self.machine.id}], "2026-06-15")
                self.assertEqual(answer, [expected])
