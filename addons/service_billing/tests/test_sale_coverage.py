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
        rows = self.env["service.billing.balance"].search([("request_id", "=", request.id)])
        self.assertEqual(sum(rows.mapped("amount_sale")), 155.0)
        self.assertFalse(any(rows.mapped("difference")))

    def test_more_than_ordered_is_invoiced_whatever_the_policy(self):
        self.labor.invoice_policy = "order"
        order = self._order((self.labor, 1, 50.0))
        self._covered_request(order, (self.labor, 3))
        self.assertEqual(order.order_line.qty_to_invoice, 3)
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 150.0)

    def test_what_the_order_has_invoiced_stays_on_it(self):
        order = self._order((self.labor, 5, 50.0))
        request = self._covered_request(order, (self.labor, 2))
        order._create_invoices()
        with self.assertRefused(UserError, "has invoiced what the request consumed"):
            request.sudo().coverage = "none"

    def test_an_offer_confirmed_later_takes_what_was_consumed(self):
        order = self._order((self.labor, 5, 50.0))
        order._action_cancel()
        order.action_draft()
        self._covered_request(order, (self.labor, 2))
        self.assertEqual(order.order_line.qty_delivered, 0)
        order.action_confirm()
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_another_coverage_takes_it_off_the_order(self):
        order = self._order((self.labor, 5, 50.0))
        request = self._covered_request(order, (self.labor, 2))
        request.sudo().coverage = "none"
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertFalse(request.consumption_ids.sale_line_id)
        self.assertEqual(request.invoice_state, "to_invoice")
