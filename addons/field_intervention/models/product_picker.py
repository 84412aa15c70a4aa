from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _get_likely_products(self):
        """On an intervention the parts of the van and of its machines are proposed first."""
        products = super()._get_likely_products()
        intervention_id = self.env.context.get("propose_for_intervention_id")
        if not intervention_id:
            return products
        return (
            products | self.env["service.intervention"].browse(intervention_id)._get_likely_parts()
        )
