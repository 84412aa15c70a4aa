from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.service_request_assignment import get_rank

SERVICE_GROUPS = ("installed_base.group_service_user", "installed_base.group_service_technician")


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
    opened_on = fields.Datetime(
        default=fields.Datetime.now,
        readonly=True,
        help="When the figures were read: what was assigned since then is not assigned again.",
    )
    scope = fields.Selection(
        [
            ("competent", "Competent"),
            ("agency", "Their Agency"),
            ("other", "Another Agency"),
            ("all", "All Agencies"),
        ],
        string="Collaborators",
        required=True,
        default="agency",
        help="Competent collaborators are shown first and always.",
    )
    agency_id = fields.Many2one("service.agency", string="Other Agency")
    line_ids = fields.One2many(
        "service.request.assign.line",
        "wizard_id",
        string="Workload",
        domain=[("user_id", "!=", False)],
        compute="_compute_line_ids",
        store=True,
    )
    all_queues = fields.Boolean(help="Show the queues of other competences too.")
    is_no_queue_concerned = fields.Boolean(
        compute="_compute_queue_line_ids",
        store=True,
        help="No queue takes what the requests are about: all of them are shown.",
    )
    is_competence_known = fields.Boolean(
        compute="_compute_queue_line_ids",
        store=True,
        help="At least one of the requests says which competence it needs.",
    )
    queue_line_ids = fields.One2many(
        "service.request.assign.line",
        "wizard_id",
        string="Queues",
        domain=[("queue_id", "!=", False)],
        compute="_compute_queue_line_ids",
        store=True,
    )

    def _get_competences(self):
        return self.env["service.competence"].union(
            *(request._get_competence()._lineage() for request in self.request_ids)
        )

    @api.depends("request_ids", "scope", "agency_id")
    def _compute_line_ids(self):
        for wizard in self:
            competent = wizard._get_competences().user_ids
            load = (competent | wizard._get_people_in_scope())._read_workload()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "user_id": user_id,
                            "is_competent": user_id in competent.ids,
                            "is_absent": facts.is_absent,
                            "open_count": facts.open_count,
                        }
                    )
                    for user_id, facts in sorted(
                        load.items(),
                        key=lambda item: (item[0] not in competent.ids, get_rank(*item)),
                    )
                ),
            ]

    def _get_people_in_scope(self):
        users = self.env["res.users"]
        if self.scope == "all":
            groups = self.env["res.groups"].union(*map(self.env.ref, SERVICE_GROUPS))
            return users.search(
                [
                    ("all_group_ids", "in", groups.ids),
                    ("company_ids", "in", self.request_ids.company_id.ids),
                    ("share", "=", False),
                ]
            )
        if self.scope == "other":
            return self.agency_id.user_ids
        return self.request_ids.agency_id.user_ids if self.scope == "agency" else users

    @api.depends("request_ids", "all_queues")
    def _compute_queue_line_ids(self):
        for wizard in self:
            queues = self.env["service.queue"].search(
                [("company_id", "in", wizard.request_ids.company_id.ids)]
            )
            competences = wizard._get_competences()
            concerned = queues.filtered(lambda q, needed=competences: q.competence_ids & needed)
            wizard.is_no_queue_concerned = not concerned
            wizard.is_competence_known = bool(competences)
            if not wizard.all_queues:
                queues = concerned or queues
            wizard.queue_line_ids = [
                Command.clear(),
                *(
                    Command.create({"queue_id": queue.id, "open_count": queue.open_count})
                    for queue in queues
                ),
            ]

    def action_dispatch(self):
        """Give the requests to the dispatching of their agency, or of the other one shown."""
        self._check_unchanged()
        self.request_ids.action_dispatch()
        if self.scope == "other" and self.agency_id:
            self.request_ids.dispatch_agency_id = self.agency_id
        return {"type": "ir.actions.act_window_close"}

    def action_sales(self):
        """Hand the requests to the salespersons of their customers."""
        self._check_unchanged()
        notice = self.request_ids.action_send_to_sales()
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice

    def _check_unchanged(self):
        """What somebody assigned while this dialogue was open is not assigned again."""
        changed = self.request_ids.filtered(
            lambda r: r.assign_date and r.assign_date > self.opened_on
        )
        if changed:
            raise UserError(
                self.env._(
                    "Meanwhile somebody else assigned %(requests)s: look again before you assign.",
                    requests=", ".join(
                        f"{r.name} ({(r.user_id or r.queue_id).sudo().display_name or '–'})"
                        for r in changed
                    ),
                )
            )


class ServiceRequestAssignLine(models.TransientModel):
    """A collaborator or a queue with its open requests."""

    _name = "service.request.assign.line"
    _description = "Assign Requests: Collaborator or Queue"

    wizard_id = fields.Many2one(
        "service.request.assign", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Collaborator")
    queue_id = fields.Many2one("service.queue")
    is_competent = fields.Boolean(string="Competent")
    is_absent = fields.Boolean(string="On Leave")
    open_count = fields.Integer(string="Open Requests")

    def action_assign(self):
        """Give the requests of the dialogue to this collaborator or queue.

        :raise UserError: when somebody else assigned one since the dialogue was opened
        """
        self.ensure_one()
        self.wizard_id._check_unchanged()
        requests = self.wizard_id.request_ids
        if self.user_id:
            requests.action_assign_to(self.user_id.id)
        else:
            requests.action_send_to_queue(self.queue_id.id)
        return {"type": "ir.actions.act_window_close"}
