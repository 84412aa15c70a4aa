from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """What service requests consumed on behalf of an order is delivered on it."""

    _inherit = "sale.order.line"

    service_consumption_ids = fields.One2many(
        "service.consumption",
        "sale_line_id",
        string="Consumptions",
        readonly=True,
        groups="installed_base.group_service_user,account.group_account_invoice",
    )
    service_qty_typed = fields.Float(
        string="Delivered by Hand",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What was typed as delivered before service requests delivered on this line.",
    )

    @api.depends(
        "service_consumption_ids.quantity",
        "service_consumption_ids.uom_id",
        "service_consumption_ids.state",
    )
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """What was consumed counts instead of the stock moves that issued it."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line.sudo().service_consumption_ids):
            delivered[line] += line._get_qty_consumed() - line._get_qty_issued()
            delivered[line] += line.service_qty_typed
        return delivered

    def _get_qty_consumed(self):
        """What service requests used of this line, in its unit."""
        self.ensure_one()
        return sum(
            consumption.uom_id._compute_quantity(
                consumption.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            for consumption in self.sudo().service_consumption_ids
            if consumption.state == "done"
        )

    def _get_qty_issued(self):
        """What Odoo counts as delivered by the stock moves of consumptions, in this unit."""
        self.ensure_one()
        if self.qty_delivered_method != "stock_move":
            return 0.0
        outgoing, incoming = (
            moves.filtered(lambda move: move.state == "done" and move.service_consumption_id)
            for moves in self._get_outgoing_incoming_moves()
        )
        return sum(
            sign * move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
            for sign, moves in ((1, outgoing), (-1, incoming))
            for move in moves
        )

    @api.depends("qty_delivered", "service_consumption_ids")
    def _compute_qty_to_invoice(self):
        """What was consumed beyond the ordered quantity is invoiced too, whatever the policy."""
        result = super()._compute_qty_to_invoice()
        for line in self.filtered(lambda line: line.sudo().service_consumption_ids):
            if line.state == "sale":
                line.qty_to_invoice = line._get_qty_due() - line.qty_invoiced
        return result

    def _get_qty_due(self):
        """What may be invoiced of this line in all."""
        self.ensure_one()
        if self.product_id.invoice_policy == "delivery":
            return self.qty_delivered
        return max(self.product_uom_qty, self.qty_delivered)
