from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    service_consumption_ids = fields.One2many(
        "service.consumption",
        "sale_line_id",
        string="Consumptions",
        readonly=True,
        groups="installed_base.group_service_user,account.group_account_invoice",
    )

    @api.depends(
        "service_consumption_ids.quantity",
        "service_consumption_ids.uom_id",
        "service_consumption_ids.state",
    )
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """What service requests consumed on behalf of the order counts as delivered."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line.sudo().service_consumption_ids):
            delivered[line] += sum(
                consumption.uom_id._compute_quantity(
                    consumption.quantity, line.product_uom_id, rounding_method="HALF-UP"
                )
                for consumption in line.sudo().service_consumption_ids
                if consumption.state == "done"
            )
        return delivered

    @api.depends("qty_delivered")
    def _compute_qty_to_invoice(self):
        """What was consumed beyond the ordered quantity is invoiced too, whatever the policy."""
        result = super()._compute_qty_to_invoice()
        for line in self.filtered(lambda line: line.sudo().service_consumption_ids):
            if line.state == "sale" and line.qty_delivered > line.product_uom_qty:
                line.qty_to_invoice = line.qty_delivered - line.qty_invoiced
        return result
