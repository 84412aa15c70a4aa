from odoo import models

DECIDED = {
    "service.request": "request_id",
    "service.request.equipment": "equipment_line_id",
    "service.request.component": "component_line_id",
}
DECIDING = {
    "coverage",
    "coverage_mode",
    "coverage_manual",
    "coverage_contract_id",
    "coverage_sale_id",
    "sale_id",
}


class ServiceCoverageMixin(models.AbstractModel):
    """Whether a sales order covers is always decided by hand: then what was done follows."""

    _inherit = "service.coverage.mixin"

    def write(self, vals):
        result = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            consumptions = self.env["service.consumption"].sudo()
            consumptions.search(
                [(DECIDED[self._name], "in", self.ids), ("state", "!=", "cancelled")]
            )._settle_on_orders()
        return result
