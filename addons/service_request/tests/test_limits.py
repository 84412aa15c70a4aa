from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceRequestCommon

EARLY, LATE = "2026-06-10 08:00:00", "2026-06-12 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestLimits(ServiceRequestCommon):
    """Requests that are open at once share what a limit leaves: who consumes first is covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls._create_equipment(serial_number="OLD-1")

    def _contract(self, priority=0, **promise):
        return self._create_contract({"scope": "customer", **promise}, priority=priority)

    def _two(self):
        """Two requests, both covered while nothing was consumed: an early and a late one."""
        early, late = (self._request(self.machine, date=day) for day in (EARLY, LATE))
        self.assertEqual((early.coverage, late.coverage), ("full", "full"))
        return early, late

    def _work(self, request, product, quantity=1):
        """What somebody records, and saves before anybody else does."""
        consumption = self._consume(request, product, quantity)
        self.env.flush_all()
        return consumption

    def _borne(self, *requests, name="hours_borne"):
        self.env.flush_all()
        self.env.invalidate_all()
        return [sum(request.consumption_ids.mapped(name)) for request in requests]

    def test_hours_are_covered_as_they_come(self):
        # (what is worked, one after the other: request, hours), hours borne of the two, of five
        table = (
            ([(0, 3), (1, 4)], [3, 2]),
            ([(1, 4), (0, 3)], [1, 4]),
            ([(0, 5), (1, 1)], [5, 0]),
            ([(0, 2), (1, 2), (0, 2)], [3, 2]),
            ([(0, 6), (1, 6)], [5, 0]),
        )
        contract = self._contract(hour_limit=5)
        for work, borne in table:
            with self.subTest(work):
                two = self._two()
                for number, hours in work:
                    self._work(two[number], self.labor, hours)
                self.assertEqual(self._borne(*two), borne)
                paid = sum(hours for _n, hours in work) - sum(borne)
                due = sum(sum(r.consumption_ids.mapped("amount_to_invoice")) for r in two)
                self.assertEqual(due, paid * 60)
                self.assertLessEqual(contract.coverage_ids.hours_used, 5)
                for request in two:
                    request.action_cancel()

    def test_of_one_batch_the_earlier_request_is_covered_first(self):
        self._contract(hour_limit=5)
        early, late = self._two()
        self.env["service.consumption"].create(
            [
                {"request_id": request.id, "product_id": self.labor.id, "quantity": hours}
                for request, hours in ((late, 4), (early, 3))
            ]
        )
        self.assertEqual(self._borne(early, late), [3, 2])

    def test_of_one_moment_the_older_request_is_covered_first(self):
        self._contract(hour_limit=5)
        older, newer = (self._request(self.machine, date=EARLY) for _number in range(2))
        self.env["service.consumption"].create(
            [
                {"request_id": request.id, "product_id": self.labor.id, "quantity": 4}
                for request in (newer, older)
            ]
        )
        self.assertEqual(self._borne(older, newer), [4, 1])

    def test_what_changes_later_takes_what_is_left_then(self):
        self._contract(hour_limit=5)
        early, late = self._two()
        first, second = self._work(early, self.labor, 3), self._work(late, self.labor, 4)
        self.assertEqual(self._borne(early, late), [3, 2])
        first.quantity = 4
        self.assertEqual(self._borne(early, late), [3, 2], "the late request has the other two")
        first.quantity = 1
        self.assertEqual(self._borne(early, late), [1, 2], "nobody told the late request")
        second.quantity = 5
        self.assertEqual(self._borne(early, late), [1, 4])
        first.action_cancel()
        second.quantity = 6
        self.assertEqual(self._borne(early, late), [0, 5])

    def test_hours_that_the_customer_pays_anyway_are_there_for_others(self):
        self._contract(hour_limit=5)
        early, late = self._two()
        self._work(early, self.labor, 3).amount_to_invoice = 180
        self._work(late, self.labor, 4)
        self.assertEqual(self._borne(early, late), [0, 4])

    def test_a_cancelled_request_takes_nothing_and_asks_again_when_reopened(self):
        self._contract(hour_limit=5)
        early, late = self._two()
        self._work(early, self.labor, 3).action_mark_done()
        early.action_cancel()
        self._work(late, self.labor, 4)
        self.assertEqual(self._borne(late), [4])
        early.action_reopen()
        self.assertEqual(self._borne(early, late), [1, 4])

    def test_amounts_are_covered_as_they_come(self):
        contract = self._contract(amount_limit=200)
        early, late = self._two()
        self._work(late, self.burner)
        self._work(early, self.burner)
        self.assertEqual(self._borne(early, late, name="amount_borne"), [80, 120])
        self._work(late, self.travel)
        self.assertEqual(self._borne(late, name="amount_to_invoice"), [35])
        self.assertEqual(contract.coverage_ids.amount_used, 200)

    def test_an_amount_is_counted_in_the_currency_of_the_contract(self):
        contract = self._contract(amount_limit=400)
        contract.currency_id = self.env["res.currency"].create(
            {
                "name": "ZZZ",
                "symbol": "Z",
                "rounding": 0.01,
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 2})],
            }
        )
        early, late = self._two()
        self._work(early, self.burner)
        self._work(late, self.burner)
        self.assertEqual(self._borne(early, late, name="amount_borne"), [120, 80])

    # ------------------------------------------------------------ requests
    def _batch(self, *days):
        values = {
            "partner_id": self.customer.id,
            "title": "Yearly visit",
            "competence_id": self.competence.id,
            "equipment_line_ids": [Command.create({"equipment_id": self.machine.id})],
        }
        return self.env["service.request"].create([{**values, "date": day} for day in days])

    def test_of_many_requests_made_at_once_the_earliest_are_covered(self):
        contract = self._contract(request_limit=3)
        self._request(self.machine)
        requests = self._batch(LATE, EARLY, LATE, EARLY)
        self.assertEqual(requests.mapped("coverage"), ["none", "full", "none", "full"])
        self.assertIn("all of its 3 requests are used", requests[0].coverage_label)
        self.assertEqual(contract.coverage_ids.requests_used, 3)

    def test_who_comes_too_late_asks_the_next_contract(self):
        first, second = (self._contract(request_limit=1, priority=n) for n in (9, 1))
        requests = self._batch(LATE, EARLY, LATE)
        self.assertEqual(
            [r.equipment_line_ids.contract_id for r in requests],
            [second, first, first.browse()],
        )
        requests._decide_again()
        requests.equipment_line_ids._decide_again()
        self.assertEqual(
            [r.equipment_line_ids.contract_id for r in requests],
            [second, first, first.browse()],
            "asked together, again",
        )

    def test_a_request_with_two_machines_is_one(self):
        self._contract(request_limit=1)
        other = self._create_equipment(serial_number="OLD-2")
        requests = self._batch(EARLY)
        requests.equipment_line_ids = [Command.create({"equipment_id": other.id})]
        self.assertEqual(requests.equipment_line_ids.mapped("coverage"), ["full", "full"])

    # ------------------------------------------------------------ chosen by hand
    def _covers(self, requests):
        """Which of the requests a contract pays for, and how many it says were used."""
        self.env.flush_all()
        self.env.invalidate_all()
        line = requests.coverage_contract_id.coverage_ids[:1]
        return "".join("x" if r.parts_rate else "." for r in requests), line.requests_used

    def test_of_requests_given_one_contract_at_once_the_earliest_are_covered(self):
        """Each case: the limit, who asked before, days of the others, who is covered, how many."""
        early, late = {"date": EARLY}, {"date": LATE}
        choice = {"coverage_manual": "contract"}
        for case, limit, before, asked, covered, used in (
            ("as many as there are", 2, 0, (late, early), "xx", 2),
            ("the earliest", 2, 0, (late, early, late, early), ".x.x", 2),
            ("of one moment, the oldest", 1, 0, (early, early), "x.", 1),
            ("some asked before", 3, 2, (late, early), ".x", 3),
            ("all asked before", 2, 2, (late, early), "..", 2),
            ("no limit", 0, 0, (late, early), "xx", 2),
        ):
            for bare in (False, True):  # a request without a machine is one as well
                with self.subTest(case, bare=bare):
                    contract = self._contract(request_limit=limit)
                    requests = self._batch(*[day["date"] for day in (early,) * before + asked])
                    if bare:
                        requests.equipment_line_ids.unlink()
                    values = {**choice, "coverage_contract_id": contract.id}
                    requests[:before].write(values)
                    others = requests[before:]
                    others.write(values)
                    self.assertEqual(self._covers(others)[0], covered)
                    if limit:
                        self.assertEqual(self._covers(requests)[1], used)
                        self.assertEqual(others.mapped("coverage"), ["contract"] * len(others))
                        self.assertEqual(others.contract_id, contract)
                    requests.action_cancel()

    def test_what_was_chosen_says_why_it_pays_nothing(self):
        contract = self._contract(request_limit=1)
        early, late = self._batch(EARLY, LATE)
        (late | early).write({"coverage_manual": "contract", "coverage_contract_id": contract.id})
        self.assertEqual(early.coverage_label, f"Contract {contract.name}, chosen by hand")
        self.assertEqual(
            late.coverage_label,
            f"Chosen by hand. {contract.name}: all of its 1 requests are used.",
        )

    def test_a_limit_is_shared_by_who_chose_it_and_who_did_not(self):
        """In one batch: the second was given the contract by hand, on one machine the third."""
        contract = self._contract(request_limit=2)
        requests = self._batch(LATE, EARLY, LATE, EARLY)
        choice = {"coverage_manual": "contract", "coverage_contract_id": contract.id}
        requests[:3].equipment_line_ids.unlink()
        requests[1].write(choice)
        requests[2].equipment_line_ids = [
            Command.create({"equipment_id": self.machine.id, **choice})
        ]
        requests._decide_again()
        requests.equipment_line_ids._decide_again()
        self.env.flush_all()
        line = contract.coverage_ids
        self.assertEqual(line.requests_used, 2)
        self.assertEqual([bool(r.parts_rate) for r in requests[:2]], [False, True])
        self.assertEqual(
            [bool(line.parts_rate) for line in requests.equipment_line_ids], [False, True]
        )

    def test_a_place_of_a_chosen_contract_is_freed_and_taken_again(self):
        contract = self._contract(request_limit=1)
        requests = early, late = self._batch(EARLY, LATE)
        (early | late).write({"coverage_manual": "contract", "coverage_contract_id": contract.id})
        self.assertEqual(self._covers(requests), ("x.", 1))
        early.action_cancel()
        self.assertEqual(self._covers(late), (".", 0))
        late.action_cancel()
        late.action_reopen()
        self.assertEqual(self._covers(late), ("x", 1))
        early.action_reopen()
        self.assertEqual(self._covers(requests), (".x", 1), "the place was given to the other")

    def test_the_line_of_another_machine_does_not_pay_for_one_whose_line_is_used_up(self):
        other = self._create_equipment(serial_number="OLD-2")
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "request_limit": 1}, {"equipment_id": other.id}
        )
        choice = {"coverage_manual": "contract", "coverage_contract_id": contract.id}
        early, late = self._batch(EARLY, LATE)
        (early | late).write(choice)
        self.assertEqual((early.parts_rate, late.parts_rate), (100, 0))
        for line in (early | late).equipment_line_ids:
            self.assertEqual(line.parts_rate, line.request_id.parts_rate)
        stranger = self._request(self._create_equipment(serial_number="OLD-3"), **choice)
        self.assertEqual(stranger.parts_rate, 100, "no line names it: the best one applies")

    def test_the_next_best_line_of_a_chosen_contract_covers_who_comes_too_late(self):
        contract = self._contract(request_limit=1)
        contract.coverage_ids = [Command.create({"scope": "customer", "parts_rate": 40})]
        early, late = self._batch(EARLY, LATE)
        (early | late).write({"coverage_manual": "contract", "coverage_contract_id": contract.id})
        self.assertEqual((early.parts_rate, late.parts_rate), (100, 40))

    def test_queries_do_not_grow_with_the_requests_that_are_given_a_contract(self):
        contract = self._contract(request_limit=30)
        requests = self._batch(*[EARLY] * 12)

        def count(requests):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.write({"coverage_manual": "contract", "coverage_contract_id": contract.id})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(requests[0])
        self.assertLessEqual(count(requests[2:]), count(requests[1]) + 12)

    def test_queries_do_not_grow_with_the_consumptions(self):
        self._contract(hour_limit=500)
        requests = self._batch(*[EARLY] * 12)

        def count(requests):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["service.consumption"].create(
                [{"request_id": r.id, "product_id": self.labor.id} for r in requests]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(requests[0])
        self.assertLessEqual(count(requests[2:]), count(requests[1]) + 1)
