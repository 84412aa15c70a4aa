from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestInvoiceRules(ServiceBillingCommon):
    def _create_minute(self):
        return self.env.ref("uom.product_uom_minute", raise_if_not_found=False) or self.env[
            "uom.uom"
        ].create(
            {
                "name": "Minute",
                "relative_factor": 1 / 60,
                "relative_uom_id": self.env.ref("uom.product_uom_hour").id,
            }
        )

    # === LINES === #

    def test_lines_joined_in_the_sales_unit_or_in_the_unit_of_the_consumption(self):
        minute = self._create_minute()
        self.agency.invoice_aggregation = "product"
        for by, expected in (
            ("sales", [(1.5, self.labor.uom_id)]),
            ("consumption", [(1.0, self.labor.uom_id), (30.0, minute)]),
        ):
            self.agency.invoice_aggregation_uom = by
            request = self._request(self._create_equipment())
            self._consume(request, self.labor)
            self._consume(request, self.labor, 30, uom_id=minute.id, price_unit=1.0)
            request.action_close(undone="done")
            lines = self._invoice(request).invoice_line_ids
            found = sorted((line.quantity, line.product_uom_id) for line in lines)
            self.assertEqual(found, expected, by)
            self.assertEqual(sum(lines.mapped("price_subtotal")), 90.0, by)

    def test_different_prices_or_analytic_distributions_never_share_a_line(self):
        self.agency.invoice_aggregation = "product"
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        account = self.env["account.analytic.account"].create({"name": "A", "plan_id": plan.id})
        request = self._request(self._create_equipment())
        self._consume(request, self.labor)
        self._consume(request, self.labor, price_unit=50.0)
        self._consume(request, self.labor, analytic_distribution={str(account.id): 100})
        self._consume(request, self.labor, analytic_distribution={str(account.id): 100})
        request.action_close(undone="done")
        lines = self._invoice(request).invoice_line_ids
        self.assertEqual(
            sorted(
                (line.quantity, line.price_unit, bool(line.analytic_distribution)) for line in lines
            ),
            [(1.0, 50.0, False), (1.0, 60.0, False), (2.0, 60.0, True)],
        )

    def test_price_of_thirds_makes_the_amount_to_the_cent(self):
        request = self._request(self._create_equipment())
        self._consume(request, self.labor, 3, amount_to_invoice=100.0)
        request.action_close(undone="done")
        self.assertEqual(self._invoice(request).amount_untaxed, 100.0)

    def test_what_the_customer_was_told_is_invoiced_whatever_the_taxes_say(self):
        # (prices of the request with taxes, (percent, in the price) of the taxes, quantity, price,
        #  untaxed, tax): 9.99 with a tax of 20 % on top is no price without tax at all: 8.33 make
        #  10.00, 8.32 make 9.98
        cases = (
            (True, [(20, False)], 1, 9.99, 8.32, 1.67),
            (True, [(20, False)], 1, 0.03, 0.02, 0.01),
            (True, [(20, False)], 3, 3.33, 8.32, 1.67),
            (True, [(20, True)], 1, 9.99, 8.32, 1.67),
            (True, [(5, True), (20, False)], 1, 9.99, 7.99, 2.00),
            (False, [(20, True)], 1, 10.03, 10.03, 2.01),
            (False, [(5.5, True)], 1, 7.77, 7.77, 0.43),
            (False, [(5, True), (20, False)], 1, 9.99, 9.99, 2.50),
            (False, [(20, False)], 1, 9.99, 9.99, 2.00),
        )
        overrides = {True: "tax_included", False: "tax_excluded"}
        for method in ("round_per_line", "round_globally"):
            self.env.company.tax_calculation_rounding_method = method
            for case in cases:
                included, taxes, quantity, price, untaxed, tax = case
                self.labor.taxes_id = self.env["account.tax"].union(
                    *(
                        self._create_tax(
                            percent,
                            name=f"{percent} {case} {method}",
                            price_include_override=overrides[in_price],
                        )
                        for percent, in_price in taxes
                    )
                )
                request = self._request(self._create_equipment(), price_included=included)
                self._consume(request, self.labor, quantity, price_unit=price)
                request.action_close(undone="done")
                invoice = self._invoice(request).sudo()
                invoice.action_post()
                amounts = {"amount_untaxed": untaxed, "amount_tax": tax}
                self.env.flush_all()
                row = self.env["service.billing.balance"].search([("request_id", "=", request.id)])
                told = {"amount_invoiced": price * quantity, "amount_changed": 0, "difference": 0}
                with self.subTest(method=method, case=case):
                    self.assertRecordValues(invoice, [amounts])
                    self.assertRecordValues(row, [told])
                    self.assertRecordValues(invoice._reverse_moves(cancel=True), [amounts])

    def test_prices_go_through_the_fiscal_position_as_odoo_does_it(self):
        # 36 with 20 % are 30 without; with 10 % on top 33: labour of 1.5 h
        tax = self._create_tax(20, price_include_override="tax_included")
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        self._create_tax(
            10,
            price_include_override="tax_excluded",
            fiscal_position_ids=[Command.link(position.id)],
            original_tax_ids=[Command.link(tax.id)],
        )
        self.labor.write({"list_price": 36.0, "taxes_id": tax.ids})
        for included, consumed in ((False, 45.0), (True, 49.5)):
            request = self._request(
                self._create_equipment(),
                price_included=included,
                fiscal_position_id=position.id,
            )
            labor = self._consume(request, self.labor, 1.5)
            request.action_close(undone="done")
            self.assertEqual(labor.amount_consumed, consumed)
            self.assertRecordValues(
                self._invoice(request), [{"amount_untaxed": 45.0, "amount_tax": 4.5}]
            )

    def test_a_unit_that_does_not_divide_makes_the_amount_to_the_cent(self):
        # 20 minutes are 0.3333 hours, of which a line keeps 0.33: still 20.00
        self.agency.invoice_aggregation = "product"
        minute = self._create_minute()
        for minutes, amount, hours in ((20, 20.0, 0.33), (0.2, 0.2, 0.01)):
            request = self._request(self._create_equipment())
            self._consume(request, self.labor, minutes, uom_id=minute.id, price_unit=1.0)
            request.action_close(undone="done")
            line = self._invoice(request).invoice_line_ids
            self.assertRecordValues(line, [{"quantity": hours, "price_subtotal": amount}])

    def test_free_consumptions_are_shown_at_zero_where_that_is_wished(self):
        for wished, expected in ((False, [60.0]), (True, [0.0, 60.0])):
            self.env.company.service_invoice_zero_lines = wished
            request = self._request(self._create_equipment())
            self._consume(request, self.labor)
            self._consume(request, self.travel, amount_to_invoice=0)
            request.action_close(undone="done")
            lines = self._invoice(request).invoice_line_ids
            self.assertEqual(sorted(lines.mapped("price_subtotal")), expected)
            self.assertEqual(request.invoice_state, "invoiced")

    def test_a_request_with_nothing_but_free_things_is_not_invoiced(self):
        self.env.company.service_invoice_zero_lines = True
        request = self._request(self._create_equipment())
        self._consume(request, self.travel, amount_to_invoice=0)
        request.action_close(undone="done")
        with self.assertRefused(UserError, "nothing to invoice"):
            self._invoice(request)

    # === WHO PAYS === #

    def test_the_payer_owes_what_the_customer_is_invoiced(self):
        payer = self.env["res.partner"].create({"name": "Insurance", "is_company": True})
        account = self._create_account("411900", "asset_receivable", reconcile=True)
        payer.property_account_receivable_id = account
        request = self._closed_request(payer_id=payer.id)
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        receivable = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertRecordValues(
            receivable, [{"partner_id": payer.id, "account_id": account.id, "balance": 60.0}]
        )
        self.assertEqual(invoice.partner_id, self.customer)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        payment = wizard._create_payments()
        self.assertEqual(payment.partner_id, payer)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_a_line_for_somebody_else_is_not_owed_by_the_payer_of_the_customer(self):
        payer, landlord = self.env["res.partner"].create([{"name": "Payer"}, {"name": "Landlord"}])
        request = self._request(self._create_equipment(), payer_id=payer.id)
        self._consume(request, self.labor)
        self._consume(request, self.travel, bill_to_id=landlord.id)
        request.action_close(undone="done")
        self.assertEqual(
            {invoice.partner_id: invoice.service_payer_id for invoice in self._invoice(request)},
            {self.customer: payer, landlord: self.env["res.partner"]},
        )

    # === SEVERAL PAYERS === #

    def test_the_covered_share_is_invoiced_to_who_covers(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        machine = self._create_equipment()
        contract = self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2020-01-01",
                "coverage_ids": [
                    Command.create(
                        {
                            "equipment_id": machine.id,
                            "labor_rate": 75,
                            "travel_rate": 0,
                            "covered_by_id": insurer.id,
                        }
                    )
                ],
            }
        )
        contract.action_activate()
        request = self._closed_request(self.labor, self.travel, equipment=machine)
        labor = request.consumption_ids[0]
        self.assertRecordValues(labor, [{"amount_to_invoice": 15, "amount_covered": 45}])
        self.assertEqual(request.amount_open, 95.0)
        invoices = self._invoice(request).sudo()
        self.assertEqual(
            {invoice.partner_id: invoice.amount_untaxed for invoice in invoices},
            {self.customer: 50.0, insurer: 45.0},
        )
        self.assertEqual((labor.invoice_state, request.amount_open), ("invoiced", 0.0))
        # each share is free again by itself
        invoices.filtered(lambda invoice: invoice.partner_id == insurer).button_cancel()
        self.assertEqual((labor.invoice_state, request.amount_open), ("to_invoice", 45.0))
        with self.assertRefused(UserError, "is invoiced"):
            labor.amount_to_invoice = 20
        again = self._invoice(request)
        self.assertRecordValues(again, [{"partner_id": insurer.id, "amount_untaxed": 45.0}])

    def test_what_is_invoiced_keeps_its_amounts_whatever_happens_to_the_coverage(self):
        request = self._closed_request()
        self._invoice(request)
        request.sudo().write({"coverage": "goodwill", "invoice_partner_id": self.site.id})
        self.assertRecordValues(
            request.consumption_ids,
            [{"amount_to_invoice": 60.0, "bill_to_id": self.customer.id}],
        )

    # === FOOTER CHARGES === #

    def test_charges_of_the_customer_stand_once_at_the_foot_of_each_invoice(self):
        supplies = self._create_charge_product()
        loyalty = self._create_charge_product("Loyalty")
        self.customer.service_billing_charge_ids = [
            Command.create({"product_id": supplies.id, "value": 4.5}),
            Command.create(
                {
                    "product_id": loyalty.id,
                    "computation": "percent",
                    "sign": "discount",
                    "value": 10,
                }
            ),
        ]
        requests = self._closed_request() | self._closed_request()
        self.assertEqual(requests[0].billing_charge_ids.product_id, supplies | loyalty)
        invoice = self._invoice(requests, grouping="customer")
        self.assertEqual(
            sorted(
                (line.product_id.name, line.price_subtotal) for line in invoice.invoice_line_ids
            ),
            [("Labour", 60.0), ("Labour", 60.0), ("Loyalty", -12.0), ("Small supplies", 4.5)],
        )

    def test_charges_are_editable_on_the_request_and_borne_by_its_customer_only(self):
        supplies = self._create_charge_product()
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        request = self._request(self._create_equipment())
        self._consume(request, self.labor)
        self._consume(request, self.travel, bill_to_id=insurer.id)
        request.billing_charge_ids = [Command.create({"product_id": supplies.id, "value": 7})]
        request.action_close(undone="done")
        self.assertEqual(
            {invoice.partner_id: invoice.amount_untaxed for invoice in self._invoice(request)},
            {self.customer: 67.0, insurer: 35.0},
        )

    # === MONEY === #

    def test_foreign_currency_at_the_rate_of_the_invoice_date_or_of_the_request(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": "2026-01-01", "rate": 2.0}),
                    Command.create({"name": "2026-06-01", "rate": 4.0}),
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        for rate, run_date, balance in (
            (0.0, "2026-03-01", 60.0),
            (0.0, "2026-07-01", 30.0),
            (8.0, "2026-07-01", 15.0),
        ):
            request = self._request(
                self._create_equipment(), pricelist_id=pricelist.id, invoice_currency_rate=rate
            )
            self._consume(request, self.labor, price_unit=120.0)
            request.action_close(undone="done")
            run = self._run(invoice_date=run_date)
            invoice = run.line_ids.invoice_id.sudo()
            self.assertEqual(invoice.currency_id, currency)
            self.assertEqual(invoice.amount_untaxed, 120.0)
            self.assertEqual(-sum(invoice.invoice_line_ids.mapped("balance")), balance)

    def test_trial_balance_of_a_taxed_invoice_with_a_discount(self):
        # 2 h at 60 = 120 at 20 %: tax 24; loyalty −10 % = −12 without tax: 132 due
        revenue = self._create_account("706100", "income")
        discount = self._create_account("709100", "income")
        due = self._create_account("445710", "liability_current")
        receivable = self.customer.property_account_receivable_id
        tax = self._create_tax(20)
        (tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = due
        self.labor.write({"taxes_id": tax.ids, "property_account_income_id": revenue.id})
        loyalty = self._create_charge_product("Loyalty")
        loyalty.property_account_income_id = discount
        request = self._request(self._create_equipment())
        self._consume(request, self.labor, 2)
        request.billing_charge_ids = [
            Command.create(
                {
                    "product_id": loyalty.id,
                    "computation": "percent",
                    "sign": "discount",
                    "value": 10,
                }
            )
        ]
        request.action_close(undone="done")
        invoice = self._invoice(request).sudo()
        self.assertFalse(self._balances(invoice), "a draft is not in the books")
        invoice.action_post()
        self.assertEqual(
            self._balances(invoice),
            {receivable: 132.0, revenue: -120.0, discount: 12.0, due: -24.0},
        )
        credit = invoice._reverse_moves(cancel=True)
        self.assertFalse(self._balances(invoice | credit))
        self.assertEqual(request.invoice_state, "to_invoice")

    def test_early_payment_discount_comes_with_the_payment_term(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        self.customer.property_payment_term_id = term
        invoice = self._invoice(self._closed_request()).sudo()
        invoice.invoice_date = date(2026, 3, 1)
        invoice.action_post()
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(
            (line.discount_date, line.discount_amount_currency), (date(2026, 3, 11), 58.8)
        )

    # === BAD INPUT === #

    def test_what_stands_in_the_way_is_said_in_words(self):
        plan = self.env["account.analytic.plan"].create(
            {"name": "Sites", "default_applicability": "optional"}
        )
        self.env["account.analytic.account"].create({"name": "A", "plan_id": plan.id})
        inactive = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "active": False})

        def price_in_foreign_currency(request):
            request.sudo().pricelist_id = self.env["product.pricelist"].create(
                {"name": "Foreign", "currency_id": inactive.id}
            )

        def negative(request):
            request.consumption_ids.sudo().amount_to_invoice = -5

        def no_account(request):
            self.customer.property_account_receivable_id = False

        def inactive_currency(request):
            price_in_foreign_currency(request)

        def no_rate(request):
            inactive.active = True
            price_in_foreign_currency(request)

        def locked(request):
            self.env.company.fiscalyear_lock_date = "2099-12-31"

        def analytic(request):
            plan.default_applicability = "mandatory"

        for spoil, sentence in (
            (negative, "negative amount"),
            (inactive_currency, "is not active"),
            (no_rate, "no rate of XTS"),
            (analytic, "100 percent over Sites"),
            (locked, "locked until"),
            (no_account, "no receivable account"),
        ):
            request = self._closed_request()
            with self.subTest(sentence), self.env.cr.savepoint() as savepoint:
                spoil(request)
                with self.assertRefused(UserError, sentence):
                    self._invoice(request)
                savepoint.rollback()
            self.env.invalidate_all()
