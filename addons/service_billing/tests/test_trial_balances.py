from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceAccountingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestTrialBalances(ServiceAccountingCommon):
    """What others than requests invoice, worked out by hand, before and after."""

    def _sell(self, product, quantity, price):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def _invoice_order(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def test_parts_that_a_sales_order_covers(self):
        # 3 burners at 100 + 20 %, 80 each of cost: booked with the invoice of the order, once
        self.burner.tracking = "none"
        order = self._sell(self.burner, 0, 100.0)
        request = self._request(
            self._create_equipment(), coverage="sale", coverage_sale_id=order.id
        )
        part = self._consume(request, self.burner, 3)
        request.action_close(undone="done")
        self.assertFalse(part.sudo()._book_given_parts(), "it is not given away")
        invoice = self._invoice_order(order)
        self.assertEqual(
            self._balances(invoice),
            {
                self.receivable: 360.0,
                self.revenue: -300.0,
                self.vat: -60.0,
                self.cogs: 240.0,
                self.stock: -240.0,
            },
        )
        self.assertEqual(part.sudo().amount_revenue, 300.0)
        credit = invoice._reverse_moves(cancel=True)
        self.assertFalse(self._balances(invoice | credit))

    def test_the_month_of_a_principal(self):
        # June, two end customers: a burner 120 + 24 and an hour 60 without tax for the hotel, two
        # burners 240 + 48 for the clinic; 4.50 of postage once. All is owed by the principal; May
        # and what the hotel asked for itself stand elsewhere
        principal = self.env["res.partner"].create(
            {"name": "Brand", "is_service_principal": True, "city": "Paris"}
        )
        owed = self._create_account("411800", "asset_receivable", reconcile=True)
        principal.property_account_receivable_id = owed
        postage = self._create_charge_product()
        postage.property_account_income_id = self._create_account("708500", "income")
        clinic = self._create_equipment(
            partner_id=self.other_customer.id, site_id=self.other_customer.id
        )
        with freeze_time("2026-05-31 10:00:00"):
            self._closed_request(self.burner, principal_id=principal.id)
        self._closed_request(self.burner)
        hotel = self._closed_request(self.burner, self.labor, principal_id=principal.id)
        hotel.sudo().billing_charge_ids = [Command.create({"product_id": postage.id, "value": 4.5})]
        self._closed_request(
            self.burner,
            self.burner,
            equipment=clinic,
            partner_id=self.other_customer.id,
            principal_id=principal.id,
        )
        run = self._run(grouping="principal", closed_from="2026-06-01", closed_to="2026-06-30")
        invoice = run.line_ids.invoice_id.sudo()
        self.assertFalse(self._balances(invoice), "a draft is not in the books")
        invoice.action_post()
        self.assertEqual(
            self._balances(invoice),
            {
                owed: 496.5,
                self.revenue: -420.0,
                postage.property_account_income_id: -4.5,
                self.vat: -72.0,
                self.cogs: 240.0,
                self.stock: -240.0,
            },
        )
        self.assertEqual(invoice.partner_id, principal)
        self.assertEqual(
            [(customer, amount) for customer, _rows, amount in invoice._get_service_annex_groups()],
            [("", 4.5), ("Clinique des Alpes", 240.0), ("Hôtel du Lac", 180.0)],
        )
        credit = invoice._reverse_moves(cancel=True)
        self.assertFalse(self._balances(invoice | credit))

    def test_a_warranty_that_the_supplier_pays_in_part(self):
        # a burner of 80 is given away: cost, out of the stock; the supplier accepts 60: by its
        # credit note our cost is 20; by our invoice 60 are revenue, with 20 % of tax
        supplier = self.env["res.partner"].create({"name": "Rhenania"})
        self.burner.supplier_taxes_id = False
        payable = supplier.property_account_payable_id
        for settlement, expected in (
            ("refund", {payable: 60.0, self.cogs: 20.0, self.stock: -80.0}),
            (
                "invoice",
                {
                    self.receivable: 72.0,
                    self.revenue: -60.0,
                    self.vat: -12.0,
                    self.cogs: 80.0,
                    self.stock: -80.0,
                },
            ),
        ):
            machine = self._deliver_machine(settlement)
            machine.write({"supplier_id": supplier.id, "supplier_warranty_end": "2027-01-31"})
            part = self._closed_request(self.burner, equipment=machine).sudo().consumption_ids
            cost = part._book_given_parts()
            self.assertEqual(self._balances(cost), {self.cogs: 80.0, self.stock: -80.0})
            claim = part._create_claims()
            claim.settlement = settlement
            claim.action_send()
            claim.action_accept(60)
            claim.action_settle()
            money = claim.refund_move_id
            money.invoice_date = date(2026, 6, 15)
            self.assertFalse(self._balances(money), "a draft is not in the books")
            money.action_post()
            with self.subTest(settlement):
                self.assertEqual(self._balances(cost | money), expected)

    def test_a_pack_of_points_sold_used_and_refunded(self):
        # 2 packs at 450 + 20 %; an hour that points pay books nothing
        pack = self._create_product(
            "50 points",
            type="service",
            service_points=50,
            invoice_policy="order",
            taxes_id=[Command.set(self.burner.taxes_id.ids)],
            property_account_income_id=self.revenue.id,
        )
        machine = self._create_equipment()
        contract = self._create_contract(
            {"equipment_id": machine.id, "points_per_hour": 4}, kind="points", points_initial=0
        )
        order = self._sell(pack, 2, 450.0)
        invoice = self._invoice_order(order)
        self.assertEqual(
            self._balances(invoice),
            {self.receivable: 1080.0, self.revenue: -900.0, self.vat: -180.0},
        )
        self._pay(invoice)
        self.assertEqual(contract.points_balance, 100)
        request = self._closed_request(self.labor, equipment=machine)
        self.assertEqual((request.invoice_state, contract.points_balance), ("nothing", 96))
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.quantity = 1
        credit.action_post()
        self.assertEqual(
            self._balances(invoice | credit),
            {self.receivable: 540.0, self.revenue: -450.0, self.vat: -90.0},
        )
        self.assertEqual(contract.points_balance, 46)

    def test_usage_estimated_then_corrected(self):
        # January billed for 4,500 pages: 3,500 × 0.05 = 175; it was 2,500 only. February ends at
        # 4,000: in two months 4,000 less 2,000 are 100: 75 back
        pages = self.env["service.meter.type"].create(
            {"name": "Pages", "uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        copies = self._create_product(
            "Copies",
            type="service",
            taxes_id=[Command.set(self.burner.taxes_id.ids)],
            property_account_income_id=self.revenue.id,
        )
        machine = self._create_equipment()
        meter = self.env["service.meter"].create({"equipment_id": machine.id, "type_id": pages.id})
        contract = self._create_contract(
            {"equipment_id": machine.id},
            product_id=copies.id,
            invoice_interval=1,
            invoice_interval_unit="month",
            meter_term_ids=[
                Command.create(
                    {
                        "meter_type_id": pages.id,
                        "included": 1000,
                        "tier_ids": [Command.create({"from_quantity": 0, "price_unit": 0.05})],
                    }
                )
            ],
        )

        def read(day, value):
            return self.env["service.meter.reading"].create(
                {"meter_id": meter.id, "date": f"{day} 12:00:00", "value": value}
            )

        def bill(until):
            move = contract._create_instalment_invoices(until)
            move.invoice_date = until
            move.action_post()
            return move

        read("2026-01-01", 0)
        wrong = read("2026-01-31", 4500)
        invoice = bill(date(2026, 2, 1))
        self.assertEqual(
            self._balances(invoice),
            {self.receivable: 210.0, self.revenue: -175.0, self.vat: -35.0},
        )
        wrong.value = 2500
        read("2026-02-28", 4000)
        self.assertEqual(
            self._balances(invoice | bill(date(2026, 3, 1))),
            {self.receivable: 120.0, self.revenue: -100.0, self.vat: -20.0},
        )
