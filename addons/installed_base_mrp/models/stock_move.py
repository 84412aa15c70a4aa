from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _delivers_equipment(self):
        return super()._delivers_equipment() or bool(self._get_equipment_kit())

    def _get_equipment_kit(self):
        """The kit that is a machine and of which this move delivers a part.

        :return: product.product, the outermost kit; empty when these goods are no part of one
        """
        self.ensure_one()
        bom = self.bom_line_id.bom_id
        if bom.type != "phantom":
            return self.env["product.product"]
        sold = self.sale_line_id.product_id - self.product_id
        kit = bom.product_id or bom.product_tmpl_id.product_variant_id
        return next((p for p in (sold, kit) if p.is_equipment), self.env["product.product"])

    def _get_kit_source(self):
        """What asked for the kit: the line of the order, else the first of its transfers."""
        self.ensure_one()
        return self.sale_line_id or self._get_kit_transfers().sorted("id")[:1]

    def _get_kit_moves(self):
        """The moves of the same order of a kit, those of these moves included."""
        return self.sale_line_id.move_ids or self._get_kit_transfers().move_ids

    def _get_kit_transfers(self):
        """The transfers of these moves, those that they return and those before a backorder."""
        transfers = self.picking_id | self.origin_returned_move_id.picking_id
        while transfers.backorder_id - transfers:
            transfers |= transfers.backorder_id
        return transfers

    def _count_ordered_kits(self, kit):
        """How many kits the order of these moves asked for; nothing when it does not say."""
        line = self.sale_line_id
        if line.product_id != kit:
            return None
        return line.product_uom_id._compute_quantity(line.product_uom_qty, kit.uom_id)
