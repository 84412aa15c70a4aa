from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Who has a role in after-sales starts there, unless their preferences say otherwise.

        Administrators look after every app: they start where Odoo starts.
        """
        info = super().session_info()
        if info.get("home_action_id") is False and not self.env.user._is_system():
            first = self.env["ir.ui.menu"]._get_service_first_menu()
            info["home_action_id"] = first.action.id if first else False
        return info
