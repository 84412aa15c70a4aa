from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceAccountingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestAccounting(ServiceAccountingCommon):
    """Trial balances worked out by hand: receivable, revenue, tax, stock, cost."""

    def test_trial_balance_with_a_payer(self):
        # burner 120 + 24 owed by the group, not by the hotel
        account = self._create_account("411900", "asset_receivable", reconcile=True)
        payer = self.env["res.partner"].create(
            {"name": "Group", "property_account_receivable_id": account.id}
        )
        invoice = self._invoice(self._closed_request(self.burner, payer_id=payer.id)).sudo()
        invoice.action_post()
        self.assertEqual(
            self._balances(invoice),
            {
                account: 144.0,
                self.revenue: -120.0,
                self.vat: -24.0,
                self.cogs: 80.0,
                self.stock: -80.0,
            },
        )

    def test_trial_balance_in_a_foreign_currency(self):
        # 480 + 96 XTS at 4 for 1: 120 + 24; the part costs 80 of our own money
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2026-06-01", "rate": 4.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        request = self._request(self._create_equipment(), pricelist_id=pricelist.id)
        self._consume(request, self.burner, price_unit=480.0)
        request.action_close(undone="done")
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 576.0)
        self.assertEqual(
            self._balances(invoice),
            {
                self.receivable: 144.0,
                self.revenue: -120.0,
                self.vat: -24.0,
                self.cogs: 80.0,
                self.stock: -80.0,
            },
        )

    def test_trial_balance_of_prices_with_taxes(self):
        # 144 with taxes are 120 + 24, whether the tax itself is in the price or not
        for override in ("tax_included", "tax_excluded"):
            self.burner.taxes_id.price_include_override = override
            request = self._request(self._create_equipment(), price_included=True)
            part = self._consume(request, self.burner, price_unit=144.0).sudo()
            request.action_close(undone="done")
            self.assertEqual((part.amount_to_invoice, part.amount_revenue), (144.0, 120.0))
            invoice = self._invoice(request).sudo()
            invoice.action_post()
            self.assertEqual(part.amount_revenue, 120.0, "taxes are no revenue")
            self.assertEqual(
                self._balances(invoice),
                {
                    self.receivable: 144.0,
                    self.revenue: -120.0,
                    self.vat: -24.0,
                    self.cogs: 80.0,
                    self.stock: -80.0,
                },
                override,
            )

    def test_trial_balance_of_an_early_payment(self):
        # 2 % of 120 + 24 within ten days: 141.12 are paid, 2.40 are discount, 0.48 less tax
        discount = self._create_account("665000", "expense")
        outstanding = self._create_account("511200", "asset_current", reconcile=True)
        self.env.company.account_journal_early_pay_discount_loss_account_id = discount
        journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        journal.inbound_payment_method_line_ids.payment_account_id = outstanding
        self.customer.property_payment_term_id = self.env["account.payment.term"].create(
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
        invoice = self._invoice(self._closed_request(self.burner)).sudo()
        invoice.invoice_date = date(2026, 6, 15)
        invoice.action_post()
        payment = self._pay(invoice, journal_id=journal.id, payment_date="2026-06-20")
        self.assertEqual(
            self._balances(invoice | payment.move_id),
            {
                outstanding: 141.12,
                self.revenue: -120.0,
                self.vat: -23.52,
                discount: 2.4,
                self.cogs: 80.0,
                self.stock: -80.0,
            },
        )

    def test_a_part_is_cost_once_whoever_shares_it(self):
        # burner 120, cost 80: the insurer bears 70 % = 84 + 16.80, the customer 36 + 7.20
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        machine = self._create_equipment()
        self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2020-01-01",
                "coverage_ids": [
                    Command.create(
                        {
                            "equipment_id": machine.id,
                            "parts_rate": 70,
                            "covered_by_id": insurer.id,
                        }
                    )
                ],
            }
        ).action_activate()
        request = self._closed_request(self.burner, equipment=machine)
        invoices = self._invoice(request).sudo()
        invoices.action_post()
        mine = invoices.filtered(lambda move: move.partner_id == self.customer)
        self.assertEqual(
            self._balances(mine),
            {
                self.receivable: 43.2,
                self.revenue: -36.0,
                self.vat: -7.2,
                self.cogs: 80.0,
                self.stock: -80.0,
            },
        )
        self.assertEqual(
            self._balances(invoices - mine),
            {self.receivable: 100.8, self.revenue: -84.0, self.vat: -16.8},
        )
        credit = mine._reverse_moves(cancel=True)
        self.assertEqual(self._balances(mine | credit), {})
        self.assertEqual(request.invoice_state, "to_invoice")

    def test_parts_given_away_are_cost_without_an_invoice(self):
        # 2 burners of 80: nothing leaves the books with the parts; 160 once the request is closed;
        # taken back when the customer pays after all: 240 + 48, and the invoice books the cost
        request = self._request(self._create_equipment(), coverage="goodwill")
        part = self._consume(request, self.burner, 2)
        consumptions = self.env["service.consumption"]
        booked = self.env["account.move"].search_count([])
        cron = self.env.ref("service_billing.ir_cron_given_parts")

        def book():
            known = self.env["account.move"].search([])
            self.env.flush_all()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            return self.env["account.move"].search([]) - known

        part.action_mark_done()
        self.assertFalse(book(), "still open")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        request.action_close()
        self.assertGreater(
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]), triggers, "soon"
        )
        entry = book()
        self.assertEqual(self._balances(entry), {self.cogs: 160.0, self.stock: -160.0})
        self.assertEqual(entry.date, date(2026, 6, 15))
        self.assertFalse(book(), "once")
        self.assertEqual(self.env["account.move"].search_count([]), booked + 1)
        request.sudo().coverage = "none"
        back = book()
        self.assertFalse(self._balances(entry | back))
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        self.assertFalse(book())
        self.assertEqual(
            self._balances(entry | back | invoice),
            {
                self.receivable: 288.0,
                self.revenue: -240.0,
                self.vat: -48.0,
                self.cogs: 160.0,
                self.stock: -160.0,
            },
        )
        self.assertFalse(consumptions.search([("is_cost_pending", "=", True)]))

    def test_free_parts_on_an_invoice_are_cost_once(self):
        # the labour of 60 is paid, the burner of 80 shown at zero: the invoice books its cost
        self.env.company.service_invoice_zero_lines = True
        request = self._request(self._create_equipment())
        self._consume(request, self.labor)
        self._consume(request, self.burner, amount_to_invoice=0)
        request.action_close(undone="done")
        part = request.consumption_ids.sudo().filtered("product_id.is_storable")
        self.assertTrue(part.is_cost_pending)
        invoice = self._invoice(request).sudo()
        self.assertFalse(part._book_given_parts())
        invoice.action_post()
        self.assertEqual(
            self._balances(invoice),
            {self.receivable: 60.0, self.revenue: -60.0, self.cogs: 80.0, self.stock: -80.0},
        )

    def test_labour_costs_the_hour_of_the_employee(self):
        employee = self.env["hr.employee"].create(
            {"name": "Hugo", "user_id": self.technician_user.id, "hourly_cost": 25.0}
        )
        self.assertEqual(employee.company_id, self.env.company)
        request = self._request(self._create_equipment())
        labor = self._consume(request, self.labor, 2, user_id=self.technician_user.id).sudo()
        self.assertEqual(labor.amount_cost, 50.0)
        hour = self.env.ref("uom.product_uom_hour")
        minutes = self.env["uom.uom"].create(
            {"name": "Minutes", "relative_factor": 1 / 60, "relative_uom_id": hour.id}
        )
        self.labor.standard_price = 18.0
        labor.write({"uom_id": minutes.id, "quantity": 30})
        self.assertEqual(labor.amount_cost, 12.5)
        labor.performer_type = "external"
        self.assertEqual(labor.amount_cost, 9.0)

    def _booked(self):
        """The amounts on the analytic account of the boiler."""
        lines = self.env["account.analytic.line"]
        found = lines.search([(self.plan._column_name(), "=", self.account.id)])
        return sorted(found.mapped("amount"))

    def test_analytic_accounts_get_cost_and_revenue(self):
        # burner 120 − 80, labour 60 − 30
        self.labor.standard_price = 30.0
        request = self._request(
            self._create_equipment(), analytic_distribution={str(self.account.id): 100}
        )
        self._consume(request, self.burner)
        self._consume(request, self.labor)
        self.assertFalse(self._booked())
        request.action_close(undone="done")
        self.assertEqual(self._booked(), [-80.0, -30.0])
        self._invoice(request).sudo().action_post()
        self.assertEqual(sum(self._booked()), 70.0)
        other = self._closed_request(self.labor, analytic_distribution={str(self.account.id): 50})
        mine = self.env["account.analytic.line"].search([("service_request_id", "=", other.id)])
        self.assertEqual(mine.amount, -15.0)
        other.action_reopen()
        self.assertFalse(mine.exists())

    def test_contracts_and_machines_have_accounts_of_their_own(self):
        # labour of one hour: 60 − 30, counted for the contract and for the machine
        self.labor.standard_price = 30.0
        contracts = self.env["account.analytic.plan"].create({"name": "Contracts"})
        self.env.company.write(
            {
                "service_contract_plan_id": contracts.id,
                "service_equipment_plan_id": self.plan.id,
            }
        )
        machine = self._create_equipment()
        contract = self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2020-01-01",
                "coverage_ids": [Command.create({"equipment_id": machine.id, "labor_rate": 0})],
            }
        )
        contract.action_activate()
        request = self._closed_request(self.labor, equipment=machine)
        ((ids, percent),) = request.consumption_ids.analytic_distribution.items()
        of_contract = next(iter(contract.analytic_distribution))
        self.assertEqual(ids, f"{of_contract},{machine.sudo().analytic_account_id.id}")
        self._invoice(request).sudo().action_post()
        lines = self.env["account.analytic.line"]
        for plan, account in (
            (contracts, int(of_contract)),
            (self.plan, machine.sudo().analytic_account_id.id),
        ):
            found = lines.search([(plan._column_name(), "=", account)])
            self.assertEqual(sorted(found.mapped("amount")), [-30.0, 60.0])

    def test_requests_and_customers_have_accounts_of_their_own(self):
        # two hours of labour, 60 − 30 each, counted for the request, the customer and the machine
        self.labor.standard_price = 30.0
        plans = self.env["account.analytic.plan"].create(
            [{"name": name} for name in ("Requests", "Contracts", "Customers")]
        )
        self.env.company.write(
            {
                "service_request_plan_id": plans[0].id,
                "service_contract_plan_id": plans[1].id,
                "service_customer_plan_id": plans[2].id,
                "service_equipment_plan_id": self.plan.id,
            }
        )
        machine = self._create_equipment()
        request = self._request(machine)
        self.assertFalse(request.sudo().analytic_account_id, "nothing to count yet")
        self._consume(request, self.labor)
        self._consume(request, self.labor)
        own, customer, boiler = (
            owner.sudo().analytic_account_id for owner in (request, self.customer, machine)
        )
        self.assertEqual((own.name, own.plan_id), (request.name, plans[0]))
        self.assertEqual(
            request.consumption_ids.mapped("analytic_distribution"),
            [{f"{own.id},{customer.id},{boiler.id}": 100}] * 2,
        )
        request.action_close(undone="done")
        self._invoice(request).sudo().action_post()
        lines = self.env["account.analytic.line"]
        for account in (own, customer, boiler):
            found = lines.search([(account.plan_id._column_name(), "=", account.id)])
            self.assertEqual(sorted(found.mapped("amount")), [-30.0, -30.0, 60.0, 60.0])
        other = self._closed_request(self.labor, equipment=machine)
        self.assertNotEqual(other.sudo().analytic_account_id, own)
        self.assertEqual(self.customer.sudo().analytic_account_id, customer)
        typed = self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2026-01-01",
                "analytic_distribution": {str(self.account.id): 100},
            }
        )
        typed.action_activate()
        accounts = f"{self.account.id},{typed.sudo().analytic_account_id.id},{customer.id}"
        self.assertEqual(typed.analytic_distribution, {accounts: 100})

    def test_margin_first_at_closing_then_exact(self):
        # 1 burner 120 − 80, 1 hour 60 − 30, a trip by a subcontractor 35 − 20
        self.labor.standard_price = 30.0
        self.travel.standard_price = 20.0
        request = self._request(self._create_equipment())
        self._consume(request, self.burner)
        self._consume(request, self.labor)
        self._consume(request, self.travel, performer_type="external")
        margin = self.env["service.margin"]
        measures = ["revenue", "cost_part", "cost_labor", "cost_travel", "cost_external", "margin"]

        def read():
            self.env.flush_all()
            margin.invalidate_model()
            ((*found,),) = margin._read_group(
                [("request_id", "=", request.id)], [], [f"{name}:sum" for name in measures]
            )
            return found

        self.assertFalse(any(read()))
        request.action_close(undone="done")
        self.assertEqual(read(), [215.0, 80.0, 30.0, 0.0, 20.0, 85.0])
        self.assertEqual(request.with_user(self.accountant).amount_margin, 85.0)

    def test_the_foot_of_an_invoice_is_margin_of_all_that_it_bills(self):
        # 60 + 95 on one invoice; 4.50 of postage and 10 % less, 15.50, are -11: by 155, to the cent
        self.customer.service_billing_charge_ids = [
            Command.create({"product_id": self._create_charge_product().id, "value": 4.5}),
            Command.create(
                {
                    "product_id": self._create_charge_product("Loyalty").id,
                    "computation": "percent",
                    "sign": "discount",
                    "value": 10,
                }
            ),
        ]
        first, second = self._closed_request(), self._closed_request(self.labor, self.travel)
        consumptions = (first | second).sudo().consumption_ids

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            margins = self.env["service.margin"].search(
                [("request_id", "in", (first | second).ids)]
            )
            self.assertEqual(
                sorted(margins.mapped("revenue")), sorted(consumptions.mapped("amount_revenue"))
            )
            return consumptions.mapped("amount_revenue")

        self.assertEqual(read(), [60, 60, 35])
        invoice = self._invoice(first | second, grouping="customer").sudo()
        self.assertEqual(invoice.amount_untaxed, 144)
        self.assertEqual(read(), [55.74, 55.74, 32.52])
        self.assertEqual((first | second).sudo().mapped("amount_margin"), [55.74, 88.26])
        postage = invoice.invoice_line_ids.filtered(lambda line: line.price_unit == 4.5)
        postage.price_unit = 20  # 4.50 above 155
        self.assertEqual(read(), [61.74, 61.74, 36.02])
        invoice.action_post()
        credit = invoice._reverse_moves()
        # the postage is given back: 15.50 below 155
        credit.invoice_line_ids.filtered(lambda line: line.price_unit != 20).unlink()
        credit.action_post()
        self.assertEqual(read(), [54, 54, 31.5])
        credit.button_draft()
        credit.unlink()
        # all but the foot is given back: 20 - 15.50 are kept, 4.50 by 155
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.filtered(lambda line: not line.service_consumption_ids).unlink()
        credit.action_post()
        self.assertEqual((first | second).sudo().mapped("invoice_state"), ["to_invoice"] * 2)
        self.assertEqual(read(), [61.74, 61.74, 36.02])
        credit.button_draft()
        credit.unlink()
        invoice._reverse_moves(cancel=True)
        self.assertEqual(read(), [60, 60, 35])
        # a rebate that accounting adds to a credit note of nothing else
        anew = self._invoice(first).sudo()
        anew.action_post()
        credit = anew._reverse_moves()
        credit.invoice_line_ids[1:].unlink()
        credit.invoice_line_ids.write({"service_consumption_ids": [Command.clear()]})
        credit.invoice_line_ids.price_unit = 6
        credit.action_post()
        self.assertEqual(read(), [52.5, 60, 35], "60 + 4.50 - 6 less - 6")

    def _sell_half_years(self):
        """A contract of half-years at 600, the first of which its order bills; and the order."""
        template = self.env["service.contract.template"].create(
            {"name": "Sold", "invoice_interval": 6, "invoice_interval_unit": "month"}
        )
        product = self._create_product(
            "Maintenance",
            type="service",
            taxes_id=[Command.clear()],
            invoice_policy="order",
            property_account_income_id=self.revenue.id,
            service_contract_template_id=template.id,
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 600.0})],
            }
        )
        order.action_confirm()
        contract = order.service_contract_ids
        if contract.state == "draft":
            contract.action_activate()
        return contract, order

    def test_the_period_that_an_order_bills_is_revenue_of_its_contract(self):
        # 600 for the first half-year on the order, 600 for the second on an instalment
        contract, order = self._sell_half_years()
        contract._create_instalment_invoices(date(2026, 12, 31))

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            margins = self.env["service.margin"].search([("contract_id", "=", contract.id)])
            return margins.sorted("date").mapped("revenue")

        self.assertEqual(read(), [600], "the order has billed nothing yet")
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(read(), [600, 600])
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.price_unit = 100
        credit.action_post()
        self.assertEqual(read(), [500, 600])

    def test_what_is_added_to_an_invoice_of_contracts_is_their_margin(self):
        # 300 for the quarter; 25 of postage are added, then 10 of them and 100 given back
        first, second = self._prepaid(), self._prepaid()
        postage = self._create_charge_product()

        def add(move, price):
            move.invoice_line_ids = [
                Command.create({"product_id": postage.id, "quantity": 1, "price_unit": price})
            ]

        def read(contracts):
            self.env.flush_all()
            return dict(
                self.env["service.margin"]._read_group(
                    [("partner_id", "=", self.customer.id), ("contract_id", "in", contracts)],
                    ["origin"],
                    ["revenue:sum"],
                )
            )

        invoice = first.sudo()._create_instalment_invoices(date(2026, 1, 1))
        add(invoice, 25)
        self.assertEqual(read(first.ids), {"instalment": 300, "added": 25})
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.invoice_line_ids[0].price_unit = 100
        credit.invoice_line_ids[1].price_unit = 10
        credit.action_post()
        self.assertEqual(read(first.ids), {"instalment": 200, "added": 15})
        self.assertEqual(sum((invoice | credit).mapped("amount_untaxed_signed")), 215)
        credit.button_draft()
        credit.button_cancel()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertFalse(read(first.ids))
        # what is added to an invoice of two contracts belongs to neither
        both = (first | second).sudo()._create_instalment_invoices(date(2026, 1, 1))
        self.assertEqual(len(both), 1)
        add(both, 40)
        self.assertEqual(read([False]), {"added": 40})

    def _prepaid(self):
        """January to March for 300, in advance."""
        product = self._create_product(
            "Maintenance",
            type="service",
            taxes_id=[Command.clear()],
            property_account_income_id=self.revenue.id,
        )
        contract = self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2026-01-01",
                "date_end": "2026-03-31",
                "product_id": product.id,
                "price": 300.0,
                "invoice_interval": 3,
                "invoice_interval_unit": "month",
            }
        )
        contract.action_activate()
        return contract

    def test_prepaid_contracts_are_income_month_by_month(self):
        # 90 days: January 31 / 90 × 300 = 103.33, February 28 / 90 = 93.34 more, March the rest
        deferral = self._create_account("487000", "liability_current")
        self.env.company.service_deferral_account_id = deferral
        contract = self._prepaid()
        invoice = contract.sudo()._create_instalment_invoices(date(2026, 1, 1))
        invoice.invoice_date = date(2026, 1, 1)
        instalments = self.env["service.contract.instalment"]
        self.assertFalse(instalments._recognize_income(date(2026, 1, 31)), "a draft earns nothing")
        invoice.action_post()
        self.assertEqual(self._balances(invoice), {self.receivable: 300.0, deferral: -300.0})
        moves = invoice
        for day, left in (
            (date(2026, 1, 31), 196.67),
            (date(2026, 2, 28), 103.33),
            (date(2026, 3, 31), 0.0),
        ):
            entry = instalments._recognize_income(day)
            self.assertEqual(entry.date, day)
            self.assertFalse(instalments._recognize_income(day), "nothing twice")
            moves |= entry
            balances = self._balances(moves)
            self.assertAlmostEqual(balances.get(deferral, 0.0), -left, 2)
            self.assertAlmostEqual(balances[self.revenue], left - 300.0, 2)

    def test_the_period_that_an_order_bills_is_deferred_too(self):
        # 15 June – 14 December: 16 of 183 days are June, 52.46; terminated on 1 July: 547.54 back
        deferral = self._create_account("487000", "liability_current")
        self.env.company.service_deferral_account_id = deferral
        contract, order = self._sell_half_years()
        contract._generate_instalments(date(2026, 6, 15))
        instalments = self.env["service.contract.instalment"]
        self.assertFalse(instalments._recognize_income(date(2026, 6, 30)), "nothing is billed")
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._balances(invoice), {self.receivable: 600.0, deferral: -600.0})
        entry = instalments._recognize_income(date(2026, 6, 30))
        self.assertEqual(
            self._balances(invoice | entry),
            {self.receivable: 600.0, deferral: -547.54, self.revenue: -52.46},
        )
        contract.action_terminate(reason="Sold", date=date(2026, 7, 1))
        credit = contract.instalment_ids.invoice_line_ids.move_id
        credit.action_post()
        self.assertFalse(instalments._recognize_income(date(2026, 7, 31)))
        self.assertEqual(
            self._balances(invoice | entry | credit),
            {self.receivable: 52.46, self.revenue: -52.46},
        )

    def test_a_credited_period_is_no_income(self):
        # ends on 1 March: 31 of 90 days are given back, 103.33; 196.67 is earned, no more
        deferral = self._create_account("487000", "liability_current")
        self.env.company.service_deferral_account_id = deferral
        contract = self._prepaid()
        invoice = contract.sudo()._create_instalment_invoices(date(2026, 1, 1))
        invoice.invoice_date = date(2026, 1, 1)
        invoice.action_post()
        contract.action_terminate(reason="Sold", date=date(2026, 3, 1))
        credit = contract.instalment_ids.invoice_line_ids.move_id - invoice
        credit.action_post()
        entry = self.env["service.contract.instalment"]._recognize_income(date(2026, 3, 31))
        self.assertEqual(
            self._balances(invoice | credit | entry),
            {self.receivable: 196.67, self.revenue: -196.67},
        )

    def _earn(self, contract, terminated):
        """What is earned until the end of each month of 300 of which 30 were given back."""
        deferral = self._create_account("487000", "liability_current")
        self.env.company.service_deferral_account_id = deferral
        invoice = contract.sudo()._create_instalment_invoices(date(2026, 1, 1))
        invoice.invoice_date = date(2026, 1, 1)
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.price_unit = 30
        credit.action_post()
        if terminated:
            contract.action_terminate(reason="Sold", date=date(2026, 3, 1))
        moves = contract.instalment_ids.invoice_line_ids.move_id
        moves.filtered(lambda move: move.state == "draft").action_post()
        earned = []
        for day in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)):
            moves |= self.env["service.contract.instalment"]._recognize_income(day)
            earned.append(-self._balances(moves)[self.revenue])
        self.assertNotIn(deferral, self._balances(moves))
        return earned

    def test_what_is_given_back_of_a_period_is_no_income(self):
        # 31 of 90 days of 270 are 93, 28 more 177
        self.assertEqual(self._earn(self._prepaid(), terminated=False), [93.0, 177.0, 270.0])

    def test_what_a_termination_gives_back_besides_is_no_income(self):
        # for the 31 days after it 103.33 of the 300: 166.67 stay
        self.assertEqual(self._earn(self._prepaid(), terminated=True), [93.0, 166.67, 166.67])

    def test_no_more_is_given_back_than_was_billed(self):
        # 250 of 300 are given back: of the 103.33 after the termination, 50 are left
        contract = self._prepaid()
        invoice = contract.sudo()._create_instalment_invoices(date(2026, 1, 1))
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.price_unit = 250
        credit.action_post()
        contract.action_terminate(reason="Sold", date=date(2026, 3, 1))
        back = contract.instalment_ids.invoice_line_ids.move_id - invoice - credit
        self.assertEqual(back.amount_untaxed, 50)

    def test_a_locked_month_says_so(self):
        request = self._closed_request()
        self.env.company.fiscalyear_lock_date = "2026-06-30"
        with self.assertRefused(UserError, "locked until 06/30/2026 and the invoice date is"):
            self._invoice(request)

    def test_salespersons_share_the_base(self):
        first, second = (self._create_user(name) for name in ("first", "second"))
        request = self._closed_request(salesperson_ids=[Command.set((first | second).ids)])
        invoice = self._invoice(request).sudo()
        self.assertRecordValues(
            invoice,
            [
                {
                    "invoice_user_id": request.salesperson_ids[0].id,
                    "service_salesperson_ids": (first | second).ids,
                }
            ],
        )
        invoice.action_post()
        self.env.flush_all()
        base = self.env["service.salesperson.base"].search([("move_id", "=", invoice.id)])
        self.assertEqual(base.user_id, first | second)
        self.assertEqual(base.mapped("amount"), [30.0, 30.0])
