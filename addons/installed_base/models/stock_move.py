from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._return_equipment()
        moves._deliver_equipment()
        return moves

    def _deliver_equipment(self):
        """Make the installed base out of what these done moves brought to customers.

        A machine that comes back to a customer under the same serial number keeps its record and
        its history.

        :return: the service.equipment that were delivered, new and re-activated ones
        """
        lines = self._get_delivered_equipment_lines()
        if not lines:
            return self.env["service.equipment"]
        lines = lines.sudo()
        known = lines._find_equipment_of_lots()
        returning = lines.filtered(lambda line: known.get(line._equipment_key()))
        equipment = returning._redeliver_equipment(known)
        equipment |= (lines - returning)._create_equipment()
        equipment.filtered("delivery_move_line_id")._log_delivery()
        return equipment.with_env(self.env)

    def _get_delivered_equipment_lines(self):
        """Done lines of equipment products that went to a customer and made no machine yet."""
        lines = self.filtered(
            lambda move: (
                move.state == "done"
                and move.picking_id
                and move.product_id.is_equipment
                and move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
            )
        ).move_line_ids.filtered(lambda line: line.quantity > 0 and line._get_equipment_site())
        if not lines:
            return lines
        done = self.env["service.equipment"].sudo().with_context(active_test=False)
        return lines - done.search([("delivery_move_line_id", "in", lines.ids)]).mapped(
            "delivery_move_line_id"
        ).with_env(self.env)

    def _return_equipment(self):
        """Mark the machines that customers sent back."""
        lots = self.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id.tracking == "serial"
                and move.product_id.is_equipment
                and move.location_id.usage == "customer"
                and move.location_dest_id.usage != "customer"
            )
        ).move_line_ids.lot_id
        if lots:
            equipment = self.env["service.equipment"].sudo().search([("lot_id", "in", lots.ids)])
            equipment.state = "returned"
            equipment._log_event("returned")
