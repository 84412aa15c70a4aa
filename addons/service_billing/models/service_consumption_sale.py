from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceConsumption(models.Model):
    """What a sales order covers is delivered on that order, and invoiced by it."""

    _inherit = "service.consumption"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sales Order Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order that covers this consumption, and invoices it as delivered.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        consumptions = super().create(vals_list)
        consumptions.filtered("done_date")._deliver_on_orders()
        return consumptions

    def write(self, vals):
        result = super().write(vals)
        if {"done_date", "is_cancelled", "equipment_line_id", "component_line_id"} & set(vals):
            self._deliver_on_orders()
        return result

    def _deliver_on_orders(self):
        """Put what sales orders cover on their lines, and take back what they no longer cover."""
        # whoever records work need not know about sales orders
        consumptions_sudo = self.sudo()
        wanted = {
            consumption: consumption._get_covering_order() for consumption in consumptions_sudo
        }
        consumptions_sudo.filtered(
            lambda c: c.sale_line_id and c.sale_line_id.order_id != wanted[c]
        )._take_off_orders()
        for consumption in consumptions_sudo:
            order = wanted[consumption]
            if order and not consumption.sale_line_id:
                consumption.sale_line_id = consumption._find_order_line(
                    order
                ) or consumption._create_order_line(order)

    def _take_off_orders(self):
        """Deliver these on sales orders no longer.

        :raise UserError: when the order has invoiced them
        """
        lines = self.sale_line_id
        invoiced = lines.filtered("qty_invoiced")
        if invoiced:
            raise UserError(
                self.env._(
                    "The sales order %(orders)s has invoiced what the request consumed: credit it "
                    "before you change the coverage.",
                    orders=", ".join(invoiced.order_id.mapped("name")),
                )
            )
        self.sale_line_id = False
        # Odoo keeps what was delivered by hand; here nobody typed it
        lines.filtered(
            lambda line: line.qty_delivered_method == "manual" and not line.service_consumption_ids
        ).qty_delivered = 0.0

    def _get_covering_order(self):
        """The confirmed sale.order that covers this consumption once it is done, or none."""
        self.ensure_one()
        decision = self._get_decision()
        order = decision.sale_id
        covers = decision.coverage == "sale" and self.state == "done" and order.state == "sale"
        return order if covers else order.browse()

    def _find_order_line(self, order):
        """The line of the order that sells this product."""
        lines = order.order_line.filtered(
            lambda line: (
                line.product_id == self.product_id
                and not line.display_type
                and not line.is_downpayment
            )
        )
        return lines[:1]

    def _create_order_line(self, order):
        """A new line at the price list of the order: nothing ordered, all of it delivered."""
        return order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.product_id.id,
                "product_uom_id": self.uom_id.id,
                "product_uom_qty": 0.0,
            }
        )
