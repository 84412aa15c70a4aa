from odoo import api, models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _get_service_first_menus(self):
        return {
            **super()._get_service_first_menus(),
            "manager": "service_request.service_request_menu_dashboard",
            "user": "service_request.service_request_menu",
        }
