from datetime import datetime

from odoo import api, fields, models

from .res_users_assignment import WORKLOAD
from .service_competence import ABLE_USERS


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
        help="Whose dispatchers give the request to somebody; empty for the global dispatching, "
        "also when the agency has no dispatcher.",
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

    def init(self):
        WORKLOAD.install(self)
        ABLE_USERS.install(self)
        return super().init()

    @api.depends("competence_id", "equipment_line_ids.competence_id", "agency_id")
    def _compute_assignment(self):
        waiting = self.filtered(lambda r: not r.assigned_by_hand and r.state in (False, "open"))
        found = waiting._find_assignments({request: request.user_id for request in waiting})
        for request in self:
            request.update(found.get(request) or request._get_assignment())

    def _get_assignment(self):
        """The assignment as it is: values of its four fields."""
        return {
            "assignment": self.assignment,
            "user_id": self.user_id,
            "queue_id": self.queue_id,
            "dispatch_agency_id": self.dispatch_agency_id,
        }

    def _find_assignments(self, incumbents=None):
        """Choose who takes each request.

        What the user who takes the call wants always comes first, then the least loaded competent
        collaborator, then a queue of the competence, then the dispatching of the agency, and the
        global one where the agency has no dispatcher.

        :param incumbents: ``{request: res.users}`` who keep it as long as they are among those who
            may be chosen
        :return: ``{request: values}`` of the four fields of the assignment
        """
        forced = {request: request._get_forced_assignment() for request in self}
        competent = self.filtered(lambda r: not forced[r])._find_assignees(incumbents or {})
        result = {}
        for request in self:
            user, queue = competent.get(request, (False, False))
            result[request] = forced[request] or {
                "assignment": "user" if user else "queue" if queue else "dispatch",
                "user_id": user,
                "queue_id": queue,
                "dispatch_agency_id": request.agency_id,
            }
        dispatched = self.filtered(
            lambda r: not forced[r] and result[r]["assignment"] == "dispatch" and r.agency_id
        )
        served = dispatched.agency_id._filter_with_dispatcher()
        for request in dispatched:
            result[request]["dispatch_agency_id"] &= served
        return result

    def _get_forced_assignment(self):
        """What the user who takes the call wants for all requests, whatever they are about."""
        user = (self.create_uid or self.env.user).sudo()
        return user._get_service_default_assignment(self)

    def _find_assignees(self, incumbents):
        """Choose a collaborator or else a queue for each request.

        Competent are the collaborators of the competence or, without any, those of the family that
        it belongs to. Staff of agencies works for those agencies only, and who is on leave today
        gets nothing. Least loaded means fewest open requests, then the one not assigned for the
        longest time. Requests of one call are counted as they are given.

        :return: ``{request: (res.users, service.queue)}``; two empty sets mean dispatching
        """
        users = self.env["res.users"]
        needed = {request: request._get_competence() for request in self}
        # what is assigned again is not yet a load
        able, load = (
            self.env["service.competence"].union(*needed.values())._read_able_users(apart=self)
        )
        result = {}
        for request, competence in needed.items():
            incumbent = incumbents.get(request, users)
            user_id = request._choose_user(able.get(competence.id, ()), load, incumbent.id)
            if user_id:
                load[user_id] = load[user_id]._replace(
                    open_count=load[user_id].open_count + 1, last_assignment=fields.Datetime.now()
                )
            queue = competence.browse() if user_id else competence
            result[request] = (users.browse(user_id), queue._find_queue(request))
        return result

    def _choose_user(self, families, load, incumbent_id):
        """Id of the least loaded of the nearest ones who work here today; None for nobody.

        :param families: lists of user ids, the nearest ones first
        :param load: ``{user id: Workload}``
        :param incumbent_id: id of the user who goes before the others of the same family
        """
        for family in families:
            present = [
                user_id
                for user_id in family
                if user_id in load
                and not load[user_id].is_absent
                and self.company_id.id in load[user_id].company_ids
                and (not load[user_id].agency_ids or self.agency_id.id in load[user_id].agency_ids)
            ]
            if present:
                return min(
                    present,
                    key=lambda user_id: (user_id != incumbent_id, get_rank(user_id, load[user_id])),
                )
        return None

    @api.depends("user_id", "queue_id", "assignment")
    def _compute_assign_date(self):
        self.assign_date = fields.Datetime.now()

    @api.onchange("user_id", "queue_id")
    def _onchange_assignee(self):
        """Only somebody else than who is proposed is chosen by hand."""
        found = self._find_assignments()[self]
        chosen = (self.user_id._origin, self.queue_id._origin)
        self.assigned_by_hand = chosen != (found["user_id"], found["queue_id"])

    @api.model_create_multi
    def create(self, vals_list):
        """What a form only proposed is chosen anew: somebody else may have got a request since."""
        return super().create(
            [
                {name: vals[name] for name in vals if name not in ("user_id", "queue_id")}
                if vals.get("assigned_by_hand") is False
                else vals
                for vals in vals_list
            ]
        )

    def _inverse_assignee(self):
        # the web client sends back what it was shown: only another choice was made by hand
        automatic = self._find_assignments()
        for request in self:
            chosen = (request.user_id, request.queue_id)
            found = (automatic[request]["user_id"], automatic[request]["queue_id"])
            request.assigned_by_hand = any(chosen) and chosen != found
            if request.user_id and request.assignment != "user":
                request.assignment = "user"
            elif request.queue_id and not request.user_id:
                request.assignment = "queue"
            elif request.assignment != "sales" and not request.user_id:
                request.assignment = "dispatch"


def get_rank(user_id, load):
    """Smaller for the less loaded: fewest open requests, then not assigned for the longest time."""
    return (load.open_count, load.last_assignment or datetime.min, user_id)
