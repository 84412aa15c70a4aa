from odoo import fields, models


class ServiceConsumption(models.Model):
    """A consumption that the customer pays by a sales order."""

    _inherit = "service.consumption"

    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, copy=False, index="btree_not_null"
    )

    def _prepare_quotation_line(self):
        """Values of the line that offers this consumption, at the amount that would be billed."""
        self.ensure_one()
        product = self.product_id.with_context(lang=self.request_id.partner_id.lang)
        description = product.get_product_multiline_description_sale()
        return {
            "product_id": self.product_id.id,
            "name": f"{description}\n{self.note}" if self.note else description,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.uom_id.id,
            "price_unit": self._prepare_document_price(
                self.amount_to_invoice / self.quantity, self.quantity
            )["price_unit"],
        }

    def _prepare_issue_move(self, lot, quantity, place=None):
        """What is issued for a sold consumption was delivered on the order that sold it."""
        values = super()._prepare_issue_move(lot, quantity, place)
        if self.request_id.sale_id and self.sale_line_id.order_id == self.request_id.sale_id:
            values["sale_line_id"] = self.sale_line_id.id
        return values
