from odoo import api, models

from .res_partner_search import SITE_TYPES


class ServiceRequest(models.Model):
    """Where the problem is: the site that the caller says, or that of the machine."""

    _inherit = "service.request"

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Who is found by one of their sites has the problem there."""
        site = self.partner_id
        if site.parent_id and site.type in SITE_TYPES:
            self.partner_id = site.commercial_partner_id
            self.site_id = site
