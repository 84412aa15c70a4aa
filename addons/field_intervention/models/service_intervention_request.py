from odoo import models


class ServiceIntervention(models.Model):
    """What an intervention means for its request, and where it stands in it."""

    _inherit = "service.intervention"

    def _get_request_line(self, equipment):
        """The line of the request that names a machine; none when there is none."""
        self.ensure_one()
        lines = self.request_id.equipment_line_ids
        return lines.filtered(lambda line: equipment and line.equipment_id == equipment)[:1]

    def _set_state(self, state, **values):
        result = super()._set_state(state, **values)
        if state in ("planned", "on_the_way", "on_site"):
            # whoever plans or leaves begins the work, also on a request that they may not edit
            self.request_id.sudo()._start_progress()
        return result
