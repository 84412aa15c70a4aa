from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_service_request_agency_domain(self):
        """A technician sent by another agency sees the request behind the intervention."""
        seen = super()._get_service_request_agency_domain()
        return seen | self._get_service_request_visit_domain()

    def _get_service_request_own_domain(self):
        """Those of the technician's interventions, too."""
        seen = super()._get_service_request_own_domain()
        return seen | self._get_service_request_visit_domain()

    def _get_service_request_visit_domain(self):
        """Requests for which this user is sent somewhere."""
        sent = Domain("intervention_ids.technician_user_id", "=", self.id)
        team = Domain("intervention_ids.helper_ids.user_id", "in", self.ids)
        return sent | team
