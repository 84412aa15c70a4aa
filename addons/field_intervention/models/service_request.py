from odoo import fields, models


class ServiceRequest(models.Model):
    _inherit = "service.request"

    intervention_ids = fields.One2many("service.intervention", "request_id", string="Interventions")
    intervention_count = fields.Integer(
        string="Number of Interventions", compute="_compute_intervention_count"
    )

    def _compute_intervention_count(self):
        counts = dict(
            self.env["service.intervention"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.intervention_count = counts.get(request, 0)

    def action_plan_intervention(self):
        """Open a new intervention prefilled from this request, ready for a date and a technician.

        :return: window action on ``service.intervention``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Intervention"),
            "res_model": "service.intervention",
            "view_mode": "form",
            "context": {"default_request_id": self.id},
        }

    def action_view_interventions(self):
        """Open the planned and past interventions of this request."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_intervention.service_intervention_action"
        )
        return {
            **action,
            "domain": [("request_id", "=", self.id)],
            "context": {"default_request_id": self.id},
        }
