from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_kit_parts(self, company):
        """Return ``{product.product: quantity}`` of the parts of one kit, each in its own unit."""
        self.ensure_one()
        bom = self.env["mrp.bom"]._bom_find(self, company_id=company.id, bom_type="phantom")[self]
        if not bom:
            return {}
        factor = self.uom_id._compute_quantity(1, bom.product_uom_id) / bom.product_qty
        parts = {}
        for line, data in bom.explode(self, factor)[1]:
            quantity = line.product_uom_id._compute_quantity(data["qty"], line.product_id.uom_id)
            parts[line.product_id] = parts.get(line.product_id, 0.0) + quantity
        return parts
