from odoo import models


class ServiceIntervention(models.Model):
    """What the steps of an intervention mean for its request."""

    _inherit = "service.intervention"

    def _set_state(self, state, **values):
        result = super()._set_state(state, **values)
        if state in ("planned", "on_the_way", "on_site"):
            # whoever plans or leaves begins the work, also on a request that they may not edit
            self.request_id.sudo()._start_progress()
        return result
