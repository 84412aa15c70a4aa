from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestInstalments(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maintenance = cls._create_product(
            "Maintenance", type="service", taxes_id=[Command.clear()]
        )

    def _contract(self, **values):
        return self._create_contract(
            **{
                "product_id": self.maintenance.id,
                "price": 300.0,
                "invoice_interval": 3,
                "invoice_interval_unit": "month",
                **values,
            }
        )

    def _bill(self, contracts, until):
        return contracts.with_user(self.accountant)._create_instalment_invoices(until)

    def test_schedule_in_advance_and_in_arrears(self):
        # (timing, interval, unit, start, end, until) → (from, to, due, amount) worked out by hand
        for values, until, expected in (
            (
                {},
                date(2026, 4, 1),
                [
                    (date(2026, 1, 1), date(2026, 3, 31), date(2026, 1, 1), 300.0),
                    (date(2026, 4, 1), date(2026, 6, 30), date(2026, 4, 1), 300.0),
                ],
            ),
            (
                {"invoice_timing": "arrears"},
                date(2026, 6, 29),
                [(date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 31), 300.0)],
            ),
            (  # without an end
                {"date_end": False, "date_start": "2026-11-15", "invoice_timing": "arrears"},
                date(2027, 2, 14),
                [(date(2026, 11, 15), date(2027, 2, 14), date(2027, 2, 14), 300.0)],
            ),
            (  # 31 days of the 92 of April – June: 300 × 31 / 91 = 102.20
                {"date_end": "2026-05-01"},
                date(2026, 12, 31),
                [
                    (date(2026, 1, 1), date(2026, 3, 31), date(2026, 1, 1), 300.0),
                    (date(2026, 4, 1), date(2026, 5, 1), date(2026, 4, 1), 102.2),
                ],
            ),
            (  # quarters of the calendar, 50 days of the first 90: 300 × 50 / 90
                {"date_start": "2026-02-10", "invoice_on_calendar": True},
                date(2026, 4, 1),
                [
                    (date(2026, 2, 10), date(2026, 3, 31), date(2026, 2, 10), 166.67),
                    (date(2026, 4, 1), date(2026, 6, 30), date(2026, 4, 1), 300.0),
                ],
            ),
            (  # years of the calendar in arrears: 300 × 184 / 365; ends on 30 June: 300 × 181 / 365
                {
                    "date_start": "2026-07-01",
                    "date_end": "2027-06-30",
                    "invoice_on_calendar": True,
                    "invoice_interval": 1,
                    "invoice_interval_unit": "year",
                    "invoice_timing": "arrears",
                },
                date(2028, 1, 1),
                [
                    (date(2026, 7, 1), date(2026, 12, 31), date(2026, 12, 31), 151.23),
                    (date(2027, 1, 1), date(2027, 6, 30), date(2027, 6, 30), 148.77),
                ],
            ),
            (  # five months are no part of a year: they begin on the first of the month
                {"date_start": "2026-02-15", "invoice_on_calendar": True, "invoice_interval": 5},
                date(2026, 2, 15),
                [(date(2026, 2, 15), date(2026, 6, 30), date(2026, 2, 15), 272.0)],
            ),
            (  # from the 31st on
                {"date_start": "2026-01-31", "invoice_interval": 1},
                date(2026, 3, 31),
                [
                    (date(2026, 1, 31), date(2026, 2, 27), date(2026, 1, 31), 300.0),
                    (date(2026, 2, 28), date(2026, 3, 30), date(2026, 2, 28), 300.0),
                    (date(2026, 3, 31), date(2026, 4, 29), date(2026, 3, 31), 300.0),
                ],
            ),
        ):
            contract = self._contract(**values)
            contract._generate_instalments(until)
            contract._generate_instalments(until)
            self.assertEqual(
                [(i.date_from, i.date_to, i.date_due, i.amount) for i in contract.instalment_ids],
                expected,
                values,
            )

    def test_one_invoice_for_each_customer_and_nothing_twice(self):
        payer = self.env["res.partner"].create({"name": "Payer"})
        first, second = self._contract(), self._contract(price=120.0)
        paid = self._contract(payer_id=payer.id)
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        (first | second).user_id = seller
        invoices = self._bill(first | second | paid, date(2026, 1, 1)).sudo()
        self.assertEqual(sorted(invoices.mapped("amount_untaxed")), [300.0, 420.0])
        self.assertEqual(invoices.service_payer_id, payer)
        sold = invoices.filtered(lambda move: move.amount_untaxed == 420)
        self.assertEqual((sold.invoice_user_id, sold.service_salesperson_ids), (seller, seller))
        self.assertFalse(self._bill(first | second | paid, date(2026, 1, 1)))
        self.assertEqual(first.instalment_ids.state, "invoiced")
        together = first.instalment_ids.invoice_id
        together.button_cancel()
        self.assertEqual((first | second).instalment_ids.mapped("state"), ["pending", "pending"])
        self.assertEqual(self._bill(first | second, date(2026, 1, 1)).amount_untaxed, 420.0)

    def test_what_was_credited_after_payment_is_invoiced_again_once(self):
        contract = self._contract()
        invoice = self._bill(contract, date(2026, 1, 1)).sudo()
        invoice.action_post()
        self._pay(invoice)
        credit = invoice._reverse_moves()
        credit.action_post()
        self.assertEqual(contract.instalment_ids.state, "pending")
        self.assertEqual(self._bill(contract, date(2026, 1, 1)).amount_untaxed, 300.0)
        with self.assertRefused(UserError, "would be invoiced twice"):
            credit.button_draft()

    def test_line_says_contract_and_period(self):
        contract = self._contract()
        line = self._bill(contract, date(2026, 1, 1)).invoice_line_ids
        self.assertEqual(line.name, f"Maintenance\n{contract.name} · 01/01/2026 – 03/31/2026")

    def test_termination_credits_what_was_paid_in_advance(self):
        # ends on 16 June: April – June has 91 days, 15 of them (16 – 30 June) are unused
        contract = self._contract()
        invoices = self._bill(contract, date(2026, 4, 1)).sudo()
        invoices.action_post()
        invoice = contract.instalment_ids[1].invoice_id
        contract._generate_instalments(date(2026, 7, 1))
        contract.action_terminate(reason="Sold", date=date(2026, 6, 16))
        self.assertEqual(
            [(i.state, i.amount_credited) for i in contract.instalment_ids],
            [("invoiced", 0.0), ("to_credit", 49.45), ("cancelled", 0.0)],
        )
        credit = contract.instalment_ids[1].invoice_line_ids.move_id.filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertRecordValues(
            credit, [{"state": "draft", "partner_id": self.customer.id, "amount_untaxed": 49.45}]
        )
        self.assertIn("06/16/2026 – 06/30/2026", credit.invoice_line_ids.name)
        self.assertEqual(contract.instalment_ids[1].credit_note_id, credit)
        self.assertEqual(credit.ref, f"Credit on {invoice.name}")
        self.assertIn(f'data-oe-id="{credit.id}"', contract.message_ids.sorted("id")[-1].body)
        credit.sudo().action_post()
        self.assertEqual(contract.instalment_ids[1].state, "credited")
        self.assertFalse(self._bill(contract, date(2026, 12, 31)))

    def test_prices_are_without_taxes_whatever_the_taxes_say(self):
        # 300 and 20 % in the price are 360; given back from 16 June on: 300 × 15 / 91 = 49.45
        tax = self._create_tax(20, price_include_override="tax_included")
        self.maintenance.taxes_id = tax
        contract = self._contract(price=99.99)
        [first] = self._bill(contract, date(2026, 1, 1))
        self.assertRecordValues(first, [{"amount_untaxed": 99.99, "amount_tax": 20.0}])
        contract = self._contract()
        invoice = self._bill(contract, date(2026, 4, 1)).sudo()
        self.assertRecordValues(invoice, [{"amount_untaxed": 600.0, "amount_tax": 120.0}])
        invoice.action_post()
        contract.action_terminate(reason="Sold", date=date(2026, 6, 16))
        credit = contract.sudo().instalment_ids.invoice_line_ids.move_id - invoice
        self.assertRecordValues(credit, [{"amount_untaxed": 49.45, "amount_tax": 9.89}])
        self.env.flush_all()
        margins = self.env["service.margin"].search([("contract_id", "=", contract.id)])
        self.assertEqual(sorted(margins.mapped("revenue")), [250.55, 300.0])

    def test_announced_termination_bills_on_until_its_day(self):
        # announced in June for 16 August: July – September has 92 days, 46 of them until then
        contract = self._contract()
        contract.action_terminate(reason="Sold", date=date(2026, 8, 16))
        self.assertEqual(contract.state, "active")
        self.assertEqual(self._bill(contract, date(2026, 6, 30)).amount_untaxed, 600.0)
        last = self._bill(contract, date(2026, 7, 1))
        self.assertRecordValues(
            last.invoice_line_ids, [{"price_subtotal": 150.0, "name": last.invoice_line_ids.name}]
        )
        self.assertIn("07/01/2026 – 08/15/2026", last.invoice_line_ids.name)
        contract._terminate()
        self.assertFalse(self._bill(contract, date(2026, 12, 31)))

    def test_a_withdrawn_termination_bills_as_if_there_had_been_none(self):
        """Quarters of 300, terminated on 16 August (46 of 92 days), withdrawn: what is billed.

        Each case: timing, billed until before the termination, and after it; whether the credit
        note was posted; the instalments of 2026 in the end (first day, last day, amount, state).
        """
        posted, draft, none = "posted", "draft", None
        first = ("01-01", "03-31", 300.0, "invoiced")
        second = ("04-01", "06-30", 300.0, "invoiced")
        third = ("07-01", "09-30", 300.0, "invoiced")
        fourth = ("10-01", "12-31", 300.0, "invoiced")
        halves = [("07-01", "08-15", 150.0, "invoiced"), ("08-16", "09-30", 150.0, "invoiced")]
        for case, timing, before, after, note, expected in (
            ("nothing yet", "advance", none, none, none, [first, second, third, fourth]),
            ("cut", "advance", "06-30", none, none, [first, second, third, fourth]),
            ("cut, billed", "advance", "06-30", "07-01", none, [first, second, *halves, fourth]),
            ("credited", "advance", "07-01", none, draft, [first, second, third, fourth]),
            (
                "credited, posted",
                "advance",
                "07-01",
                none,
                posted,
                [first, second, ("07-01", "09-30", 300.0, "credited"), halves[1], fourth],
            ),
            (
                "credited as a whole",
                "advance",
                "10-01",
                none,
                posted,
                [
                    first,
                    second,
                    ("07-01", "09-30", 300.0, "credited"),
                    halves[1],
                    ("10-01", "12-31", 300.0, "credited"),
                    fourth,
                ],
            ),
            ("in arrears", "arrears", "03-31", none, none, [first, second, third, fourth]),
        ):
            with self.subTest(case):
                contract = self._contract(invoice_timing=timing)
                if before:
                    self._bill(contract, f"2026-{before}").sudo().action_post()
                contract.action_terminate(reason="Sold", date=date(2026, 8, 16))
                if after:
                    self._bill(contract, f"2026-{after}").sudo().action_post()
                credit = contract.instalment_ids.invoice_line_ids.move_id.filtered(
                    lambda move: move.move_type == "out_refund"
                )
                self.assertEqual(bool(credit), bool(note))
                if note == posted:
                    credit.action_post()
                self.env.flush_all()  # another day
                contract.action_withdraw_termination()
                if note == draft:
                    self.assertEqual(credit.state, "cancel")
                self._bill(contract, "2026-12-31")
                instalments = contract.instalment_ids.sorted(lambda i: (i.date_from, i.id))
                self.assertEqual(
                    [
                        (f"{i.date_from:%m-%d}", f"{i.date_to:%m-%d}", i.amount, i.state)
                        for i in instalments
                    ],
                    expected,
                )
                net = sum(i.amount - i.amount_credited for i in instalments)
                self.assertEqual(net, 1200)
                contract.action_terminate(reason="Sold again", date=date(2026, 8, 20))
                contract.action_withdraw_termination()
                self.assertEqual(
                    sum(i.amount - i.amount_credited for i in contract.instalment_ids), net
                )

    def test_one_contract_of_a_common_credit_note_goes_on(self):
        both = self._contract() | self._contract()
        self._bill(both, date(2026, 7, 1)).sudo().action_post()
        both.action_terminate(reason="Sold", date=date(2026, 8, 16))
        credit = both.instalment_ids.invoice_line_ids.move_id.filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(credit.amount_untaxed, 300)
        both[0].action_withdraw_termination()
        self.assertRecordValues(credit, [{"state": "draft", "amount_untaxed": 150}])
        self.assertEqual(both[0].instalment_ids.mapped("state"), ["invoiced"] * 3)
        self.assertEqual(both[1].instalment_ids[2].state, "to_credit")

    def test_termination_cuts_what_is_billed_in_arrears(self):
        contract = self._contract(invoice_timing="arrears")
        contract._generate_instalments(date(2026, 6, 30))
        contract.action_terminate(reason="Sold", date=date(2026, 6, 16))
        invoice = self._bill(contract, date(2026, 6, 30))
        # 300 for January – March, and 300 − 49.45 until 15 June
        self.assertEqual(invoice.amount_untaxed, 550.55)

    def _sell_half_years(self, active=True):
        """A contract of two half-years at 600, the first of which its order bills."""
        template = self.env["service.contract.template"].create(
            {"name": "Sold", "invoice_interval": 6, "invoice_interval_unit": "month"}
        )
        self.maintenance.service_contract_template_id = template
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.maintenance.id,
                            "product_uom_qty": 3,
                            "price_unit": 200.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        if active:
            order.service_contract_ids.action_activate()
        return order.service_contract_ids

    def test_an_order_not_invoiced_yet_bills_the_days_until_the_termination(self):
        # 15 June – 14 December has 183 days, 62 of them until 15 August: 600 × 62 / 183 = 203.28
        last_day, next_day = date(2026, 8, 15), date(2026, 8, 16)
        for case, expected in (
            ("ended", [(last_day, 203.28, "order")]),
            ("invoiced and ended", [(date(2026, 12, 14), 600.0, "to_credit")]),
            ("withdrawn", [(date(2026, 12, 14), 600.0, "order")]),
            ("withdrawn and invoiced", [(date(2026, 12, 14), 600.0, "order")]),
            (
                "invoiced and withdrawn",
                [(last_day, 203.28, "order"), (date(2026, 12, 14), 396.72, "invoiced")],
            ),
        ):
            with self.subTest(case):
                contract = self._sell_half_years()
                order = contract.sale_order_id
                if case == "invoiced and ended":
                    order._create_invoices().action_post()
                contract.action_terminate(reason="Sold", date=next_day)
                if case == "invoiced and ended":
                    self.assertEqual(order.amount_untaxed, 600.0)
                    self.assertEqual(contract.instalment_ids.amount_credited, 396.72)
                else:
                    self.assertEqual(order.amount_untaxed, 203.28)
                    self.assertIn("203.28 instead of $&nbsp;600.00", order.message_ids[0].body)
                if case == "invoiced and withdrawn":
                    order._create_invoices().action_post()
                if "withdrawn" in case:
                    contract.action_withdraw_termination()
                self._bill(contract, date(2026, 11, 30))
                if order.invoice_status == "to invoice":
                    order._create_invoices().action_post()
                self.assertEqual(
                    [
                        (i.date_to, i.amount, i.state)
                        for i in contract.instalment_ids.sorted("date_from")
                    ],
                    expected,
                )
                self.assertEqual(
                    order.invoice_ids.amount_untaxed,
                    203.28 if case in ("ended", "invoiced and withdrawn") else 600.0,
                )

    def test_what_an_order_bills_too_much_is_told_where_it_may_not_be_changed(self):
        """Locked, or invoiced for a contract that never came into force: (case, excess)."""
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        for case, excess in (("locked", "396.72"), ("draft", None), ("invoiced draft", "600.00")):
            with self.subTest(case):
                contract = self._sell_half_years(active=case == "locked")
                order = contract.sale_order_id
                order.user_id = seller
                if case == "locked":
                    order.action_lock()
                elif case == "invoiced draft":
                    order._create_invoices()
                contract.action_terminate(reason="Sold", date=date(2026, 8, 16))
                self.assertEqual(order.amount_untaxed, 600.0 if excess else 0.0)
                todo = order.activity_ids
                self.assertEqual(todo.user_id, seller if excess else self.env["res.users"])
                if excess:
                    self.assertIn(f"{order.name} bills $\xa0{excess} too much", todo.summary)
                    self.assertIn(contract.name, str(todo.note))

    def test_cancelling_the_order_leaves_its_price(self):
        order = self._sell_half_years(active=False).sale_order_id
        order._action_cancel()
        self.assertEqual(order.amount_untaxed, 600.0)

    def test_the_order_that_sold_a_contract_bills_its_first_period(self):
        contract = self._sell_half_years()
        invoices = self._bill(contract, date(2026, 12, 31))
        self.assertEqual(contract.instalment_ids.mapped("state"), ["order", "invoiced"])
        self.assertEqual(invoices.amount_untaxed, 600.0)

    def test_nothing_is_due_says_who_bills_the_first_period(self):
        sold, later = self._sell_half_years(), self._contract(date_start="2026-07-01")
        for contract, sentence in (
            (sold, f"the first period is billed by {sold.sale_order_id.name}, the sales order"),
            (later, f"Nothing is due on {later.name}.$"),
        ):
            self.env.invalidate_all()
            with self.assertRefused(UserError, sentence):
                contract.with_user(self.accountant).action_invoice_instalments()

    def test_what_the_order_bills_is_not_billed_again_after_a_withdrawn_termination(self):
        contract = self._sell_half_years()
        for invoiced in (False, True):
            if invoiced:
                contract.sale_order_id._create_invoices().action_post()
            contract.action_terminate(reason="Sold", date=date(2026, 8, 16))
            contract.action_withdraw_termination()
            invoices = self._bill(contract, date(2026, 12, 31))
            self.assertEqual(invoices.amount_untaxed, 0 if invoiced else 600, "only the second")
            self.assertEqual(contract.instalment_ids.mapped("state"), ["order", "invoiced"])
            self.assertEqual(contract.instalment_ids.mapped("amount"), [600, 600])

    def test_the_cron_bills_what_is_due(self):
        contracts = self._contract() | self._contract(partner_id=self.other_customer.id)
        with self.enter_registry_test_mode():
            self.env.ref("service_billing.ir_cron_instalments").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(contracts.instalment_ids.mapped("state"), ["invoiced"] * 4)

    def test_instalments_follow_the_index_on_each_anniversary(self):
        # 300 a quarter, agreed at 120; in the second year × 126 / 120, in the third × 150 / 120,
        # of whose second quarter 30 of 91 days are left: 375 × 30 / 91
        index = self.env["service.index"].create(
            {
                "name": "Cost of labour",
                "value_ids": [
                    Command.create({"date": day, "value": value})
                    for day, value in (
                        ("2026-01-01", 120),
                        ("2026-10-01", 126),
                        ("2027-02-01", 130),
                        ("2027-12-01", 150),
                    )
                ],
            }
        )
        contract = self._contract(date_end="2028-04-30", index_id=index.id)
        self._bill(contract, date(2028, 12, 31))
        self.assertEqual(
            contract.instalment_ids.sorted("date_from").mapped("amount"),
            [300.0] * 4 + [315.0] * 4 + [375.0, 123.63],
        )
        contract.index_base_value = 0
        contract.instalment_ids.invoice_id.sudo().unlink()
        contract.instalment_ids.sudo().unlink()
        with self.assertRefused(UserError, "no value for 01/01/2027 or for its start"):
            self._bill(contract, date(2027, 1, 1))

    def test_a_renewed_contract_bills_the_price_of_the_index(self):
        # 300 a quarter × 126 / 120 = 315
        index = self.env["service.index"].create(
            {
                "name": "Cost of labour",
                "value_ids": [
                    Command.create({"date": "2026-01-01", "value": 120}),
                    Command.create({"date": "2026-10-01", "value": 126}),
                ],
            }
        )
        contract = self._contract(renewal="auto", notice_days=60, index_id=index.id)
        with freeze_time("2026-11-15 10:00:00"):
            self.env["service.contract"]._apply_due(date(2026, 11, 15))
            successor = contract.search([("previous_contract_id", "=", contract.id)])
        with freeze_time("2027-01-01 10:00:00"):
            self.env["service.contract"]._apply_due(date(2027, 1, 1))
            invoices = self._bill(contract | successor, date(2027, 1, 1))
        amounts = successor.instalment_ids.sorted("date_from").mapped("amount")
        self.assertEqual(amounts, [315.0])
        self.assertEqual(sorted(invoices.mapped("amount_untaxed")), [1515.0])

    def test_rights_and_switch(self):
        contract = self._contract()
        with self.assertRaises(AccessError):
            contract.with_user(self.call_taker)._create_instalment_invoices(date(2026, 1, 1))
        self.env.company.service_invoicing_enabled = False
        with self.assertRefused(UserError, "switched off"):
            self._bill(contract, date(2026, 1, 1))

    def test_trial_balance_of_an_instalment_and_its_credit(self):
        # 300 at 20 % = 360 due; then 49.45 + 9.89 back
        revenue = self._create_account("706200", "income")
        vat = self._create_account("445720", "liability_current")
        tax = self._create_tax(20)
        (tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = vat
        self.maintenance.write({"taxes_id": tax.ids, "property_account_income_id": revenue.id})
        receivable = self.customer.property_account_receivable_id
        contract = self._contract(date_start="2026-04-01")
        invoice = self._bill(contract, date(2026, 4, 1)).sudo()
        invoice.action_post()
        self.assertEqual(self._balances(invoice), {receivable: 360.0, revenue: -300.0, vat: -60.0})
        contract.action_terminate(reason="Sold", date=date(2026, 6, 16))
        credit = contract.instalment_ids.invoice_line_ids.move_id - invoice
        credit.action_post()
        self.assertEqual(
            self._balances(invoice | credit),
            {receivable: 300.66, revenue: -250.55, vat: -50.11},
        )
