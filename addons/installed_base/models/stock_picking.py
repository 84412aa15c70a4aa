from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    service_equipment_count = fields.Integer(
        string="Equipment Count",
        compute="_compute_service_equipment_count",
        groups="stock.group_stock_user",
    )

    def _compute_service_equipment_count(self):
        for picking, equipment in self._get_service_equipment().items():
            picking.service_equipment_count = len(equipment)

    def action_view_service_equipment(self):
        """Open the machines that these transfers delivered or took back."""
        equipment = self.env["service.equipment"].union(*self._get_service_equipment().values())
        return equipment._get_records_action(name=self.env._("Equipment"))

    def _get_service_equipment(self):
        """Return ``{picking: service.equipment}``: what each of them delivered or took back."""
        made = (
            self.env["service.equipment"]
            .with_context(active_test=False)
            .search([("delivery_move_line_id", "in", self.move_line_ids.ids)])
            .grouped("delivery_move_line_id")
        )
        return {
            picking: picking.move_line_ids.service_equipment_id.union(
                # of kits, one line may be in several machines
                *(made[line] for line in picking.move_line_ids if line in made)
            )
            for picking in self
        }
