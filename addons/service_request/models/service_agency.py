from odoo import models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    def _filter_with_dispatcher(self):
        """The agencies whose requests somebody dispatches: without staff everybody works for all.

        Staff without any dispatcher leaves the dispatching to the global one.
        """
        dispatchers = self.sudo().user_ids.filtered(
            lambda user: user.has_group("installed_base.group_service_dispatcher")
        )
        return self.filtered(lambda a: not a.sudo().user_ids or a.sudo().user_ids & dispatchers)
