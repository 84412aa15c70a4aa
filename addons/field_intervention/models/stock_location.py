from odoo import models
from odoo.fields import Command


class StockLocation(models.Model):
    """A van is filled up from the shelves of a warehouse."""

    _inherit = "stock.location"

    def _supply_from(self, warehouse):
        """Let what reordering asks for in these places come out of the warehouse.

        What the warehouse does not have either is bought, or made, as it does for itself.

        :param warehouse: the stock.warehouse
        """
        # sudo: whoever plans a job orders its parts, without a right on the routes of the stock
        rules_sudo = self.env["stock.rule"].sudo()
        shelves = warehouse.lot_stock_id
        known = rules_sudo.search(
            [("location_dest_id", "in", self.ids), ("location_src_id", "=", shelves.id)]
        ).location_dest_id
        missing = self - known
        if not missing:
            return
        route_sudo = rules_sudo.route_id.search(
            [("is_van_supply", "=", True), ("warehouse_ids", "in", warehouse.ids)], limit=1
        ) or rules_sudo.route_id.create(
            {
                "name": self.env._("%s: Vans", warehouse.name),
                "is_van_supply": True,
                "company_id": warehouse.company_id.id,
                "product_selectable": False,
                "warehouse_selectable": True,
                "warehouse_ids": [Command.set(warehouse.ids)],
            }
        )
        rules_sudo.create(
            [
                {
                    "name": f"{shelves.display_name} → {place.name}",
                    "route_id": route_sudo.id,
                    "action": "pull",
                    "procure_method": "mts_else_mto",
                    "location_dest_from_rule": True,
                    "location_src_id": shelves.id,
                    "location_dest_id": place.id,
                    "picking_type_id": warehouse.int_type_id.id,
                    "warehouse_id": warehouse.id,
                    "company_id": warehouse.company_id.id,
                }
                for place in missing
            ]
        )
