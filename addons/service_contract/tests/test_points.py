from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestPoints(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            {"scope": "customer", "points_per_request": 10}, kind="points", points_initial=100
        )

    def test_activation_grants_the_points_once(self):
        self.assertEqual(self.contract.points_balance, 100)
        self.assertRecordValues(
            self.contract.points_move_ids,
            [{"kind": "grant", "points": 100, "note": "Granted on activation"}],
        )
        self.contract.action_suspend(reason="unpaid")
        self.contract.action_resume()
        self.assertEqual(self.contract.points_balance, 100)

    def test_the_balance_is_the_sum_of_the_ledger(self):
        self.contract._move_points(-30, "reserve")
        self.contract._move_points(30, "release")
        self.contract._move_points(-42.5, "debit", source=self.machine, note="Pump")
        self.assertEqual(self.contract.points_balance, 57.5)
        self.assertEqual(
            self.contract.points_balance, sum(self.contract.points_move_ids.mapped("points"))
        )
        debit = self.contract.points_move_ids.filtered(lambda move: move.kind == "debit")
        self.assertRecordValues(
            debit,
            [
                {
                    "res_model": "service.equipment",
                    "res_id": self.machine.id,
                    "user_id": self.env.uid,
                    "partner_id": self.customer.id,
                    "note": "Pump",
                }
            ],
        )

    def test_points_below_zero_are_refused_with_both_numbers(self):
        message = f"{self.contract.name} has 100 points left and 100.5 are needed"
        with self.assertRaisesRegex(ValidationError, message):
            self.contract._move_points(-100.5, "debit")

    def test_the_last_point_can_be_used(self):
        self.contract._move_points(-100, "debit")
        self.assertEqual(self.contract.points_balance, 0)

    def test_movements_of_one_batch_are_judged_together(self):
        values = {"contract_id": self.contract.id, "kind": "debit"}
        with self.assertRaises(ValidationError):
            self.env["service.points.move"].create(
                [{**values, "points": -60}, {**values, "points": -60}]
            )

    def test_an_overdraft_allows_a_negative_balance(self):
        self.contract.allow_overdraft = True
        self.contract._move_points(-150, "debit")
        self.assertEqual(self.contract.points_balance, -50)

    def test_an_overdraft_in_use_cannot_be_forbidden(self):
        self.contract.allow_overdraft = True
        self.contract._move_points(-150, "debit")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.contract.allow_overdraft = False
            self.env.flush_all()

    def test_a_movement_of_nothing_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.contract._move_points(0, "manual")

    def test_the_contract_is_locked_while_points_move(self):
        self.contract._move_points(-10, "reserve")
        self.env.cr.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'service_contract'::regclass "
            "AND mode = 'RowShareLock' AND pid = pg_backend_pid()"
        )
        self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_a_manager_moves_points_by_hand_but_changes_nothing_afterwards(self):
        manager = self._create_user("boss", "installed_base.group_service_manager")
        move = (
            self.env["service.points.move"]
            .with_user(manager)
            .create({"contract_id": self.contract.id, "points": -5, "note": "Gift"})
        )
        self.assertRecordValues(move, [{"kind": "manual", "user_id": manager.id}])
        self.assertEqual(self.contract.points_balance, 95)
        for change in (lambda: move.write({"points": 5}), move.unlink):
            with self.assertRaises(AccessError):
                change()

    def test_nobody_but_the_superuser_changes_the_ledger(self):
        move = self.contract.points_move_ids.with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(AccessError):
            move.note = "changed"
        with self.assertRaises(AccessError):
            move.unlink()

    def test_a_call_taker_cannot_give_points(self):
        user = self._create_user("caller", "installed_base.group_service_user")
        with self.assertRaises(AccessError):
            self.env["service.points.move"].with_user(user).create(
                {"contract_id": self.contract.id, "points": 5}
            )
