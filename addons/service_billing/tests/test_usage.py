from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestUsage(ServiceBillingCommon):
    """A copier: 1,000 pages a month included, 0.05 a page beyond, 0.04 from 2,000 beyond on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.env["service.meter.type"].create(
            {"name": "Pages", "uom_id": cls.env.ref("uom.product_uom_unit").id}
        )
        cls.copies = cls._create_product("Copies", type="service", taxes_id=[Command.clear()])
        cls.machines = cls._create_equipment() | cls._create_equipment()
        cls.meters = cls.env["service.meter"].create(
            [{"equipment_id": machine.id, "type_id": cls.pages.id} for machine in cls.machines]
        )

    def _contract(self, machines=1, **values):
        term = {
            "meter_type_id": self.pages.id,
            "included": 1000,
            "tier_ids": [
                Command.create({"from_quantity": 0, "price_unit": 0.05}),
                Command.create({"from_quantity": 2000, "price_unit": 0.04}),
            ],
            **values.pop("term", {}),
        }
        return self._create_contract(
            *({"equipment_id": machine.id} for machine in self.machines[:machines]),
            **{
                "product_id": self.copies.id,
                "invoice_interval": 1,
                "invoice_interval_unit": "month",
                "meter_term_ids": [Command.create(term)],
                **values,
            },
        )

    def _read(self, meter=0, **values):
        """Readings of a meter: ``d0131=1500`` on 31 January."""
        return self.env["service.meter.reading"].create(
            [
                {
                    "meter_id": self.meters[meter].id,
                    "date": f"2026-{day[1:3]}-{day[3:]} 12:00:00",
                    "value": value,
                }
                for day, value in values.items()
            ]
        )

    def _bill(self, contracts, until):
        return contracts.with_user(self.accountant)._create_instalment_invoices(until).sudo()

    def _lines(self, contract):
        self.env.flush_all()
        return [
            (line.date_from, line.date_to, line.consumed, line.is_estimated, line.amount)
            for line in contract.usage_line_ids.sorted("date_to")
        ]

    def test_included_volume_and_tiers(self):
        # January: 4,500 pages, 1,000 included, 2,000 × 0.05 + 1,500 × 0.04 = 160
        # February: 900 pages, all included
        self._read(d0101=10000, d0131=14500, d0227=15400)
        contract = self._contract()
        invoice = self._bill(contract, date(2026, 3, 1))
        self.assertEqual(
            self._lines(contract),
            [
                (date(2026, 1, 1), date(2026, 1, 31), 4500, False, 160.0),
                (date(2026, 2, 1), date(2026, 2, 28), 900, False, 0.0),
            ],
        )
        self.assertEqual(contract.usage_line_ids.mapped("state"), ["invoiced", "nothing"])
        self.assertEqual(
            [(line.quantity, line.price_unit) for line in invoice.invoice_line_ids],
            [(2000, 0.05), (1500, 0.04)],
        )
        machine = self.machines[0].display_name
        self.assertEqual(
            invoice.invoice_line_ids[0].name,
            f"Copies\n{contract.name} · 01/01/2026 – 01/31/2026\n{machine}\n"
            "Pages: 10,000 – 14,500, 1,000 included",
        )
        self.assertFalse(self._bill(contract, date(2026, 3, 1)), "nothing twice")
        invoice.button_cancel()
        self.assertEqual(self._bill(contract, date(2026, 3, 1)).amount_untaxed, 160.0)

    def test_a_period_is_complete_the_day_after(self):
        self._read(d0101=0, d0131=1500)
        contract = self._contract()
        self.assertFalse(self._bill(contract, date(2026, 1, 31)))
        self.assertEqual(self._bill(contract, date(2026, 2, 1)).amount_untaxed, 25.0)

    def test_shared_or_each_on_its_own(self):
        # 500 and 2,500 pages: together 3,000 − 1,000 = 2,000 × 0.05 = 100;
        # each on its own 0 and 1,500 × 0.05 = 75
        self._read(d0101=0, d0131=500)
        self._read(1, d0101=0, d0131=2500)
        for is_shared, amount, count in ((True, 100.0, 1), (False, 75.0, 2)):
            contract = self._contract(machines=2, term={"is_shared": is_shared})
            self.assertEqual(self._bill(contract, date(2026, 2, 1)).amount_untaxed, amount)
            self.assertEqual(len(contract.usage_line_ids), count)

    def test_an_estimate_is_corrected_by_the_next_reading(self):
        # Readings on the last days of October – January: 100 a day. February is not read: 100 a
        # day from 1 February on are 2,800, less 1,000 = 1,800 × 0.05 = 90.
        # Read on 31 March: (a) 3,200 in two months, less 2,000 = 1,200 × 0.05 = 60: 30 back;
        # (b) 8,000, less 2,000 = 6,000: 4,000 × 0.05 + 2,000 × 0.04 = 280: 190 more
        for value, consumed, amount in ((13200, 3200, -30.0), (18000, 8000, 190.0)):
            with self.env.cr.savepoint() as savepoint:
                self.env["service.meter.reading"].create(
                    [
                        {"meter_id": self.meters[0].id, "date": f"{day} 23:59:59", "value": value}
                        for day, value in (
                            ("2025-10-23", 0),
                            ("2025-11-22", 3000),
                            ("2025-12-22", 6000),
                            ("2026-01-31", 10000),
                        )
                    ]
                )
                contract = self._contract(date_start="2026-02-01")
                estimate = self._bill(contract, date(2026, 3, 1))
                february = (date(2026, 2, 1), date(2026, 2, 28), 2800, True, 90.0)
                self.assertEqual(self._lines(contract), [february])
                self.assertIn("(estimated)", estimate.invoice_line_ids.name)
                self._read(d0331=value)
                corrected = self._bill(contract, date(2026, 4, 1))
                self.assertEqual(
                    self._lines(contract),
                    [february, (date(2026, 2, 1), date(2026, 3, 31), consumed, False, amount)],
                )
                self.assertEqual(corrected.move_type, "out_invoice" if amount > 0 else "out_refund")
                self.assertEqual(corrected.amount_untaxed, abs(amount))
                self.assertEqual(contract.usage_line_ids.mapped("state"), ["invoiced"] * 2)
                self.assertFalse(self._bill(contract, date(2026, 4, 1)))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_corrected_reading_is_taken_into_account(self):
        # January billed for 4,500: 160. It was 2,500 only. February ends at 14,000:
        # 4,000 in two months, less 2,000 = 2,000 × 0.05 = 100: 60 back
        self._read(d0101=10000)
        wrong = self._read(d0131=14500)
        contract = self._contract()
        self._bill(contract, date(2026, 2, 1)).action_post()
        wrong.value = 12500
        self._read(d0228=14000)
        credit = self._bill(contract, date(2026, 3, 1))
        self.assertRecordValues(credit, [{"move_type": "out_refund", "amount_untaxed": 60.0}])
        # March goes on from there: 1,500, 500 × 0.05
        self._read(d0331=15500)
        self.assertEqual(self._bill(contract, date(2026, 4, 1)).amount_untaxed, 25.0)

    def test_what_ran_before_the_contract_is_not_billed(self):
        # 100 a day since 2 December, 3,000 of them before 1 January.
        # Read on 31 January: 3,000, less 1,000 = 2,000 × 0.05 = 100.
        # Not before 28 February: 5,800 in two months, less 2,000 = 3,800 × 0.05 = 190
        for day, value, until, amount in (
            ("2026-01-31", 6000, date(2026, 2, 1), 100.0),
            ("2026-02-28", 8800, date(2026, 3, 1), 190.0),
        ):
            with self.subTest(day), self.env.cr.savepoint() as savepoint:
                self.env["service.meter.reading"].create(
                    [
                        {"meter_id": self.meters[0].id, "date": f"{at} 00:00:00", "value": read}
                        for at, read in (("2025-12-02", 0), (day, value))
                    ]
                )
                contract = self._contract()
                self.assertEqual(self._bill(contract, until).amount_untaxed, amount)
                self.assertEqual(contract.usage_line_ids[-1:].reading_from, 3000)
                self.assertFalse(self._bill(contract, until))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_arrears_and_the_end_cut_the_included_volume(self):
        # ends on 10 February: 10 of 28 days, 357.143 included of 857.143: 500 × 0.05 = 25
        self._read(d0101=0, d0131=1000, d0210=1857.143)
        contract = self._contract(date_end="2026-02-10")
        self.assertEqual(self._bill(contract, date(2026, 6, 1)).amount_untaxed, 25.0)

    def test_a_period_of_the_calendar_is_cut_at_the_start(self):
        # from 22 January on: 10 of 31 days, 322.581 included of 822.581: 500 × 0.05 = 25
        self._read(d0122=0, d0131=822.581)
        contract = self._contract(date_start="2026-01-22", invoice_on_calendar=True)
        self.assertEqual(self._bill(contract, date(2026, 2, 1)).amount_untaxed, 25.0)

    def test_usage_after_a_termination_is_billed_by_the_cron(self):
        self._read(d0101=0, d0131=2000)
        contract = self._contract()
        contract.action_terminate(reason="Sold", date=date(2026, 2, 1))
        with self.enter_registry_test_mode():
            self.env.ref("service_billing.ir_cron_instalments").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(contract.usage_line_ids.mapped("state"), ["invoiced"])

    def test_usage_stands_beside_the_instalments(self):
        self._read(d0101=0, d0131=2000)
        contract = self._contract(price=30.0, date_end="2026-02-28")
        invoice = self._bill(contract, date(2026, 2, 1))
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("price_subtotal")), [30, 30, 50])

    def test_the_queries_do_not_grow_with_the_contracts(self):
        self._read(d0101=0, d0131=2000, d0228=2500, d0331=9000)
        counts = []
        for number in (2, 20):
            contracts = self.env["service.contract"].union(
                *(self._contract() for _number in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._generate_usage(date(2026, 4, 1))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_switch(self):
        contract = self._contract()
        self.env.company.service_invoicing_enabled = False
        with self.assertRefused(UserError, "switched off"):
            self._bill(contract, date(2026, 2, 1))
