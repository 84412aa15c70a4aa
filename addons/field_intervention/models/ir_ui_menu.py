from odoo import api, models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _get_service_first_menus(self):
        return {
            **super()._get_service_first_menus(),
            "dispatcher": "field_intervention.service_intervention_menu_board",
            "technician": "field_intervention.service_intervention_menu_my_day",
        }
