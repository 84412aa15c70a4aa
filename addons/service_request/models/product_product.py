from odoo import api, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """What is likely where a product is chosen is proposed first, any other one after it."""
        found, likely_products = super().name_search, self._get_likely_products()
        if not likely_products:
            return found(name, domain, operator, limit)
        given, likely = Domain(domain or Domain.TRUE), Domain("id", "in", likely_products.ids)
        first = found(name, given & likely, operator, limit)
        if limit and len(first) >= limit:
            return first
        return first + found(name, given & ~likely, operator, limit and limit - len(first))

    @api.model
    def _get_likely_products(self):
        """Products to propose first where one is chosen: parts of the machine that it is for."""
        machine_id = self.env.context.get("propose_for_equipment_id")
        return self.env["service.equipment"].browse(machine_id or [])._get_known_parts()
