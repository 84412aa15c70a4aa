from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestPointsPacks(ServiceBillingCommon):
    """Packs of 50 points; the contract has 10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pack = cls._create_product(
            "50 points",
            type="service",
            list_price=100.0,
            taxes_id=[Command.clear()],
            service_points=50,
            invoice_policy="order",
        )
        cls.contract = cls.env["service.contract"].create(
            {"partner_id": cls.customer.id, "kind": "points", "points_initial": 10}
        )
        cls.contract.action_activate()
        cls.salesman = cls._create_user("salesman", "sales_team.group_sale_salesman")

    def _sell(self, packs=2, event="payment", partner=None):
        self.env.company.service_points_refill_on = event
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": (partner or self.customer).id,
                    "order_line": [
                        Command.create({"product_id": self.pack.id, "product_uom_qty": packs})
                    ],
                }
            )
        )
        self.assertTrue(order.sells_service_points, "the refilled contract is shown")
        order.action_confirm()
        return order.sudo()

    def _pay(self, invoice, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"amount": amount or invoice.amount_total})._create_payments()

    def _credit(self, invoice):
        refund = invoice._reverse_moves()
        refund.action_post()
        return refund

    def test_the_contract_is_refilled_on_the_chosen_event(self):
        # balances after: confirmation, invoice posted, half paid, paid, credited
        granted = "100 of 100 points are on the contract"
        for event, balances, text in (
            ("confirmation", [110, 110, 110, 110, 10], granted),
            ("invoice", [10, 110, 110, 110, 10], "100 points come once the invoice .* posted"),
            ("payment", [10, 10, 10, 110, 10], "100 points come once the invoice .* paid"),
        ):
            with self.subTest(event=event):
                order = self._sell(event=event)
                self.assertRegex(order.with_user(self.salesman).service_points_text, text)
                found = [self.contract.points_balance]
                invoice = order._create_invoices()
                invoice.action_post()
                found.append(self.contract.points_balance)
                self._pay(invoice, 100.0)
                found.append(self.contract.points_balance)
                self._pay(invoice, 100.0)
                found.append(self.contract.points_balance)
                self._credit(invoice)
                found.append(self.contract.points_balance)
                self.assertEqual(found, balances)
                self.assertEqual(
                    self.contract.points_move_ids.sorted("id")[-1:].res_id,
                    order.order_line.id,
                    "traceable",
                )

    def test_a_partial_credit_takes_back_its_packs(self):
        order = self._sell(packs=3, event="invoice")
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self.contract.points_balance, 160)
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.assertEqual(self.contract.points_balance, 110)

    def test_points_that_were_used_are_not_refunded(self):
        invoice = self._sell(event="invoice")._create_invoices()
        invoice.action_post()
        self.contract._move_points(-100, "debit")
        with self.assertRefused(ValidationError, "has 10 points left and 100 are needed"):
            self._credit(invoice)
        self.assertEqual(self.contract.points_balance, 10)

    def test_a_payment_taken_back_takes_back_the_points(self):
        invoice = self._sell()._create_invoices()
        invoice.action_post()
        self._pay(invoice)
        self.assertEqual(self.contract.points_balance, 110)
        invoice.button_draft()
        self.assertEqual(self.contract.points_balance, 10)

    def test_quantity_changed_or_order_cancelled(self):
        order = self._sell(event="confirmation")
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.contract.points_balance, 60)
        order._action_cancel()
        self.assertEqual(self.contract.points_balance, 10)

    def test_a_quotation_without_points_contract_may_be_cancelled(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.other_customer.id,
                "order_line": [Command.create({"product_id": self.pack.id})],
            }
        )
        order._action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_a_customer_without_points_contract(self):
        with self.assertRefused(UserError, "has no points contract that « 50 points » could"):
            self._sell(event="payment", partner=self.other_customer)
