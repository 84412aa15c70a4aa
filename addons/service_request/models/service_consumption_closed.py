from odoo import api, models


class ServiceConsumption(models.Model):
    """What changes on a closed request changes the points that it was debited."""

    _inherit = "service.consumption"

    @api.model_create_multi
    def create(self, vals_list):
        consumptions = super().create(vals_list)
        consumptions._settle_closed_requests()
        return consumptions

    def write(self, vals):
        result = super().write(vals)
        self._settle_closed_requests()
        return result

    def _settle_closed_requests(self):
        self.request_id.filtered(lambda r: r.state == "closed")._settle_points()
