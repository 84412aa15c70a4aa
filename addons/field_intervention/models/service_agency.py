from odoo import api, models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    @api.model
    def _get_listened(self):
        """The agencies whose interventions the current user is told about by the bus."""
        user = self.env.user
        if not user.has_group("installed_base.group_service_user"):
            return self.browse()
        return user.service_agency_ids or self.search([("company_id", "in", user.company_ids.ids)])
