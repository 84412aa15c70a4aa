from odoo import fields, models

from .readers import EQUIPMENT_READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_equipment_count = fields.Integer(
        string="Equipment Count",
        compute="_compute_service_equipment_count",
        groups=EQUIPMENT_READERS,
    )

    def _compute_service_equipment_count(self):
        by_line = self.env["service.equipment"]._read_group(
            [("sale_line_id.order_id", "in", self.ids)], ["sale_line_id"], ["__count"]
        )
        counts = {}
        for line, count in by_line:
            counts[line.order_id] = counts.get(line.order_id, 0) + count
        for order in self:
            order.service_equipment_count = counts.get(order, 0)

    def action_view_service_equipment(self):
        """Open the machines that this order delivered."""
        equipment = self.env["service.equipment"].search(
            [("sale_line_id.order_id", "in", self.ids)]
        )
        return equipment._get_records_action(name=self.env._("Equipment"))
