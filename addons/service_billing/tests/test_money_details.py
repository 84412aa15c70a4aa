from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceAccountingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestMoneyDetails(ServiceAccountingCommon):
    """What is invoiced, delivered and booked when something unusual happens around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maintenance = cls._create_product(
            "Maintenance",
            type="service",
            taxes_id=[Command.clear()],
            property_account_income_id=cls.revenue.id,
        )

    def _contract(self, **values):
        return self._create_contract(
            **{
                "product_id": self.maintenance.id,
                "price": 1200.0,
                "invoice_interval": 1,
                "invoice_interval_unit": "year",
                **values,
            }
        )

    def _bill(self, contract, until):
        contract.with_user(self.accountant)._create_instalment_invoices(until)
        self.env.flush_all()
        return [
            (i.date_from.month, i.date_to.month, i.date_to.day, i.amount)
            for i in contract.instalment_ids.sorted("date_from")
        ]

    # === CONTRACTS === #

    def test_the_rest_of_an_interval_is_billed_when_the_contract_changes(self):
        # 181 of the 365 days are 595.07, the other 184 days 604.93. Three months of 100, then
        # 275 of the 365 days of 1,200 are 904.11
        prolonged = self._contract(date_end="2026-06-30")
        self.assertEqual(self._bill(prolonged, date(2026, 1, 2)), [(1, 6, 30, 595.07)])
        prolonged.date_end = "2026-12-31"
        self.assertEqual(
            self._bill(prolonged, date(2026, 12, 31)), [(1, 6, 30, 595.07), (7, 12, 31, 604.93)]
        )
        yearly = self._contract(price=100, invoice_interval_unit="month")
        months = [(1, 1, 31, 100.0), (2, 2, 28, 100.0), (3, 3, 31, 100.0)]
        self.assertEqual(self._bill(yearly, date(2026, 3, 15)), months)
        yearly.write({"invoice_interval_unit": "year", "price": 1200})
        self.assertEqual(self._bill(yearly, date(2026, 12, 31)), [*months, (4, 12, 31, 904.11)])

    def _deferred(self, **values):
        account = self._create_account("487000", "liability_current")
        self.env.company.service_deferral_account_id = account
        contract = self._contract(**values)
        invoice = contract.sudo()._create_instalment_invoices(date(2026, 1, 1))
        invoice.invoice_date = date(2026, 1, 1)
        invoice.action_post()
        return contract, invoice, account

    def test_income_goes_on_from_the_account_that_defers_it(self):
        # until 31 October 304 of the 365 days: 999.45, whatever the settings say since
        contract, invoice, account = self._deferred()
        self.env.company.service_deferral_account_id = self._create_account(
            "487001", "liability_current"
        )
        contract.invoice_timing = "arrears"
        instalments = self.env["service.contract.instalment"]
        moves = invoice | instalments._recognize_income(date(2026, 10, 31))
        self.assertEqual(
            self._balances(moves),
            {self.receivable: 1200.0, account: -200.55, self.revenue: -999.45},
        )
        self.env.company.service_deferral_account_id = False
        moves |= instalments._recognize_income(date(2026, 12, 31))
        self.assertEqual(self._balances(moves), {self.receivable: 1200.0, self.revenue: -1200.0})

    def test_nothing_stays_deferred_in_another_currency(self):
        # 1,200 at 1.1 are 1,090.91; twelve months of their own would be off by some cents
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 1.1})],
            }
        )
        contract, invoice, _account = self._deferred(currency_id=currency.id)
        self.assertEqual(contract.instalment_ids.currency_id, currency)
        moves = invoice
        for month in range(1, 13):
            last = date(2026 + month // 12, month % 12 + 1, 1)
            moves |= self.env["service.contract.instalment"]._recognize_income(
                date.fromordinal(last.toordinal() - 1)
            )
        self.assertEqual(len(moves), 13)
        self.assertEqual(self._balances(moves), {self.receivable: 1090.91, self.revenue: -1090.91})

    def test_copies_count_on_accounts_of_their_own(self):
        plans = self.env["account.analytic.plan"].create([{"name": "C"}, {"name": "K"}])
        company = self.env.company
        company.service_customer_plan_id, company.service_contract_plan_id = plans
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        contract = self._contract()
        copy = contract.copy(
            {"partner_id": other.id, "date_start": "2026-01-01", "date_end": "2026-12-31"}
        )
        contract.action_renew()
        renewal = contract.successor_id
        (copy | renewal).action_activate()
        for made, customer in ((contract, self.customer), (renewal, self.customer), (copy, other)):
            own = made.analytic_account_id | customer.analytic_account_id
            self.assertEqual(len(own), 2)
            (ids,) = made.analytic_distribution
            self.assertEqual(sorted(map(int, ids.split(","))), sorted(own.ids))

    def test_equal_parts_of_a_distribution_are_added(self):
        accounts = self.env["account.analytic.account"].create(
            {"name": "Other", "plan_id": self.env["account.analytic.plan"].create({"name": "P"}).id}
        )
        both = f"{self.account.id},{accounts.id}"
        mixed = self.env["service.contract"].new(
            {"analytic_distribution": {str(self.account.id): 60, both: 40}}
        )
        self.assertEqual(mixed._get_distribution_with(accounts), {both: 100})

    # === SALES ORDERS === #

    def _order(self, quantity=1):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.labor.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        return order

    def test_hours_typed_on_an_order_stay(self):
        # 4 typed, 2 consumed: 6; 4 again when the order no longer covers the request
        order = self._order(10)
        line = order.order_line
        line.qty_delivered = 4
        request = self._request(
            self._create_equipment(), coverage="sale", coverage_sale_id=order.id
        )
        self._consume(request, self.labor, 2).action_mark_done()
        self.assertEqual(line.qty_delivered, 6)
        request.action_reset_coverage()
        self.env.flush_all()
        self.assertEqual(line.qty_delivered, 4)

    def test_another_product_is_delivered_on_another_line(self):
        order = self._order(0)
        senior = self._create_service("Senior labour", "uom.product_uom_hour", 90.0)
        request = self._request(
            self._create_equipment(), coverage="sale", coverage_sale_id=order.id
        )
        consumption = self._consume(request, self.labor, 2)
        consumption.action_mark_done()
        consumption.product_id = senior
        self.assertEqual(
            [(line.product_id, line.qty_delivered) for line in order.order_line],
            [(self.labor, 0), (senior, 2)],
        )

    def test_what_an_order_covers_is_not_shown_free_on_the_invoice_of_the_request(self):
        # the burner is worth 80: its cost is booked once, with the invoice of the order
        self.env.company.service_invoice_zero_lines = True
        self.burner.write({"tracking": "none", "invoice_policy": "delivery"})
        order = self._order(0)
        covered, own = self._create_equipment(), self._create_equipment()
        request = self._request(covered | own)
        covered_line, own_line = request.equipment_line_ids
        covered_line.write({"coverage_manual": "sale", "coverage_sale_id": order.id})
        self._consume(request, self.burner, equipment_line_id=covered_line.id)
        self._consume(request, self.labor, equipment_line_id=own_line.id)
        request.action_close(undone="done")
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.product_id, self.labor)
        self.assertNotIn(self.cogs, self._balances(invoice))
        on_order = order._create_invoices()
        on_order.action_post()
        self.assertEqual(self._balances(on_order)[self.cogs], 80.0)

    # === COST === #

    def test_a_subcontractor_costs_what_was_ordered_then_billed(self):
        vendor = self.env["res.partner"].create({"name": "Subcontractor"})
        request = self._request(self._create_equipment())
        work = self._consume(request, self.labor, 2, performer_type="external", vendor_id=vendor.id)
        work.action_order_subcontractor()
        work = work.sudo()
        order = work.purchase_line_id.order_id
        order.order_line.write({"price_unit": 250, "tax_ids": [Command.clear()]})
        self.assertEqual(work.amount_cost, 0, "a proposal is no cost")
        order.button_confirm()
        self.assertEqual(work.amount_cost, 500)
        order.order_line.qty_received = 2
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = "2026-06-15"
        bill.invoice_line_ids.price_unit = 240
        self.assertEqual(work.amount_cost, 500)
        bill.action_post()
        self.assertEqual(work.amount_cost, 480)

    # === WHO PAYS, AND AT WHICH RATE === #

    def test_a_third_party_is_invoiced_on_its_own_terms(self):
        # abroad: no tax on what the maker pays; the customer pays 20 percent
        tax, none = self._create_tax(20, name="Here"), self._create_tax(0)
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        none.write({"fiscal_position_ids": position.ids, "original_tax_ids": tax.ids})
        self.labor.taxes_id = tax
        term = self.env["account.payment.term"].create({"name": "In a while"})
        maker = self.env["res.partner"].create(
            {
                "name": "Maker",
                "property_account_position_id": position.id,
                "property_payment_term_id": term.id,
            }
        )
        request = self._request(self._create_equipment())
        self._consume(request, self.labor)
        self._consume(request, self.labor, bill_to_id=maker.id)
        request.action_close(undone="done")
        invoices = self._invoice(request).sudo()
        theirs = invoices.filtered(lambda move: move.partner_id == maker)
        self.assertRecordValues(
            theirs | (invoices - theirs),
            [
                {"fiscal_position_id": position.id, "invoice_payment_term_id": term.id}
                | {"amount_untaxed": 60.0, "amount_total": 60.0},
                {"fiscal_position_id": False, "invoice_payment_term_id": False}
                | {"amount_untaxed": 60.0, "amount_total": 72.0},
            ],
        )

    def test_the_rate_of_the_request_counts_whatever_the_invoice_date_is(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 2.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "F", "currency_id": currency.id})
        request = self._request(
            self._create_equipment(), pricelist_id=pricelist.id, invoice_currency_rate=8.0
        )
        self._consume(request, self.labor, price_unit=120.0)
        request.action_close(undone="done")
        invoice = self._invoice(request).sudo()
        invoice.invoice_date = "2026-06-10"
        invoice.action_post()
        self.assertEqual(-sum(invoice.invoice_line_ids.mapped("balance")), 15.0)

    # === CLAIMS === #

    def _settled(self, settlement):
        supplier = self.env["res.partner"].create({"name": "Maker"})
        machine = self._create_equipment()
        claim = self.env["service.warranty.claim"].create(
            {
                "supplier_id": supplier.id,
                "equipment_id": machine.id,
                "amount_claimed": 120,
                "settlement": settlement,
            }
        )
        claim.action_send()
        claim.action_accept(120)
        claim.action_settle()
        return claim.sudo().refund_move_id

    def test_what_a_supplier_accepts_is_without_taxes(self):
        included = {"price_include_override": "tax_included"}
        self.machine_product.write(
            {
                "taxes_id": [Command.set(self._create_tax(20, name="Included", **included).ids)],
                "supplier_taxes_id": [
                    Command.set(self._create_tax(20, type_tax_use="purchase", **included).ids)
                ],
            }
        )
        for settlement in ("refund", "invoice"):
            move = self._settled(settlement)
            self.assertTrue(move.invoice_line_ids.tax_ids)
            self.assertEqual(move.amount_untaxed, 120)

    def test_a_credited_claim_books_no_stock(self):
        self.machine_product.categ_id = self.burner.categ_id
        self.machine_product.standard_price = 80
        invoice = self._settled("invoice")
        invoice.invoice_date = "2026-06-15"
        invoice.action_post()
        credit = invoice._reverse_moves([{"invoice_date": "2026-06-15"}])
        credit.action_post()
        balances = self._balances(invoice | credit)
        self.assertNotIn(self.stock, balances)
        self.assertNotIn(self.cogs, balances)

    def test_an_order_that_invoiced_keeps_its_product(self):
        order = self._order(0)
        request = self._request(
            self._create_equipment(), coverage="sale", coverage_sale_id=order.id
        )
        consumption = self._consume(request, self.labor, 2)
        consumption.action_mark_done()
        order._create_invoices().action_post()
        with self.assertRefused(UserError, "has invoiced what was consumed"):
            consumption.product_id = self.travel
