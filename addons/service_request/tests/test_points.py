from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestPoints(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.machine = cls._create_equipment(serial_number="OLD-1")
        cls.contract = cls._create_points_contract(
            40, points_per_request=5, points_per_hour=2, points_per_amount=0.1
        )

    @classmethod
    def _create_points_contract(cls, points, **promise):
        return cls._create_contract(
            {"scope": "customer", **promise},
            kind="points",
            date_start="2020-01-01",
            date_end="2040-12-31",
            points_initial=points,
        )

    def _moves(self, request):
        moves = self.env["service.points.move"].search(
            [("res_model", "=", "service.request"), ("res_id", "=", request.id)], order="id"
        )
        return [(move.kind, move.points) for move in moves]

    def test_flat_points_are_reserved_then_debited_with_what_was_consumed(self):
        request = self._request(self.machine)
        self.assertEqual(request.coverage, "full")
        self.assertEqual(self._moves(request), [("reserve", -5)])
        labor = self._consume(request, self.labor, 3)
        part = self._consume(request, self.burner)
        self.assertEqual((labor.points, part.points), (6, 12))
        self.assertEqual((labor.amount_to_invoice, part.amount_to_invoice), (0, 0))
        self.assertEqual((request.points_total, request.points_share), (23, 1.0))
        self.assertEqual(self.contract.points_balance, 35, "only what is flat is reserved")
        request.action_close(undone="done")
        self.assertEqual(self._moves(request)[1:], [("release", 5), ("debit", -23)])
        self.assertEqual(self.contract.points_balance, 17)

    def test_cancelling_releases_and_reopening_reverses(self):
        request = self._request(self.machine)
        request.action_cancel()
        self.assertEqual(self._moves(request), [("reserve", -5), ("release", 5)])
        request.action_reopen()
        request.action_close()
        request.action_reopen()
        self.assertEqual(
            self._moves(request)[2:],
            [("reserve", -5), ("release", 5), ("debit", -5), ("debit", 5), ("reserve", -5)],
        )
        self.assertEqual(self.contract.points_balance, 35)

    def test_points_follow_the_coverage(self):
        request = self._request(self.machine)
        request.coverage = "direct"
        self.assertEqual(self._moves(request), [("reserve", -5), ("release", 5)])
        request.action_reset_coverage()
        self.assertEqual(self.contract.points_balance, 35)
        other = self._create_equipment(serial_number="OLD-2")
        request.equipment_line_ids = [Command.create({"equipment_id": other.id})]
        self.assertEqual(request.points_total, 10, "for each machine")
        self.assertEqual(self.contract.points_balance, 30)
        request.equipment_line_ids[1].unlink()
        self.assertEqual(self.contract.points_balance, 35)

    def test_own_reservation_does_not_keep_a_request_from_its_coverage(self):
        last = self._create_points_contract(5, points_per_request=5)
        self.contract.action_terminate(reason="replaced", date="2020-01-02")
        request = self._request(self.machine)
        self.assertEqual(last.points_balance, 0)
        request.date = "2026-02-01 10:00:00"
        self.assertEqual(request.coverage, "full", "asked again")
        self.assertEqual(self._request(self.machine).coverage, "none")

    def test_closing_is_refused_when_points_are_missing(self):
        request = self._request(self.machine)
        self._consume(request, self.labor, 20)
        with self.assertRefused(ValidationError, "points left"):
            request.action_close(undone="done")
        self.contract.allow_overdraft = True
        request.action_close(undone="done")
        self.assertEqual(self.contract.points_balance, -5)

    def test_managers_set_the_debit_by_hand(self):
        request = self._request(self.machine)
        self._consume(request, self.labor, 3)
        with self.assertRefused(AccessError, "managers"):
            request.points_manual = 2
        mine = request.with_user(self.manager)
        mine.points_manual = 2
        self.assertEqual(mine.points_total, 2)
        mine.write({"points_manual": 0, "is_points_manual": True})
        self.assertEqual(mine.points_total, 0)
        mine.points_manual = 3
        mine.action_close(undone="done")
        self.assertEqual(self.contract.points_balance, 37)
        with self.assertRefused(UserError, "reopen"):
            mine.points_manual = 1

    def test_change_of_a_closed_request_is_debited(self):
        request = self._request(self.machine)
        labor = self._consume(request, self.labor, 3)
        request.action_close(undone="done")
        self.assertEqual(self.contract.points_balance, 29)
        labor.quantity = 4
        self.assertEqual(self.contract.points_balance, 27)
        labor.action_cancel()
        self.assertEqual(self.contract.points_balance, 35)

    def test_share_of_points_among_mixed_cover(self):
        covered = self._deliver_machine()
        request = self._request(self.machine | covered)
        for line in request.equipment_line_ids:
            self._consume(request, self.burner, equipment_line_id=line.id)
        self.assertEqual(request.points_share, 0.5)

    def test_contract_chosen_by_hand_debits_its_points(self):
        covered = self._deliver_machine()
        request = self._request(covered)
        self.assertFalse(self._moves(request))
        request.write({"coverage": "contract", "coverage_contract_id": self.contract.id})
        self.assertEqual(self._moves(request), [("reserve", -5)])

    def test_requests_made_at_once_share_the_points_in_their_order(self):
        """Each case: points, machines of each request by its day, what is covered, what is left."""
        machines = self.machine | self._create_equipment(serial_number="OLD-2")
        self.contract.action_terminate(reason="replaced", date="2020-01-02")
        late, early = "2026-02-02 10:00:00", "2026-02-01 10:00:00"
        for points, overdraft, asked, expected, left in (
            (12, False, ((late, 1), (early, 1), (late, 1)), ["full", "full", "none"], 2),
            (12, False, ((late, 1), (early, 2)), ["none", "full"], 2),
            (7, False, ((early, 2), (late, 1)), ["partial", "none"], 2),
            (12, True, ((late, 1), (early, 2), (early, 1)), ["full", "full", "full"], -8),
            (10, False, ((late, 1), (early, 1)), ["full", "full"], 0),
        ):
            with self.subTest(points=points, overdraft=overdraft, asked=asked):
                contract = self._create_points_contract(points, points_per_request=5)
                contract.allow_overdraft = overdraft
                requests = self._create_at_once(machines, asked)
                self.assertEqual(requests.mapped("coverage"), expected)
                self.assertEqual(contract.points_balance, left)
                refused = requests.equipment_line_ids.filtered(lambda line: line.coverage == "none")
                for line in refused:
                    self.assertIn(
                        f"{contract.name}: {left}.00 points left, 5.00 needed", line.coverage_label
                    )
                requests.equipment_line_ids._decide_again()
                self.assertEqual(requests.mapped("coverage"), expected, "asked together, again")
                self.assertEqual(contract.points_balance, left)
                contract.action_terminate(reason="replaced", date="2020-01-02")

    def _create_at_once(self, machines, asked):
        """Requests of (day, number of machines), by one call."""
        return self.env["service.request"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "title": "Yearly visit",
                    "competence_id": self.competence.id,
                    "date": day,
                    "equipment_line_ids": [
                        Command.create({"equipment_id": machine.id}) for machine in machines[:count]
                    ],
                }
                for day, count in asked
            ]
        )

    def test_who_comes_too_late_for_points_asks_the_next_contract(self):
        self.contract.action_terminate(reason="replaced", date="2020-01-02")
        first = self._create_points_contract(5, points_per_request=5)
        second = self._create_points_contract(6, points_per_request=3)
        day = "2026-02-01 10:00:00"
        requests = self._create_at_once(self.machine, [(day, 1)] * 4)
        self.assertEqual(
            [request.equipment_line_ids.contract_id for request in requests],
            [first, second, second, first.browse()],
        )
        self.assertEqual((first.points_balance, second.points_balance), (0, 0))

    def test_queries_do_not_grow_with_the_requests_that_share_points(self):
        self.contract.action_terminate(reason="replaced", date="2020-01-02")
        self._create_points_contract(10, points_per_request=5)
        day = "2026-02-01 10:00:00"
        counts = []
        for number in (4, 20):
            requests = self._create_at_once(self.machine, [(day, 1)] * number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.equipment_line_ids._decide_again()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            requests.action_cancel()
        self.assertGreater(counts[0], 5)
        self.assertEqual(*counts)

    def test_requests_without_points_never_ask_the_ledger(self):
        requests = self._request(self._deliver_machine())
        self.env.flush_all()
        with self.assertQueryCount(0):
            requests._settle_points()
