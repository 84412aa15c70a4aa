from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceRequest(models.Model):
    """Who takes a request: a competent collaborator, a queue, or the dispatching."""

    _inherit = "service.request"

    assignment = fields.Selection(
        [
            ("dispatch", "Dispatching"),
            ("user", "Collaborator"),
            ("queue", "Queue"),
            ("sales", "Sales"),
        ],
        compute="_compute_assignment",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned to",
        compute="_compute_assignment",
        inverse="_inverse_assignee",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    queue_id = fields.Many2one(
        "service.queue",
        compute="_compute_assignment",
        inverse="_inverse_assignee",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    dispatch_agency_id = fields.Many2one(
        "service.agency",
        string="Dispatching Agency",
        compute="_compute_assignment",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Whose dispatchers give the request to somebody; empty for the global dispatching.",
    )
    assign_date = fields.Datetime(
        string="Assigned on",
        compute="_compute_assign_date",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    assigned_by_hand = fields.Boolean(string="Assigned by Hand", readonly=True, copy=False)
    handled_by_id = fields.Many2one(
        "res.users",
        string="Handled by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
    )

    @api.depends("competence_id", "equipment_line_ids.competence_id", "agency_id")
    def _compute_assignment(self):
        waiting = self.filtered(lambda r: not r.assigned_by_hand and r.state in (False, "open"))
        assignees = waiting._find_assignees()
        for request in self:
            if request not in waiting:
                request.update({f: request[f] for f in ("assignment", "user_id", "queue_id")})
                request.dispatch_agency_id = request.dispatch_agency_id
                continue
            user, queue = assignees[request]
            request.user_id = user
            request.queue_id = queue
            request.assignment = "user" if user else "queue" if queue else "dispatch"
            request.dispatch_agency_id = request.agency_id

    def _find_assignees(self):
        """Choose who takes each request: the least loaded competent collaborator, else a queue.

        Competent are the collaborators of the competence or, without any, those of the family that
        it belongs to. Least loaded means fewest open requests, then the one not assigned for the
        longest time. Requests of one call are counted as they are given.

        :return: ``{request: (res.users, service.queue)}``; two empty sets mean dispatching
        """
        users, queues = self.env["res.users"], self.env["service.queue"]
        lineages = {request: request._get_competence()._lineage() for request in self}
        competences = self.env["service.competence"].union(*lineages.values()).sudo()
        load = self._get_workload(competences.user_ids)
        result = {}
        for request, lineage in lineages.items():
            company = request.company_id
            user, queue = users, queues
            for competence in lineage.sudo():
                able = competence.user_ids.filtered(
                    lambda u, company=company: u.active and company in u.company_ids
                )
                lines = competence.queue_ids.filtered(
                    lambda q, company=company: q.active and q.company_id == company
                )
                queue = (
                    queue
                    or lines.sorted(
                        lambda q, r=request: (q.agency_id != r.agency_id, q.sequence, q.id)
                    )[:1]
                )
                if able:
                    user = min(able, key=lambda u: load[u])
                    break
            if user:
                count, _last, user_id = load[user]
                load[user] = (count + 1, fields.Datetime.now(), user_id)
                queue = queues
            result[request] = (user.sudo(False), queue.sudo(False))
        return result

    def _get_workload(self, users):
        """Return ``{user: (open requests, last assignment, id)}``, smaller for the less loaded.

        The requests of ``self`` count nothing.
        """
        never = fields.Datetime.to_datetime("1970-01-01")
        own = [("id", "not in", self._origin.ids)]  # what is assigned again is not yet a load
        rows = self.sudo()._read_group(
            [("user_id", "in", users.ids), ("state", "=", "open"), *own],
            ["user_id"],
            ["__count", "assign_date:max"],
        )
        load = {user: (0, never, user.id) for user in users}
        load.update({user: (count, last or never, user.id) for user, count, last in rows})
        return load

    @api.depends("user_id", "queue_id", "assignment")
    def _compute_assign_date(self):
        self.assign_date = fields.Datetime.now()

    def _inverse_assignee(self):
        # the web client sends back what it was shown: only another choice was made by hand
        automatic = self._find_assignees()
        for request in self:
            chosen = (request.user_id, request.queue_id)
            request.assigned_by_hand = any(chosen) and chosen != automatic[request]
            if request.user_id and request.assignment != "user":
                request.assignment = "user"
            elif request.queue_id and not request.user_id:
                request.assignment = "queue"
            elif request.assignment != "sales" and not request.user_id:
                request.assignment = "dispatch"

    def action_take(self):
        """Take these requests out of their queue, to work on them oneself."""
        return self.action_assign_to(self.env.uid)

    def action_assign_to(self, user_id):
        """Give the requests to a collaborator.

        :param user_id: id of the res.users
        :raise UserError: when somebody else gave a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "user", "user_id": user_id, "queue_id": False})
        self.assigned_by_hand = True
        return True

    def action_send_to_queue(self, queue_id):
        """Put the requests into a queue.

        :param queue_id: id of the service.queue
        :raise UserError: when somebody else gave a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "queue", "user_id": False, "queue_id": queue_id})
        self.assigned_by_hand = True
        return True

    def action_dispatch(self):
        """Give the requests back to the dispatching of their agency."""
        self._lock_for_assignment()
        self.write({"assignment": "dispatch", "user_id": False, "queue_id": False})
        return True

    def _lock_for_assignment(self):
        closed = self.filtered(lambda r: r.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "Closed or cancelled: %(requests)s. Reopen first, then assign.",
                    requests=", ".join(closed.mapped("name")),
                )
            )
        locked = self.try_lock_for_update()
        if locked != self:
            raise UserError(
                self.env._(
                    "Somebody else is assigning %(requests)s right now: reload the page and look "
                    "again.",
                    requests=", ".join((self - locked).mapped("name")),
                )
            )
