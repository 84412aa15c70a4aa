from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_service_request_agency_domain(self):
        """A technician sent by another agency sees the request behind the intervention."""
        sent = Domain("intervention_ids.technician_user_id", "=", self.id)
        team = Domain("intervention_ids.helper_ids.user_id", "in", self.ids)
        return super()._get_service_request_agency_domain() | sent | team
