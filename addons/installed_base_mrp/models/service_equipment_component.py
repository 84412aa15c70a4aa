from odoo import models


class ServiceEquipmentComponent(models.Model):
    _inherit = "service.equipment.component"

    def _take_out(self, left, line):
        """Remove from their machines what came back of these components.

        :param left: ``{component: quantity}`` that stays in the machine
        :param line: the stock.move.line that took them back, linked from the history
        """
        date = line.move_id._get_equipment_date()
        taken = self.filtered(lambda part: left[part] < part.quantity)
        split = taken.filtered(lambda part: not part.product_id.uom_id.is_zero(left[part]))
        removed = {
            "state": "removed",
            "removal_date": date,
            "res_model": "stock.picking",
            "res_id": line.picking_id.id,
        }
        (taken - split).write(removed)
        for part in split:
            part.copy({**removed, "quantity": part.quantity - left[part]})
            part.quantity = left[part]
        self.env["service.equipment.event"].create(
            [
                {
                    "equipment_id": part.equipment_id.id,
                    "event_type": "component_removed",
                    "date": line.move_id.date,
                    "description": line.move_id.reference,
                    "old_value": part.display_name,
                    "res_model": "stock.picking",
                    "res_id": line.picking_id.id,
                }
                for part in split
            ]
        )
