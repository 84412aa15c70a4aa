from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestContractUse(ServiceRequestCommon):
    """What requests use of a contract, give back, and what its conformity says of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.machine = cls._create_equipment(serial_number="OLD-1")
        cls.burner.standard_price = 70
        cls.labor.standard_price = 30
        cls.travel.standard_price = 10

    def _contract(self, **promise):
        return self._create_contract(
            {"scope": "customer", **promise},
            price=1200,
            commitment_ids=[Command.create({"blocking": True, "resolution_hours": 8})],
        )

    def _used(self, contract):
        """(requests, hours, amount) used of the only line of a contract."""
        self.env.invalidate_all()
        line = contract.coverage_ids
        return line.requests_used, line.hours_used, line.amount_used

    def _work(self, request, *done):
        for product, quantity in done:
            self._consume(request, product, quantity).action_mark_done()

    # ------------------------------------------------------------ limits
    def test_requests_are_counted_given_back_and_asked_anew(self):
        contract = self._contract(request_limit=2)
        first, second = self._request(self.machine), self._request(self.machine)
        third = self._request(self.machine)
        self.assertEqual([r.coverage for r in (first, second, third)], ["full", "full", "none"])
        self.assertEqual(self._used(contract)[0], 2)
        second.action_cancel()
        self.assertEqual(self._used(contract)[0], 1)
        fourth = self._request(self.machine)
        self.assertEqual((fourth.coverage, self._used(contract)[0]), ("full", 2))
        second.action_reopen()
        self.assertEqual((second.coverage, self._used(contract)[0]), ("none", 2))
        self.assertIn("all of its 2 requests are used", second.coverage_label)
        fourth.action_cancel()
        second.action_cancel()
        second.action_reopen()
        self.assertEqual((second.coverage, self._used(contract)[0]), ("full", 2))

    def test_a_closed_request_that_is_reopened_keeps_what_was_decided(self):
        contract = self._contract(request_limit=1)
        request = self._request(self.machine)
        request.action_close()
        request.action_reopen()
        self.assertEqual((request.coverage, self._used(contract)[0]), ("full", 1))

    def test_hours_are_used_up_and_given_back(self):
        contract = self._contract(hour_limit=5)
        first = self._request(self.machine)
        self._work(first, (self.labor, 3))
        self.assertEqual(self._used(contract), (1, 3, 180))
        second = self._request(self.machine)
        self._work(second, (self.labor, 4))
        # two hours were left of five: two of four are paid
        self.assertEqual(second.consumption_ids.amount_to_invoice, 120)
        self.assertEqual(self._used(contract), (2, 5, 300))
        first.consumption_ids.action_cancel()
        self.assertEqual(self._used(contract), (2, 2, 120))
        first.action_cancel()
        self.assertEqual(self._used(contract), (1, 2, 120))
        first.action_reopen()
        self.assertEqual(first.equipment_line_ids.coverage_terms, {"hours": 3})

    def test_amount_free_hours_and_deductible_in_their_order(self):
        contract = self._contract(
            amount_limit=200, parts_rate=50, labor_rate=0, free_hours=1, deductible=25
        )
        request = self._request(self.machine)
        self._work(request, (self.labor, 2), (self.burner, 1), (self.travel, 2))
        # labour 120: one hour free = 60, less the deductible 25; part: half of 120; travel: all 70
        self.assertEqual(
            request.consumption_ids.mapped("amount_borne"),
            [35, 60, 70],
        )
        # free hours are hours of ours; what is left of the amount: 200 - 60 - 60 = 80
        self.assertEqual(self._used(contract), (1, 1, 165))
        second = self._request(self.machine)
        self._work(second, (self.travel, 3))
        # 200 - 165 = 35 are left of 105, less the deductible 25
        self.assertEqual(second.consumption_ids.amount_to_invoice, 95)
        request.consumption_ids.action_cancel()
        self.assertEqual(self._used(contract), (2, 0, 10))

    def test_each_kind_of_limit_is_given_back_and_taken_again(self):
        """Two hours (120) and a burner (120) are done; the request is cancelled and reopened.

        Each case: the promise; (requests, hours, amount) used and what the customer pays; what it
        pays when another request has done the same in between.
        """
        hours = self.env.ref("installed_base.service_meter_type_hours")
        meter = self.env["service.meter"].create(
            {"equipment_id": self.machine.id, "type_id": hours.id}
        )
        self.env["service.meter.reading"].create(
            {"meter_id": meter.id, "date": "2026-06-01 10:00:00", "value": 4000}
        )
        metered = {"equipment_id": self.machine.id, "meter_type_id": hours.id, "meter_limit": 5000}
        # (requests are counted in the two cases that limit nothing)
        for promise, used, due, due_after_another in (
            ({"request_limit": 1}, (1, 2, 240), 0, 240),
            ({"hour_limit": 1.5}, (1, 1.5, 210), 30, 240),
            ({"amount_limit": 200}, (1, 2, 200), 40, 240),
            ({"free_hours": 0.5, "labor_rate": 0, "request_limit": 9}, (1, 0.5, 150), 90, 90),
            ({"deductible": 50, "request_limit": 9}, (1, 2, 190), 50, 50),
            ({"scope": "equipment", **metered}, (1, 2, 240), 0, 0),
        ):
            with self.subTest(promise):
                contract = self._contract(**promise)
                first = self._request(self.machine)
                self._work(first, (self.labor, 2), (self.burner, 1))
                self.assertEqual(self._used(contract), used)
                self.assertEqual(self._due(first), due)
                first.action_cancel()
                self.assertEqual(self._used(contract), (0, 0, 0))
                other = self._request(self.machine)
                self._work(other, (self.labor, 2), (self.burner, 1))
                self.assertEqual((self._used(contract), self._due(other)), (used, due))
                first.action_reopen()
                self.assertEqual(self._due(first), due_after_another)
                (first | other).action_cancel()
                self.assertEqual(self._used(contract), (0, 0, 0))
                first.action_reopen()
                self.assertEqual((self._used(contract), self._due(first)), (used, due))
                first.action_cancel()
                contract.action_terminate(reason="next case", date="2026-01-01")

    def _due(self, request):
        self.env.flush_all()
        self.env.invalidate_all()
        return sum(request.consumption_ids.mapped("amount_to_invoice"))

    def test_beyond_the_meter_nothing_is_covered(self):
        hours = self.env.ref("installed_base.service_meter_type_hours")
        meter = self.env["service.meter"].create(
            {"equipment_id": self.machine.id, "type_id": hours.id}
        )
        readings = self.env["service.meter.reading"]
        self._contract(
            scope="equipment",
            equipment_id=self.machine.id,
            meter_type_id=hours.id,
            meter_limit=5000,
        )
        for day, value, coverage in (
            ("2026-06-01", 0, "full"),
            ("2026-06-02", 5000, "full"),
            ("2026-06-03", 5001, "none"),
        ):
            readings.create({"meter_id": meter.id, "date": f"{day} 10:00:00", "value": value})
            request = self._request(self.machine)
            self.assertEqual(request.coverage, coverage, value)

    # ------------------------------------------------------------ conformity
    def _judge(self, contract):
        self.env.flush_all()
        self.env.invalidate_all()
        return contract.with_user(self.manager)

    def test_conformity_of_worked_requests(self):
        contract = self._contract(parts_rate=50)
        first = self._request(self.machine)
        self._work(first, (self.labor, 2), (self.burner, 1), (self.travel, 1))
        self._consume(first, self.labor, 5)  # planned work costs nothing yet
        day = self.env.ref("uom.product_uom_day")
        self._consume(first, self.labor, 0.5, uom_id=day.id).action_mark_done()
        first.action_close(undone="cancel")  # in time
        late = self._request(self.machine, date=datetime(2026, 6, 14, 20))  # until 04:00
        waiting = self._request(self.machine)
        given = self._request(self.machine)
        given.coverage = "goodwill"
        self._request(self.machine).action_cancel()
        late.action_close()
        contract = self._judge(contract)
        self.assertRecordValues(
            contract,
            [
                {
                    "conformity_requests": 3,
                    "conformity_hours": 6,
                    "conformity_judged": 2,
                    "conformity_kept": 1,
                    "conformity_kept_rate": 50,
                    # six hours at 30, half a burner of 70, a trip at 10
                    "conformity_cost": 225,
                    # five months and half of one, of 1200 a year
                    "conformity_price": 550,
                    "conformity_margin": 325,
                }
            ],
        )
        opened = self.env["service.request"].search(contract.action_view_requests()["domain"])
        self.assertEqual(opened, first | late | waiting)

    def test_what_others_pay_is_no_cost_of_the_contract(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        contract = self._contract(parts_rate=60, labor_rate=0, covered_by_id=insurer.id)
        request = self._request(self.machine)
        self._work(request, (self.burner, 1), (self.labor, 2))
        self.assertEqual(self._judge(contract).conformity_cost, 0)
        request.consumption_ids.filtered(lambda c: c.kind == "labor").amount_to_invoice = 90
        # a quarter of two hours was given up by hand, but the insurer bears it
        self.assertEqual(self._judge(contract).conformity_cost, 0)

    def test_cost_is_in_the_currency_of_the_contract(self):
        contract = self._contract()
        other = self.env["res.currency"].create(
            {
                "name": "ZZZ",
                "symbol": "Z",
                "rounding": 0.01,
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 2})],
            }
        )
        contract.currency_id = other
        self._work(self._request(self.machine), (self.travel, 3))
        self.assertEqual(self._judge(contract).conformity_cost, 60)

    def test_facts_of_many_contracts_in_as_many_queries_as_of_one(self):
        contracts = self._contract()
        for _number in range(9):
            contracts |= self._contract()
        self._work(self._request(self.machine), (self.travel, 1), (self.labor, 1))
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._conformity_facts()
            return self.env.cr.sql_log_count - before

        count(contracts)
        self.assertLessEqual(count(contracts), count(contracts[0]))

    def test_who_reads_the_conformity(self):
        contract = self._contract()
        self._work(self._request(self.machine), (self.travel, 1))
        self.assertEqual(
            self._judge(contract).with_user(self.call_taker).conformity_cost,
            10,
        )
        self.env.invalidate_all()
        technician = contract.with_user(self.technician_user)
        self.assertNotIn("conformity_cost", technician.fields_get())
        self.assertEqual(technician.conformity_requests, 1)

    def test_a_day_before_and_after_the_period_counts_for_nothing(self):
        contract = self._contract(request_limit=5)
        for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"):
            self._request(self.machine, date=f"{day} 12:00:00")
        self.assertEqual(self._used(contract)[0], 2)
        self.assertEqual(contract.date_end, date(2026, 12, 31))

    def test_the_day_of_a_request_is_that_of_its_agency(self):
        """First and last minute of 2026 in Shanghai and in New York, whoever writes the request."""
        contract = self._contract(request_limit=9)
        office = self.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        self.agency.resource_calendar_id = office
        used = 0
        for tz, moment, coverage in (
            ("Asia/Shanghai", "2025-12-31 15:59:59", "none"),
            ("Asia/Shanghai", "2025-12-31 16:00:00", "full"),
            ("Asia/Shanghai", "2026-12-31 15:59:59", "full"),
            ("Asia/Shanghai", "2026-12-31 16:00:00", "none"),
            ("America/New_York", "2026-01-01 04:59:59", "none"),
            ("America/New_York", "2026-01-01 05:00:00", "full"),
            ("America/New_York", "2027-01-01 04:59:59", "full"),
            ("America/New_York", "2027-01-01 05:00:00", "none"),
        ):
            with self.subTest(tz=tz, moment=moment):
                office.tz = tz
                request = self._request(self.machine, date=moment)
                self.assertEqual(request.coverage, coverage)
                used += coverage == "full"
                self.assertEqual(self._used(contract)[0], used)
