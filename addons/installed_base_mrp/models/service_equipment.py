from odoo import models


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    def _get_missing_kit_parts(self, needed):
        """What this machine still lacks of ``{product.product: quantity}``."""
        self.ensure_one()
        missing = dict(needed)
        for part in self.component_ids.filtered(lambda part: part.as_sold and part.current_id):
            missing[part.product_id] = missing.get(part.product_id, 0.0) - part.quantity
        return missing

    def _sell_kit_again(self, parts):
        """Bring this returned machine to where its parts went; take out of it what stayed behind.

        :param parts: list of ``(stock.move.line, quantity)``
        :return: the like list of those that were not in it
        """
        self.ensure_one()
        if not parts:
            return parts
        line = parts[0][0]
        self._place_again(line._prepare_placement_values(), line.move_id._get_equipment_date())
        self.write(line._prepare_kit_delivery_values(self.product_id))
        installed = self.component_ids.filtered(lambda part: part.state == "installed")
        along = dict.fromkeys(installed, 0.0)
        others = []
        for line, quantity in parts:
            for part in installed:
                if part.product_id == line.product_id and part.lot_id == line.lot_id:
                    taken = min(quantity, part.quantity - along[part])
                    along[part] += taken
                    quantity -= taken
            if not line.product_id.uom_id.is_zero(quantity):
                others.append((line, quantity))
        installed._take_out(along, line)
        return others
