from odoo import api, models
from odoo.fields import Domain

# contexts of the fields in which somebody chooses what was used
PROPOSING = (
    "propose_for_equipment_id",
    "propose_for_request_line_id",
    "propose_for_intervention_id",
)


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Where somebody chooses what was used, the likely is proposed first.

        That are parts of the machine, then what is consumed as the line says, then other parts and
        services; whole machines and contracts, which are sold and hardly ever used up, come last.
        """
        if not any(key in self.env.context for key in PROPOSING):
            return super().name_search(name, domain, operator, limit)
        given, found = Domain(domain or Domain.TRUE), []
        for tier in self._get_consumption_tiers():
            left = limit and limit - len(found)
            if left or not limit:
                found += super().name_search(name, given & tier, operator, left)
                given &= ~tier
        return found

    @api.model
    def _get_consumption_tiers(self):
        """Domains of products, the most likely to be consumed first; together they hold all."""
        tiers = [
            Domain("id", "in", self._get_likely_products().ids),
            Domain("is_service_consumable", "=", True),
            Domain.TRUE,
        ]
        if kind := self.env.context.get("propose_kind"):
            tiers.insert(1, tiers[1] & Domain("service_consumption_kind", "=", kind))
        return tiers

    @api.model
    def _get_likely_products(self):
        """Products to propose first where one is chosen: parts of the machine that it is for."""
        lines, machines = self.env["service.request.equipment"], self.env["service.equipment"]
        line = lines.browse(self.env.context.get("propose_for_request_line_id") or [])
        machine = machines.browse(self.env.context.get("propose_for_equipment_id") or [])
        return (machine | line.equipment_id)._get_known_parts()
