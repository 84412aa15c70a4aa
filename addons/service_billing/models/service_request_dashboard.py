from odoo import api, models
from odoo.fields import Domain


class ServiceRequest(models.Model):
    """What waits for its invoice, on the manager's dashboard."""

    _inherit = "service.request"

    @api.model
    def _get_month_figures(self):
        waiting = Domain("invoice_state", "=", "to_invoice")
        return [
            *super()._get_month_figures(),
            *self._prepare_amount_figures(self.env._("To Invoice"), waiting, "amount_open"),
        ]
