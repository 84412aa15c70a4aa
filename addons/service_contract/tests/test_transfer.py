from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY, ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestTransfer(ServiceContractCommon):
    """The boiler of the hotel goes to the clinic on 1 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.manager = cls._create_user("manager", group + "manager")
        cls.call_taker = cls._create_user("calltaker", group + "user")
        cls.other_machine = cls._create_equipment(serial_number="B-2")
        cls.contract = cls._create_contract(
            {"equipment_id": cls.machine.id, "parts_rate": 50},
            {"equipment_id": cls.other_machine.id},
            price=1200,
        )
        cls.line, cls.other_line = cls.contract.coverage_ids

    def _transfer(self, action, user=None, machines=None):
        wizard = (
            self.env["service.equipment.transfer"]
            .with_user(user or self.manager)
            .with_context(
                active_model="service.equipment", active_ids=(machines or self.machine).ids
            )
        )
        with Form(wizard) as form:
            form.partner_id = self.other_customer
            form.date = "2026-06-01"
            if action:
                form.contract_action = action
        return form.record.action_confirm()

    def _successor(self):
        return self.env["service.contract"].search([("partner_id", "=", self.other_customer.id)])

    def test_wizard_names_the_contracts_and_wants_an_answer(self):
        wizard = self.env["service.equipment.transfer"].create(
            {
                "equipment_ids": self.machine.ids,
                "partner_id": self.other_customer.id,
                "site_id": self.other_customer.id,
            }
        )
        self.assertEqual(wizard.contract_ids, self.contract)
        with self.assertRefused(UserError, f"{self.contract.name} name these machines"):
            wizard.action_confirm()
        self.assertEqual(self.machine.partner_id, self.customer)

    def test_contract_that_is_over_is_not_asked_about(self):
        self.contract.action_terminate("Sold", TODAY)
        self._transfer(False)
        self.assertEqual(self.machine.partner_id, self.other_customer)

    def test_end_covers_up_to_the_day_before(self):
        self._transfer("end")
        self.assertRecordValues(
            self.line + self.other_line,
            [{"date_end": date(2026, 5, 31)}, {"date_end": date(2026, 12, 31)}],
        )
        self.assertFalse(self._successor())
        self.assertIn("05/31/2026", self.contract.message_ids[0].body)

    def test_end_drops_a_promise_that_would_start_later(self):
        later = self._create_contract(date_start="2027-01-01", date_end="2027-12-31", active=False)
        self._transfer("end")
        self.assertFalse(later.coverage_ids)

    def test_keep_changes_no_contract(self):
        self._transfer("keep")
        self.assertEqual(self.line.date_end, date(2026, 12, 31))
        self.assertFalse(self._successor())
        self.assertEqual(self.machine.partner_id, self.other_customer)

    def test_move_lets_a_contract_of_the_new_owner_cover_from_that_day(self):
        self._transfer("move")
        successor = self._successor()
        self.assertRecordValues(
            successor,
            [
                {
                    "kind": "maintenance",
                    "state": "active",
                    "date_start": date(2026, 6, 1),
                    "date_end": date(2026, 12, 31),
                    "price": 0.0,  # the old contract keeps covering the other machine
                    "party_ids": self.other_customer.ids,
                }
            ],
        )
        self.assertRecordValues(
            successor.coverage_ids,
            [
                {
                    "equipment_id": self.machine.id,
                    "parts_rate": 50.0,
                    "date_start": date(2026, 6, 1),
                    "date_end": date(2026, 12, 31),
                }
            ],
        )
        self.assertEqual(self.line.date_end, date(2026, 5, 31))
        answer = self._cover(TODAY, partner_id=self.other_customer.id)
        self.assertCovers(answer, successor, "partial")

    def test_price_goes_with_the_machines_when_all_go(self):
        # at the index of the day: 1,200 × 120 / 100; and the old contract has nothing to bill
        index = self.env["service.index"].create(
            {
                "name": "Labour",
                "value_ids": [
                    Command.create({"date": "2026-01-01", "value": 100}),
                    Command.create({"date": "2026-05-01", "value": 120}),
                ],
            }
        )
        self.contract.index_id = index
        self._transfer("move", machines=self.machine + self.other_machine)
        self.assertRecordValues(
            self._successor(),
            [{"price": 1440.0, "index_base_value": 120.0, "equipment_count": 2}],
        )
        self.assertRecordValues(
            self.contract, [{"state": "terminated", "termination_date": date(2026, 6, 1)}]
        )

    def test_move_keeps_the_own_end_of_a_promise_and_grants_no_points_again(self):
        self.line.date_end = "2026-09-30"
        self.contract.points_initial = 10
        self._transfer("move")
        successor = self._successor()
        self.assertEqual(successor.coverage_ids.date_end, date(2026, 9, 30))
        self.assertEqual(successor.points_balance, 0)

    def test_suspended_contract_moves_as_a_draft(self):
        self.contract.action_suspend("Unpaid")
        self._transfer("move")
        self.assertEqual(self._successor().state, "draft")

    def test_contracts_of_the_parts_of_a_system_are_settled_too(self):
        part = self._create_equipment(parent_id=self.machine.id)
        contract = self._create_contract({"equipment_id": part.id})
        self._transfer("end")
        self.assertEqual(contract.coverage_ids.date_end, date(2026, 5, 31))

    def test_call_taker_transfers_and_leaves_the_contracts_to_the_manager(self):
        self.contract.agency_id.manager_id = self.manager
        self._transfer(False, self.call_taker)
        self.assertEqual(self.machine.partner_id, self.other_customer)
        self.assertEqual(self.line.date_end, date(2026, 12, 31))
        self.assertRecordValues(self.contract.activity_ids, [{"user_id": self.manager.id}])
        self.assertIn("B-1", self.contract.activity_ids.note)

    def test_answer_of_a_call_taker_does_not_touch_the_contracts(self):
        wizard = (
            self.env["service.equipment.transfer"]
            .with_user(self.call_taker)
            .create(
                {
                    "equipment_ids": self.machine.ids,
                    "partner_id": self.other_customer.id,
                    "site_id": self.other_customer.id,
                    "contract_action": "end",
                }
            )
        )
        wizard.action_confirm()
        self.assertEqual(self.line.date_end, date(2026, 12, 31))

    # --- merging and printing ---

    def test_promises_of_a_merged_machine_name_the_survivor(self):
        survivor = self._create_equipment()
        warranty = self._create_contract(kind="warranty")
        self.assertEqual(self.machine.warranty_end, date(2026, 12, 31))
        self.machine._merge_into(survivor)
        self.assertEqual(self.line.equipment_id, survivor)
        self.assertEqual(warranty.coverage_ids.equipment_id, survivor)
        self.assertRecordValues(
            survivor + self.machine,
            [{"warranty_end": date(2026, 12, 31)}, {"warranty_end": False}],
        )

    def test_sheet_tells_the_warranty(self):
        self._create_contract(kind="warranty", date_end="2028-03-09")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "installed_base.report_service_equipment_sheet", self.machine.ids
        )[0]
        self.assertIn("03/09/2028", html.decode())
