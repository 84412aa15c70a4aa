from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_service_request_agency_domain(self):
        """Requests that staff of an agency sees: those of its agencies, and those given to it.

        Used by a record rule. A user who is staff of no agency sees all (X3: « filtrage par
        site »).
        """
        self.ensure_one()
        agencies = self.service_agency_ids
        if not agencies:
            return Domain.TRUE
        return Domain("agency_id", "in", agencies.ids) | Domain("user_id", "=", self.id)

    def _get_service_request_part_domain(self):
        """Machines, consumptions, time … of the requests that staff of an agency sees.

        Used by record rules, as the above.
        """
        seen = self._get_service_request_agency_domain()
        return Domain.TRUE if seen.is_true() else Domain("request_id", "any", seen)

    def _get_service_request_own_domain(self):
        """Requests that a technician sees: their own and those of their queues.

        Used by record rules, as the above.
        """
        self.ensure_one()
        return (
            Domain("user_id", "=", self.id)
            | Domain("create_uid", "=", self.id)
            | Domain("queue_id.user_ids", "in", self.ids)
        )
