from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestSaleCoverage(ServiceBillingCommon):
    def _order(self, *lines):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity, "price_unit": price}
                    )
                    for product, quantity, price in lines
                ],
            }
        )
        order.action_confirm()
        return order

    def _covered_request(self, order, *consumed):
        request = self._request(
            self._create_equipment(), coverage="sale", coverage_sale_id=order.id
        )
        for product, quantity in consumed:
            self._consume(request, product, quantity)
        request.action_close(undone="done")
        return request

    def test_consumptions_count_as_delivered_on_the_order_and_are_invoiced_by_it(self):
        order = self._order((self.labor, 5, 50.0))
        request = self._covered_request(order, (self.labor, 2), (self.travel, 1))
        labor, travel = order.order_line
        self.assertRecordValues(
            labor | travel,
            [
                {"product_id": self.labor.id, "qty_delivered": 2, "price_unit": 50.0},
                {"product_id": self.travel.id, "qty_delivered": 1, "price_unit": 35.0},
            ],
        )
        self.assertEqual(request.invoice_state, "nothing")
        with self.assertRefused(UserError, "nothing to invoice"):
            self._invoice(request)
        self.assertEqual(travel.qty_to_invoice, 1)
        self.env.flush_all()
        balance = self.env["service.billing.balance"]
        balance.invalidate_model()
        rows = balance.search([("request_id", "=", request.id)])
        self.assertEqual(sum(rows.mapped("amount_sale")), 155.0)
        self.assertFalse(any(rows.mapped("difference")))

    def test_issued_parts_are_delivered_once(self):
        self.burner.tracking = "none"
        order = self._order((self.burner, 0, 100.0))
        request = self._covered_request(order, (self.burner, 3))
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(request.consumption_ids.move_ids.sale_line_id, order.order_line)
        request.consumption_ids.with_user(self.call_taker).sudo().quantity = 1
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_more_than_ordered_is_invoiced_whatever_the_policy(self):
        self.labor.invoice_policy = "order"
        order = self._order((self.labor, 1, 50.0))
        self._covered_request(order, (self.labor, 3))
        self.assertEqual(order.order_line.qty_to_invoice, 3)
        self.assertEqual(order._create_invoices().amount_untaxed, 150.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_what_the_order_has_invoiced_stays_on_it(self):
        self.labor.invoice_policy = "delivery"
        order = self._order((self.labor, 5, 50.0))
        request = self._covered_request(order, (self.labor, 2))
        order._create_invoices()
        with self.assertRefused(UserError, "has invoiced what was consumed"):
            request.sudo().coverage = "none"
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_a_prepaid_order_gives_hours_back(self):
        self.labor.invoice_policy = "order"
        order = self._order((self.labor, 5, 50.0))
        order._create_invoices()
        request = self._covered_request(order, (self.labor, 2))
        request.sudo().coverage = "none"
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(request.invoice_state, "to_invoice")

    def test_an_order_confirmed_again_takes_what_was_consumed(self):
        order = self._order((self.labor, 5, 50.0))
        request = self._covered_request(order, (self.labor, 2))
        order._action_cancel()
        self.assertFalse(request.consumption_ids.sale_line_id)
        order.action_draft()
        self.assertEqual(order.order_line.qty_delivered, 0)
        order.action_confirm()
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_the_quotation_of_a_request_bills_it(self):
        request = self._request(self._create_equipment())
        self._consume(request, self.labor, 2)
        request.sudo().action_create_quotation()
        order = request.sudo().sale_order_ids
        order.action_confirm()
        self.assertEqual(order.order_line.qty_delivered, 0)
        request.action_close(undone="done")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(request.invoice_state, "nothing")
