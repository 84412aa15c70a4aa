from odoo import api, models

ROLES = ("manager", "dispatcher", "user", "technician")  # the most responsible first
ACTION_KEYS = ("actionID", "actionModel", "actionPath")


class IrUiMenu(models.Model):
    """After-Sales opens on the screen that each role works on."""

    _inherit = "ir.ui.menu"

    @api.model
    def _get_service_first_menus(self):
        """Return ``{role: XML id of the menu that its people open first}``; addons add theirs."""
        return {}

    @api.model
    def _get_service_first_menu(self):
        """The menu that the user opens first, by the most responsible role; none for others."""
        menus = self._get_service_first_menus()
        for role in ROLES:
            if role in menus and self.env.user.has_group(f"installed_base.group_service_{role}"):
                return self.env.ref(menus[role]).sudo()
        return self.browse()

    def load_web_menus(self, debug):
        """The app opens the menu of the user's role instead of the first of its menus."""
        menus = super().load_web_menus(debug)
        app = menus.get(self.env.ref("installed_base.service_menu_root").id)
        first = menus.get(self._get_service_first_menu().id)
        if app and first:
            app.update({key: first[key] for key in ACTION_KEYS})
        return menus
