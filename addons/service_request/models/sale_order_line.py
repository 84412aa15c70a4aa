from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """The technician brings and issues the parts of a request: they are not shipped; what the
        salesperson offered beside them is."""
        offered = self.filtered(lambda line: line.order_id.service_request_id)
        brought = (
            self.env["service.consumption"].sudo().search([("sale_line_id", "in", offered.ids)])
        )
        return super(SaleOrderLine, self - brought.sale_line_id)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
