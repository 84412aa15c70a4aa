from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """The technician brings and issues the parts of a request: nothing is shipped for it."""
        shipped = self.filtered(lambda line: not line.order_id.service_request_id)
        return super(SaleOrderLine, shipped)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
