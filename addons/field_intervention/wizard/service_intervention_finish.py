from odoo import api, fields, models
from odoo.fields import Command


class ServiceInterventionFinish(models.TransientModel):
    """Ask how a visit ended: solved, done, or to be continued, and with which parts."""

    _name = "service.intervention.finish"
    _description = "Finish an Intervention"

    intervention_id = fields.Many2one("service.intervention", required=True, readonly=True)
    outcome = fields.Selection(
        [
            ("solved", "The problem is solved: the request is closed"),
            ("open", "The work is done: the request stays open"),
            ("to_resume", "Come back another day"),
        ],
        string="How Did It End?",
    )
    missing = fields.Text(compute="_compute_missing")
    not_ok = fields.Text(compute="_compute_not_ok", string="Not OK")
    unanswered_parts = fields.Char(related="intervention_id.unanswered_parts")
    clocked_summary = fields.Char(related="intervention_id.clocked_summary")
    remaining = fields.Text(string="What Remains to Do")
    part_ids = fields.One2many(
        "service.intervention.finish.part",
        "finish_id",
        string="Parts to Order",
        help="They wait on the follow-up, marked « to order ».",
    )

    @api.depends("intervention_id")
    def _compute_missing(self):
        for finish in self:
            finish.missing = "; ".join(finish.intervention_id._get_missing())

    @api.depends("intervention_id")
    def _compute_not_ok(self):
        for finish in self:
            finish.not_ok = "\n".join(finish.intervention_id._describe_not_ok())

    def action_confirm(self):
        """End the visit in the way that was chosen.

        :return: action that closes the dialogue, or the question about consumptions of the request
        :raise UserError: when something that the report needs is missing
        """
        self.ensure_one()
        intervention = self.intervention_id
        if self.outcome == "to_resume":
            intervention._ensure_requests()
            intervention.consumption_ids = [
                Command.create(part._prepare_consumption()) for part in self.part_ids
            ]
            intervention.action_to_resume(reason=self.remaining)
            return {"type": "ir.actions.act_window_close"}
        intervention.satisfied = self.outcome == "solved"
        answer = intervention.action_done()
        return answer if answer is not True else {"type": "ir.actions.act_window_close"}
