from odoo import api, fields, models
from odoo.fields import Domain

from .service_coverage_mixin import DECIDED


class SaleOrder(models.Model):
    """Orders refill points, and deliver what requests consumed, while they are confirmed."""

    _inherit = "sale.order"

    sells_service_points = fields.Boolean(compute="_compute_sells_service_points")

    @api.depends("order_line.sells_service_points")
    def _compute_sells_service_points(self):
        for order in self:
            order.sells_service_points = any(order.order_line.mapped("sells_service_points"))

    service_points_text = fields.Char(
        string="Points", compute="_compute_service_points_text", compute_sudo=True
    )

    @api.depends("order_line.sells_service_points", "order_line.product_uom_qty", "state")
    def _compute_service_points_text(self):
        """When the points of the packs come, or which have come."""
        for order in self:
            packs = order.order_line.filtered("sells_service_points")
            order.service_points_text = packs._explain_points() if packs else False

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._settle_service_points()
        self._get_covered_consumptions()._settle_on_orders()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.order_line._settle_service_points()
        self._get_covered_consumptions()._settle_on_orders()
        return result

    def _get_covered_consumptions(self):
        """What these orders cover by the decision on a component, a machine or a request."""
        consumptions_sudo = self.env["service.consumption"].sudo()
        decided = {
            level: self.env[model].sudo().search([("coverage_sale_id", "in", self.ids)])
            for model, level in DECIDED.items()
        }
        if not any(decided.values()):
            return consumptions_sudo
        return consumptions_sudo.search(
            Domain.OR(Domain(level, "in", records.ids) for level, records in decided.items())
        )
