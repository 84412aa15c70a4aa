from collections import namedtuple
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.installed_base.models.planned_query import PlannedQuery

Workload = namedtuple("Workload", "open_count last_assignment is_absent company_ids agency_ids")
AT = SQL("requests_apart int[], moment timestamp, evening timestamp")
WORKLOAD = PlannedQuery(
    "service_workload",
    SQL("people int[], %s", AT),
    SQL(
        "user_id int, open_count bigint, last_assignment timestamp, is_absent boolean, "
        "company_ids int[], agency_ids int[]"
    ),
    SQL(
        """
            SELECT person.id,
                   load.number,
                   load.last,
                   EXISTS (SELECT FROM resource_resource resource
                             JOIN resource_calendar_leaves leave
                               ON leave.resource_id = resource.id
                            WHERE resource.user_id = person.id
                              AND leave.time_type = 'leave'
                              AND leave.date_from < evening
                              AND leave.date_to > moment),
                   ARRAY(SELECT cid FROM res_company_users_rel WHERE user_id = person.id),
                   ARRAY(SELECT agency_id FROM service_agency_res_users_rel
                          WHERE user_id = person.id)
              FROM res_users person
        CROSS JOIN LATERAL (
                        SELECT COUNT(*) AS number, MAX(assign_date) AS last
                          FROM service_request
                         WHERE user_id = person.id
                           AND state = 'open'
                           AND id != ALL(requests_apart)
                   ) load
             WHERE person.id = ANY(people) AND person.active
          ORDER BY person.id
        """
    ),
)


class ResUsers(models.Model):
    """Whether a user can take a request, and what they want for the calls they take."""

    _inherit = "res.users"

    # X3: SREASSDEF, SREASSDET
    service_default_assignment = fields.Selection(
        [
            ("dispatch", "Dispatching"),
            ("queue", "A Queue"),
            ("user", "A Collaborator"),
            ("self", "Myself"),
        ],
        string="Default Assignment",
        help="Who gets the requests that I create, whatever competence they need. Leave empty to "
        "let the competence decide.",
    )
    service_default_agency_id = fields.Many2one(
        "service.agency",
        string="Default Dispatching Agency",
        help="Whose dispatching gets my requests; empty: that of the request's agency.",
    )
    service_default_queue_id = fields.Many2one("service.queue", string="Default Queue")
    service_default_assignee_id = fields.Many2one(
        "res.users", string="Default Collaborator", domain="[('share', '=', False)]"
    )

    service_default_principal_id = fields.Many2one(
        "res.partner",
        string="Default Principal",
        domain="[('is_service_principal', '=', True)]",
        help="Principal of the requests that I create, until further notice.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + SERVICE_PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + SERVICE_PREFERENCES

    def _get_service_default_assignment(self, request):
        """The assignment that this user forces on a request, or an empty dict.

        A collaborator, a queue or an agency of another company, or an archived one, forces nothing.
        """
        agency, queue = self.service_default_agency_id, self.service_default_queue_id
        assignee = {"user": self.service_default_assignee_id, "self": self}.get(
            self.service_default_assignment, self.browse()
        )
        nobody = {"user_id": self.browse(), "queue_id": queue.browse()}
        if assignee._filter_workers(request.company_id):
            found = {"assignment": "user", "user_id": assignee.sudo(False)}
        elif self.service_default_assignment == "queue" and queue._filter_best(request):
            found = {"assignment": "queue", "queue_id": queue.sudo(False)}
        elif self.service_default_assignment == "dispatch":
            fits = agency.active and agency.company_id == request.company_id
            chosen = agency if fits else request.agency_id
            return {"assignment": "dispatch", **nobody, "dispatch_agency_id": chosen.sudo(False)}
        else:
            return {}
        return {**nobody, "dispatch_agency_id": request.agency_id, **found}

    def _filter_workers(self, company):
        """Those of these users who can be given a request of this company."""
        return self.filtered(lambda u: u.active and not u.share and company in u.company_ids)

    def _read_workload(self):
        """How busy these users are, and where they work, in one query.

        :return: ``{user id: Workload}`` of those who are active: open requests, last assignment
            (datetime or None), whether they are on leave in what remains of today, and ids of
            their companies and agencies
        """
        if not self:
            return {}
        rows = WORKLOAD.get_rows(self.env, self.ids, *self._prepare_workload())
        return {row.pop("user_id"): Workload(**row) for row in rows}

    @api.model
    def _prepare_workload(self, apart=None):
        """Flush what ``WORKLOAD`` reads; return the values of its arguments ``AT``.

        :param apart: service.request that do not count, or None
        """
        self.env["res.users"].flush_model(["active", "company_ids", "service_agency_ids"])
        self.env["service.request"].flush_model(["user_id", "state", "assign_date"])
        self.env["resource.resource"].flush_model(["user_id"])
        self.env["resource.calendar.leaves"].flush_model()
        return (
            list(apart._origin.ids) if apart else [],
            fields.Datetime.now(),
            self._get_evening(),
        )

    def _get_evening(self):
        """When today ends for the current user, as naive UTC."""
        zone = self.env.tz
        tomorrow = datetime.combine(datetime.now(zone).date() + timedelta(days=1), time())
        return zone.localize(tomorrow).astimezone(pytz.utc).replace(tzinfo=None)


SERVICE_PREFERENCES = [
    "service_default_assignment",
    "service_default_agency_id",
    "service_default_queue_id",
    "service_default_assignee_id",
    "service_default_principal_id",
]
