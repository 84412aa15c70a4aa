from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestConformity(ServiceContractCommon):
    """What is used of what was promised, and who is told of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._create_user("sandrine", "sales_team.group_sale_salesman")
        cls.customer.user_id = cls.salesperson
        cls.contract = cls._create_contract(
            {
                "equipment_id": cls.machine.id,
                "request_limit": 10,
                "hour_limit": 20,
                "amount_limit": 1000,
            }
        )
        cls.line = cls.contract.coverage_ids

    def _use(self, requests=0, hours=0.0, amount=0.0, **facts):
        """What upper addons would answer."""
        registry_class = self.env.registry["service.contract"]
        used = {"requests": requests, "hours": hours, "amount": amount}
        self.enterContext(
            patch.object(
                registry_class,
                "_coverage_usage",
                lambda model, ids, period: dict.fromkeys(ids, used),
            )
        )
        self.enterContext(
            patch.object(
                registry_class,
                "_conformity_facts",
                lambda contracts: dict.fromkeys(contracts._origin.ids, {"hours": hours, **facts}),
            )
        )
        self.env.invalidate_all()

    def _apply(self, day="2026-06-15"):
        return self.env["service.contract"]._apply_due(date.fromisoformat(day))

    def test_what_is_used_stands_beside_what_is_allowed(self):
        self._use(requests=7, hours=5, amount=900)
        self.assertRecordValues(
            self.line,
            [{"requests_used": 7, "hours_used": 5, "amount_used": 900, "use_rate": 90}],
        )
        self.assertEqual(self.contract.limited_coverage_ids, self.line)

    def test_a_bar_for_each_kind_of_limit_in_words_and_colour(self):
        self.contract.coverage_ids = [
            Command.create({"scope": "customer", "request_limit": 20, "hour_limit": 4})
        ]
        self._use(requests=7, hours=5, amount=900)
        bars = str(self.contract.limit_bars)
        for text in (
            "7 / 10",  # nearer to its end than 7 of 20
            "5 / 4",
            "progress-bar bg-success",
            "progress-bar bg-warning",
            "progress-bar bg-danger",
            "width: 70%",
            "width: 90%",
            "width: 100%",
        ):
            self.assertTrue(text in bars, text)
        self.assertEqual(bars.count('role="progressbar"'), 3)
        self.assertFalse("7 / 20" in bars)
        self.assertFalse(self._create_contract({"scope": "customer"}).limit_bars)

    def test_a_promise_without_limits_uses_nothing_up(self):
        contract = self._create_contract({"scope": "customer"})
        self._use(requests=7)
        self.assertFalse(contract.limited_coverage_ids)
        self.assertEqual(contract.coverage_ids.use_rate, 0)

    def test_commitments_kept_cost_and_margin(self):
        self.contract.write({"price": 365, "invoice_interval": 1, "invoice_interval_unit": "month"})
        self._use(
            requests=7,
            judged=8,
            kept=6,
            cost=1500.0,
            hours=12.5,
            interventions=3,
            next_visit=date(2026, 7, 1),
        )
        self.assertRecordValues(
            self.contract,
            [
                {
                    "conformity_kept_rate": 75,
                    # 1 January to 15 June are five months and half of one
                    "conformity_price": 2007.5,
                    "conformity_cost": 1500,
                    "conformity_margin": 507.5,
                    "conformity_cost_rate": 100 * 1500 / 2007.5,
                    "conformity_hours": 12.5,
                    "conformity_interventions": 3,
                    "next_visit_date": date(2026, 7, 1),
                }
            ],
        )

    def test_the_price_stops_with_the_contract(self):
        self.contract.write({"price": 1200, "invoice_interval": 1, "invoice_interval_unit": "year"})
        for day, price in (
            ("2025-12-31", 0),
            ("2026-06-30", 600),
            ("2026-12-31", 1200),
            ("2027-06-30", 1200),
        ):
            self.assertEqual(self.contract._get_price_until(date.fromisoformat(day)), price, day)

    def test_the_price_follows_the_index_of_each_anniversary(self):
        # 100 a month at 120; from 1 January 2027 on × 126 / 120
        values = [("2026-01-01", 120), ("2026-10-01", 126), ("2027-02-01", 150)]
        lines = [Command.create({"date": day, "value": value}) for day, value in values]
        index = self.env["service.index"].create({"name": "Labour", "value_ids": lines})
        self.contract.write(
            {
                "price": 100,
                "invoice_interval": 1,
                "invoice_interval_unit": "month",
                "date_end": "2027-12-31",
                "index_id": index.id,
            }
        )
        self.assertEqual(self.contract._get_price_until(date(2026, 12, 31)), 1200)
        self.assertEqual(self.contract._get_price_until(date(2027, 3, 31)), 1200 + 3 * 105)

    def test_a_terminated_contract_costs_nothing_after_its_last_day(self):
        self.contract.write({"date_start": "2026-01-01", "date_end": "2026-12-31"})
        whole = self.contract._get_price_until(date(2026, 6, 30))
        self.contract.write({"termination_date": "2026-07-01"})
        self.assertEqual(self.contract._get_price_until(date(2026, 12, 31)), whole)

    def test_nothing_due_is_nothing_broken(self):
        self.assertEqual(self.contract.conformity_kept_rate, 100)

    def test_points_used_of_points_granted(self):
        card = self._create_contract({"scope": "customer"}, kind="points", points_initial=20)
        card._move_points(-5, "debit")
        card._move_points(-2, "reserve")
        card._move_points(2, "release")
        self.assertRecordValues(
            card, [{"points_granted": 20, "points_used": 5, "points_used_rate": 25}]
        )

    # === ALERTS === #

    def test_below_eighty_percent_nobody_is_told(self):
        self._use(requests=7, hours=15.9, amount=799)
        self._apply()
        self.assertFalse(self.contract.activity_ids)

    def test_eighty_percent_and_a_hundred_are_told_once_each(self):
        self._use(requests=8)
        self._apply()
        self._apply("2026-06-16")
        activity = self.contract.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(activity.summary, f"{self.contract.name}: Requests used to 80 %")
        self._use(requests=10)
        self._apply("2026-06-17")
        self._apply("2026-06-18")
        self.assertEqual(
            self.contract.activity_ids.sorted("id").mapped("summary"),
            [
                f"{self.contract.name}: Requests used to 80 %",
                f"{self.contract.name}: Requests used to 100 %",
            ],
        )

    def test_a_limit_used_up_at_once_is_told_in_one_message(self):
        self._use(amount=1100)
        self._apply()
        self.assertEqual(
            self.contract.activity_ids.mapped("summary"),
            [f"{self.contract.name}: Amount used to 110 %"],
        )
        self.assertEqual(sorted(self.contract.alert_ids.mapped("threshold")), [80, 100])

    def test_points_nearly_used_up_are_told(self):
        card = self._create_contract({"scope": "customer"}, kind="points", points_initial=20)
        card._move_points(-15, "debit")
        self._apply()
        self.assertFalse(card.activity_ids)
        card._move_points(-1, "debit")
        self._apply("2026-06-16")
        self.assertEqual(card.activity_ids.summary, f"{card.name}: Points used to 80 %")

    def test_another_period_is_told_anew(self):
        self._use(requests=8)
        self._apply()
        self.contract.date_end = "2027-12-31"
        self._apply("2026-06-16")
        self.assertEqual(len(self.contract.activity_ids), 2)

    def test_without_a_salesperson_the_chatter_is_told(self):
        self.contract.user_id = False
        self._use(requests=8)
        self._apply()
        self.assertFalse(self.contract.activity_ids)
        self.assertIn("used to 80 %", self.contract.message_ids[0].body)

    def test_limits_of_many_contracts_are_read_together(self):
        def count(contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._check_limits(date(2026, 6, 15))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def create(number):
            contracts = self.env["service.contract"]
            for _number in range(number):
                contracts |= self._create_contract({"scope": "customer", "request_limit": 5})
            return contracts

        few, many = create(2), create(22)
        count(create(1))
        self.assertLessEqual(count(many), count(few) + 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestMeterTerms(ServiceContractCommon):
    """Pages that the price includes, and what more of them cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.env["service.meter.type"].create(
            {"name": "Pages", "uom_id": cls.env.ref("uom.product_uom_unit").id}
        )
        cls.template = cls._create_template(
            {},
            meter_term_ids=[
                Command.create(
                    {
                        "meter_type_id": cls.pages.id,
                        "included": 1000,
                        "tier_ids": [
                            Command.create({"from_quantity": 0, "price_unit": 0.01}),
                            Command.create({"from_quantity": 5000, "price_unit": 0.008}),
                        ],
                    }
                )
            ],
        )
        cls.second = cls._create_equipment(serial_number="B-2")
        cls.contract = cls._create_contract(
            {"equipment_id": cls.machine.id},
            {"equipment_id": cls.second.id},
            template_id=cls.template.id,
        )
        cls.term = cls.contract.meter_term_ids
        for machine, values in ((cls.machine, (0, 900, 8000)), (cls.second, (50, 250, 250))):
            meter = cls.env["service.meter"].create(
                {"equipment_id": machine.id, "type_id": cls.pages.id}
            )
            for day, value in zip(("01-01", "02-01", "03-01"), values, strict=True):
                cls.env["service.meter.reading"].create(
                    {"meter_id": meter.id, "value": value, "date": f"2026-{day} 12:00:00"}
                )

    def test_a_contract_has_the_terms_of_its_template_as_its_own(self):
        self.assertRecordValues(self.term, [{"included": 1000, "template_id": False}])
        self.template.meter_term_ids.included = 1
        self.assertEqual(self.term.included, 1000)

    def test_tiers(self):
        # consumed: what the excess beyond 1,000 costs, by hand
        for consumed, amounts in (
            (0, []),
            (1000, []),
            (1001, [0.01]),
            (6000, [50.0]),
            (6001, [50.0, 0.01]),
            (16000, [50.0, 80.0]),
        ):
            self.assertEqual(
                [tier["amount"] for tier in self.term._get_price(consumed)], amounts, consumed
            )

    def test_several_intervals_include_and_grade_as_much_more(self):
        self.assertEqual(
            [tier["amount"] for tier in self.term._get_price(12002, intervals=2)], [100.0, 0.02]
        )

    def test_each_machine_has_its_own_volume(self):
        usage = self.term._get_usage(date(2026, 2, 2), date(2026, 3, 1))
        found = {use["meters"].equipment_id: (use["consumed"], use["amount"]) for use in usage}
        # 5000 × .01 + 1100 × .008
        self.assertEqual(found, {self.machine: (7100, 58.8), self.second: (0, 0)})

    def test_all_machines_share_the_volume(self):
        self.term.is_shared = True
        [usage] = self.term._get_usage(date(2026, 1, 1), date(2026, 2, 1))
        self.assertEqual((usage["consumed"], usage["amount"]), (1100, 1.0))

    def test_a_reading_belongs_to_the_period_of_its_day(self):
        for first, last, consumed in (
            ((2026, 1, 1), (2026, 1, 31), 0),
            ((2026, 2, 1), (2026, 2, 1), 900),
            ((2026, 2, 2), (2026, 2, 28), 0),
        ):
            usage = self.term._get_usage(date(*first), date(*last))
            [found] = [u for u in usage if u["meters"].equipment_id == self.machine]
            self.assertEqual(found["consumed"], consumed)

    def test_one_term_for_each_meter(self):
        with self.assertRefused(ValidationError, "has two terms for the meter « Pages »"):
            self.term.copy()
