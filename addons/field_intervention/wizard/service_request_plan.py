from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.service_intervention import ENDED


class ServiceRequestPlan(models.TransientModel):
    """Gives each of several requests an intervention, to be placed on the board."""

    _name = "service.request.plan"
    _description = "Plan Interventions"
    _inherit = ["service.intervention.described"]

    request_ids = fields.Many2many(
        "service.request",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    left_out_ids = fields.Many2many(
        "service.request",
        compute="_compute_left_out_ids",
        help="Closed, without customer, or with an intervention that is not over yet.",
    )

    @api.depends("request_ids")
    def _compute_left_out_ids(self):
        for wizard in self:
            requests = wizard.request_ids
            under_way = requests.intervention_ids.filtered(lambda i: i.state not in ENDED)
            unfit = requests.filtered(lambda r: r.state != "open" or not r.partner_id)
            wizard.left_out_ids = unfit | under_way.request_id

    def action_plan(self):
        """Create an intervention for each request that needs one.

        :return: action that shows the interventions
        :raise UserError: when none of the requests needs one
        """
        self.ensure_one()
        requests = self.request_ids - self.left_out_ids
        if not requests:
            raise UserError(
                self.env._(
                    "None of these requests needs an intervention: they are closed, without "
                    "customer, or have one that is not over yet."
                )
            )
        interventions = self.env["service.intervention"].create(
            [
                {
                    "request_id": request.id,
                    "nature_id": self.nature_id.id,
                    "intervention_type": self.intervention_type,
                }
                for request in requests
            ]
        )
        return interventions._get_records_action(name=self.env._("To Be Planned"))
