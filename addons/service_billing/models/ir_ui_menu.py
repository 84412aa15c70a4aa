from odoo import models

MENUS = ("service_menu_invoicing", "service_request_menu_to_invoice")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Whose companies have all switched service invoicing off does not see its menus."""
        hidden = super()._load_menus_blacklist()
        if any(self.env.user.sudo().company_ids.mapped("service_invoicing_enabled")):
            return hidden
        return [*hidden, *(self.env.ref(f"service_billing.{name}").id for name in MENUS)]
