from odoo import api, fields, models
from odoo.tools.misc import format_datetime


class ServiceRequest(models.Model):
    """Why a request is with whom it is."""

    _inherit = "service.request"

    assignment_reason = fields.Char(
        compute="_compute_assignment_reason",
        help="Why the request is with this collaborator, queue or dispatching.",
    )

    @api.depends_context("lang", "tz")
    @api.depends(
        "assignment",
        "assigned_by_hand",
        "assign_date",
        "competence_id",
        "dispatch_agency_id",
        "equipment_line_ids.competence_id",
        "salesperson_ids",
    )
    def _compute_assignment_reason(self):
        for request in self:
            request.assignment_reason = request._explain_assignment()

    def _explain_assignment(self):
        """The sentence that says why."""
        competence = self._get_competence()
        if self.assignment == "sales":
            if self._get_salesperson():
                return self.env._("It is a matter for sales: a salesperson was given a task.")
            return self.env._(
                "It is a matter for sales, but the customer has no salesperson: create a sales "
                "action by hand."
            )
        if self.assigned_by_hand:
            return self.env._(
                "Assigned by hand on %(date)s.",
                date=format_datetime(self.env, self.assign_date, dt_format="short"),
            )
        if self._get_forced_assignment():
            return self.env._(
                "That is where %(user)s wants the requests that they take to go.",
                user=(self.create_uid or self.env.user).sudo().name,
            )
        if self.assignment == "user":
            return self.env._(
                "Competent for « %(competence)s », present, and had the fewest open requests.",
                competence=competence.display_name,
            )
        if self.assignment == "queue":
            return self.env._(
                "Nobody competent for « %(competence)s » was present: its queue has it.",
                competence=competence.display_name,
            )
        return " ".join(filter(None, (self._explain_dispatching(), self._explain_global())))

    def _explain_dispatching(self):
        competence = self._get_competence()
        if not competence:
            return self.env._("No competence is given: a dispatcher decides.")
        return self.env._(
            "Nobody competent for « %(competence)s » was present and no queue takes it: a "
            "dispatcher decides.",
            competence=competence.display_name,
        )

    def _explain_global(self):
        if self.dispatch_agency_id:
            return None
        return self.env._(
            "%(agency)s has no dispatcher: the dispatchers of all agencies see it.",
            agency=self.agency_id.display_name,
        )
