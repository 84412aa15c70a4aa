from odoo import api, fields, models


class ServiceRequestAssign(models.TransientModel):
    """Gives requests to a collaborator or a queue, showing who is how busy."""

    _name = "service.request.assign"
    _description = "Assign Requests"

    request_ids = fields.Many2many(
        "service.request",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    line_ids = fields.One2many(
        "service.request.assign.line",
        "wizard_id",
        string="Collaborators",
        compute="_compute_line_ids",
        store=True,
    )
    queue_id = fields.Many2one("service.queue", string="Or into a Queue")

    @api.depends("request_ids")
    def _compute_line_ids(self):
        for wizard in self:
            requests = wizard.request_ids
            competences = self.env["service.competence"].union(
                *(request._get_competence()._lineage() for request in requests)
            )
            staff = requests.agency_id.user_ids
            load = requests.browse()._get_workload(competences.user_ids | staff)
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "user_id": user.id,
                            "is_competent": user in competences.user_ids,
                            "open_count": load[user][0],
                        }
                    )
                    for user in sorted(load, key=lambda u: (u not in competences.user_ids, load[u]))
                ),
            ]

    def action_queue(self):
        """Send the requests to the chosen queue."""
        self.request_ids.action_send_to_queue(self.queue_id.id)
        return {"type": "ir.actions.act_window_close"}


class ServiceRequestAssignLine(models.TransientModel):
    """A collaborator with the open requests they have."""

    _name = "service.request.assign.line"
    _description = "Assign Requests: Collaborator"

    wizard_id = fields.Many2one(
        "service.request.assign", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True)
    is_competent = fields.Boolean(string="Competent")
    open_count = fields.Integer(string="Open Requests")

    def action_assign(self):
        """Give the requests of the wizard to this collaborator."""
        self.ensure_one()
        self.wizard_id.request_ids.action_assign_to(self.user_id.id)
        return {"type": "ir.actions.act_window_close"}
