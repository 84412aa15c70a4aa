from odoo import models
from odoo.exceptions import UserError


class ServiceConsumption(models.Model):
    """What a sales order covers is delivered on that order, and invoiced by it."""

    _inherit = "service.consumption"

    def write(self, vals):
        result = super().write(vals)
        if {"request_id", "equipment_line_id", "component_line_id", "product_id"} & set(vals):
            self._settle_on_orders()
        return result

    def _issue_difference(self):
        """The order is known before the parts leave the stock: their moves deliver its line."""
        self._settle_on_orders()
        return super()._issue_difference()

    def _settle_on_orders(self):
        """Put what sales orders cover on their lines, and take off what they no longer cover.

        :raise UserError: when an order has invoiced what it no longer covers
        """
        # whoever records work need not know about sales orders
        consumptions_sudo = self.sudo()
        orders = {c: c._get_covering_order() for c in consumptions_sudo}
        consumptions_sudo.filtered(
            lambda c: (
                c.sale_line_id.state in ("sale", "cancel")
                and (c.sale_line_id.order_id, c.sale_line_id.product_id)
                != (orders[c], c.product_id)
            )
        )._take_off_orders()
        new = consumptions_sudo.filtered(
            lambda c: c.state == "done" and orders[c] and not c.sale_line_id
        )
        for (order, _product), consumptions in new.grouped(
            lambda c: (orders[c], c.product_id)
        ).items():
            line = consumptions._get_order_line(order)
            if line.qty_delivered_method == "manual" and not line.service_consumption_ids:
                line.service_qty_typed = line.qty_delivered
            consumptions.sale_line_id = line

    def _get_covering_order(self):
        """The confirmed sale.order that covers this consumption, or none."""
        self.ensure_one()
        decision = self._get_decision()
        order = decision.sale_id
        covers = decision.coverage == "sale" and order.state == "sale"
        return order if covers else order.browse()

    def _get_order_line(self, order):
        """The line of the order that sells this product, or a new one at its price list.

        Nothing is ordered on a new line: what was consumed is all delivered.
        """
        lines = order.order_line.filtered(
            lambda line: (
                line.product_id == self.product_id
                and not line.display_type
                and not line.is_downpayment
            )
        )
        return lines[:1] or lines.create(
            {
                "order_id": order.id,
                "product_id": self.product_id.id,
                "product_uom_id": self.uom_id[:1].id,
                "product_uom_qty": 0.0,
            }
        )

    def _take_off_orders(self):
        """Deliver these on sales orders no longer.

        :raise UserError: when an order has invoiced them
        """
        lines = self.sale_line_id
        self.sale_line_id = False
        # Odoo keeps what was delivered by hand
        for line in lines:
            if line.qty_delivered_method == "manual" and not line.service_consumption_ids:
                line.qty_delivered = line.service_qty_typed
        unjustified = lines.filtered(lambda line: line.qty_invoiced > line._get_qty_due())
        if unjustified:
            raise UserError(
                self.env._(
                    "The sales order %(orders)s has invoiced what was consumed: credit it before "
                    "you change the coverage.",
                    orders=", ".join(unjustified.order_id.mapped("name")),
                )
            )
