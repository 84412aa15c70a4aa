from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    service_equipment_ids = fields.One2many(
        "service.equipment", "lot_id", string="Equipment", groups="base.group_user"
    )

    def action_view_service_equipment(self):
        """Open the machine that carries this serial number."""
        return self.service_equipment_ids._get_records_action(name=self.env._("Equipment"))
