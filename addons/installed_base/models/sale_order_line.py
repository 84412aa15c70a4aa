from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_equipment_price(self):
        """Price of one unit of the product without taxes, in the currency of the company."""
        self.ensure_one()
        price = self.product_uom_id._compute_price(
            self.price_reduce_taxexcl, self.product_id.uom_id
        )
        return self.currency_id._convert(
            price, self.company_id.currency_id, self.company_id, self.order_id.date_order
        )
