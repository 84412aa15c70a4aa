from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_service_position(self):
        """Return ``(latitude, longitude)`` in degrees; None when nobody located the address."""
        if self.partner_latitude or self.partner_longitude:
            return (self.partner_latitude, self.partner_longitude)
        return None
