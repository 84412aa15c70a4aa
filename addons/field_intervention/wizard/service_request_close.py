from odoo import api, fields, models

from ..models.service_plan_visit import NOT_BEGUN


class ServiceRequestClose(models.TransientModel):
    """Tells which visits are called off when their request is closed."""

    _inherit = "service.request.close"

    intervention_ids = fields.Many2many(
        "service.intervention", string="Called Off", compute="_compute_intervention_ids"
    )

    @api.depends("request_ids")
    def _compute_intervention_ids(self):
        for wizard in self:
            wizard.intervention_ids = wizard.request_ids.intervention_ids.filtered(
                lambda i: i.state in NOT_BEGUN
            )

    def _get_answer(self):
        return "cancel" if self.intervention_ids and not self.consumption_ids else False
