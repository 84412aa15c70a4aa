from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestUsageDays(ServiceBillingCommon):
    """Copiers that come and go, and contracts whose periods change: 0.1 a page, none included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.env["service.meter.type"].create(
            {"name": "Pages", "uom_id": cls.env.ref("uom.product_uom_unit").id}
        )
        cls.copies = cls._create_product("Copies", type="service", taxes_id=[Command.clear()])

    def _meter(self, **values):
        """The meter of a new machine, read at the end of days: ``d0131=1500`` on 31 January."""
        meter = self.env["service.meter"].create(
            {"equipment_id": self._create_equipment().id, "type_id": self.pages.id}
        )
        self.env["service.meter.reading"].create(
            [
                {
                    "meter_id": meter.id,
                    "date": f"2026-{day[1:3]}-{day[3:]} 12:00:00",
                    "value": value,
                }
                for day, value in values.items()
            ]
        )
        return meter

    def _contract(self, *lines, **values):
        term = {
            "meter_type_id": self.pages.id,
            "tier_ids": [Command.create({"from_quantity": 0, "price_unit": 0.1})],
            **values.pop("term", {}),
        }
        return self._create_contract(
            *lines,
            **{
                "product_id": self.copies.id,
                "invoice_interval": 1,
                "invoice_interval_unit": "month",
                "meter_term_ids": [Command.create(term)],
                **values,
            },
        )

    def _bill(self, contract, until):
        contract.with_user(self.accountant)._create_instalment_invoices(until)
        self.env.flush_all()
        return [
            (line.date_from.month, line.date_from.day, line.date_to.month, line.date_to.day)
            + (line.consumed, line.amount)
            for line in contract.usage_line_ids.sorted(lambda line: (line.date_to, line.id))
        ]

    def test_a_machine_that_changes_hands_is_billed_to_each_owner(self):
        # 1,000 pages in January, 2,000 in February, of which 36 in the half day after the reading
        # of the 31st at noon, 3,000 in March; the other's from 1 February
        for line in ("equipment", "customer"):
            with self.subTest(line), self.env.cr.savepoint() as savepoint:
                meter = self._meter(d0101=0, d0131=1000, d0228=3000, d0331=6000)
                machine = meter.equipment_id
                named = {"equipment_id": machine.id} if line == "equipment" else {}
                contract = self._contract({"scope": line, **named})
                january = [(1, 1, 1, 31, 1000, 100.0)]
                self.assertEqual(self._bill(contract, date(2026, 2, 1)), january)
                other = self.env["res.partner"].create({"name": "Next Owner"})
                self.env["service.equipment.transfer"].create(
                    {
                        "equipment_ids": machine.ids,
                        "partner_id": other.id,
                        "site_id": other.id,
                        "date": "2026-02-01",
                        "contract_action": "end",
                    }
                ).action_confirm()
                self.assertEqual(self._bill(contract, date(2026, 4, 1)), january)
                theirs = self._contract({"scope": "customer"}, partner_id=other.id)
                self.assertEqual(
                    self._bill(theirs, date(2026, 4, 1)),
                    [(2, 1, 2, 28, 1964, 196.4), (3, 1, 3, 31, 3000, 300.0)],
                )
                savepoint.rollback()

    def test_a_machine_counts_from_its_first_day_to_its_last(self):
        # a second copier joins on 11 April; it ran 1,000 pages a month before, which nobody pays,
        # then 300 until 30 April: of the 20 of 30 days after the reading of 31 March that it was
        # on the contract (noon to noon: 30 days; 10.5 before the 11th begins) 300 - 105 = 195
        for is_shared, april in ((False, 195.0), (True, 293.0)):
            with self.subTest(is_shared=is_shared), self.env.cr.savepoint() as savepoint:
                meter = self._meter(d0101=0, d0331=300, d0430=400)
                added = self._meter(d0101=0, d0331=3000, d0430=3300)
                contract = self._contract(
                    {"equipment_id": meter.equipment_id.id},
                    {
                        "scope": "equipment",
                        "equipment_id": added.equipment_id.id,
                        "date_start": "2026-04-11",
                    },
                    term={"is_shared": is_shared},
                    date_start="2026-04-01",
                )
                self._bill(contract, date(2026, 5, 1))
                lines = contract.usage_line_ids.filtered(
                    lambda line, added=added: added in line.meter_ids
                )
                self.assertEqual(lines.mapped("consumed"), [april])
                self.assertAlmostEqual(lines.intervals, 1 if is_shared else 20 / 30, 5)
                # retired, it is not estimated either
                added.equipment_id.write({"state": "retired", "retirement_date": "2026-04-30"})
                self._bill(contract, date(2026, 6, 1))
                later = contract.usage_line_ids.filtered(lambda line: line.date_from.month == 5)
                self.assertEqual(later.meter_ids, meter)
                savepoint.rollback()

    def test_what_was_billed_is_not_billed_again_when_the_periods_change(self):
        # prolonged: 500 pages until 10 February, then 500 until the 28th, 1,000 in March.
        # From months to a quarter: January and February are billed, March is left
        for dates, change, billed, after in (
            (
                {"date_end": "2026-02-10"},
                {"date_end": "2026-12-31"},
                [(1, 1, 1, 31, 1000, 100.0), (2, 1, 2, 10, 500, 50.0)],
                [(2, 11, 2, 28, 500, 50.0), (3, 1, 3, 31, 1000, 100.0)],
            ),
            (
                {},
                {"invoice_interval": 3},
                [(1, 1, 1, 31, 1000, 100.0), (2, 1, 2, 28, 1000, 100.0)],
                [(3, 1, 3, 31, 1000, 100.0)],
            ),
        ):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                meter = self._meter(d0101=0, d0131=1000, d0210=1500, d0228=2000, d0331=3000)
                contract = self._contract({"equipment_id": meter.equipment_id.id}, **dates)
                self.assertEqual(self._bill(contract, date(2026, 3, 1)), billed)
                contract.write(change)
                self.assertEqual(self._bill(contract, date(2026, 4, 1)), billed + after)
                savepoint.rollback()
