from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _deliver_equipment(self):
        equipment = super()._deliver_equipment()
        if equipment:
            equipment_sudo = equipment.sudo()
            equipment_sudo._create_warranties()
            equipment_sudo._join_sold_contracts()
        return equipment
