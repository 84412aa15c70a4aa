from odoo import api, fields, models


class ServiceInterventionProposeLine(models.TransientModel):
    """One job of a proposal: who would do it, and when."""

    _name = "service.intervention.propose.line"
    _description = "Job of a Proposed Plan"
    _order = "technician_id, start, id"

    proposal_id = fields.Many2one(
        "service.intervention.propose", required=True, index=True, ondelete="cascade"
    )
    intervention_id = fields.Many2one("service.intervention", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="intervention_id.partner_id")
    city = fields.Char(related="intervention_id.address_id.city")
    deadline = fields.Datetime(related="intervention_id.deadline")
    technician_id = fields.Many2one("hr.employee", required=True)
    start = fields.Datetime(required=True)
    end = fields.Datetime(required=True)
    travel_minutes = fields.Integer(string="Travel (min)")
    is_chosen = fields.Boolean(
        string="Plan", default=True, help="Untick what is not to be planned: it goes on waiting."
    )
    # the numbers of its stretch of free time and of its place among the roads of the proposal
    shift = fields.Integer(export_string_translation=False)
    node = fields.Integer(export_string_translation=False)
    version = fields.Integer(help="Of the intervention when the proposal was made.")
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")

    @api.depends("end", "deadline")
    def _compute_is_late(self):
        for line in self:
            line.is_late = bool(line.deadline and line.end > line.deadline)
