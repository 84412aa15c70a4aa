from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


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

        A queue or an agency of another company forces nothing.
        """
        agency, queue = self.service_default_agency_id, self.service_default_queue_id
        assignee = {"user": self.service_default_assignee_id, "self": self}.get(
            self.service_default_assignment, self.browse()
        )
        nobody = {"user_id": self.browse(), "queue_id": queue.browse()}
        if assignee and not assignee.share:
            found = {"assignment": "user", "user_id": assignee.sudo(False)}
        elif self.service_default_assignment == "queue" and queue.company_id == request.company_id:
            found = {"assignment": "queue", "queue_id": queue.sudo(False)}
        elif self.service_default_assignment == "dispatch":
            chosen = agency if agency.company_id == request.company_id else request.agency_id
            return {"assignment": "dispatch", **nobody, "dispatch_agency_id": chosen.sudo(False)}
        else:
            return {}
        return {**nobody, "dispatch_agency_id": request.agency_id, **found}

    def _filter_present(self):
        """Who of these users is active and not on leave in what remains of today."""
        if not self:
            return self
        zone = pytz.timezone(self.env.user.tz or "UTC")
        tomorrow = datetime.combine(datetime.now(zone).date() + timedelta(days=1), time())
        evening = zone.localize(tomorrow).astimezone(pytz.utc).replace(tzinfo=None)
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            ._read_group(
                [
                    ("resource_id.user_id", "in", self.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<", evening),
                    ("date_to", ">", fields.Datetime.now()),
                ],
                ["resource_id"],
            )
        )
        absent = self.browse().union(*(resource.user_id for (resource,) in leaves))
        return (self - absent).filtered("active")

    def _works_for_agency(self, agency, company):
        """Whether this user takes requests of an agency: staff of none takes those of all."""
        own = self.service_agency_ids
        return company in self.company_ids and (not own or agency in own)


SERVICE_PREFERENCES = [
    "service_default_assignment",
    "service_default_agency_id",
    "service_default_queue_id",
    "service_default_assignee_id",
    "service_default_principal_id",
]
