from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_request_id = fields.Many2one(
        "service.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The request that this quotation offers to solve.",
    )

    def action_confirm(self):
        """The customer accepts: the order covers the request that it was made for."""
        result = super().action_confirm()
        for order in self.filtered(lambda o: o.state == "sale" and o.service_request_id):
            # whoever may confirm the order decides with it
            order.service_request_id.sudo().write(
                {"coverage_manual": "sale", "coverage_sale_id": order.id}
            )
        return result

    def _action_cancel(self):
        offered = self.filtered(lambda o: o.service_request_id and o.state != "cancel")
        result = super()._action_cancel()
        for order in offered:
            order.service_request_id.sudo()._refuse_quotation(order)
        return result
