from odoo import api, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """On an intervention the parts of the van and of its machines are proposed first."""
        intervention = self.env["service.intervention"].browse(
            self.env.context.get("propose_for_intervention_id")
        )
        found = super().name_search
        if not intervention:
            return found(name, domain, operator, limit)
        likely = Domain("id", "in", intervention._get_likely_parts().ids)
        given = Domain(domain or [])
        first = found(name, given & likely, operator, limit)
        if limit and len(first) >= limit:
            return first
        return first + found(name, given & ~likely, operator, limit and limit - len(first))
