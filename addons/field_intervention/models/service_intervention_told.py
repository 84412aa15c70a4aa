from markupsafe import Markup

from odoo import models
from odoo.tools import format_datetime

WATCHED = {"technician_id", "helper_ids", "planned_start", "state"}
# steps of the office; those of the technicians tell them nothing
TOLD_STATES = ("draft", "planned", "dispatched", "cancelled")


class ServiceIntervention(models.Model):
    """Who goes is told when a job is handed to them, and when one that they have is changed."""

    _inherit = "service.intervention"

    def action_dispatch(self):
        """Hand the interventions to their technicians, and tell them."""
        result = super().action_dispatch()
        self._tell({job: job._get_crew_users() for job in self})
        return result

    def write(self, vals):
        if WATCHED.isdisjoint(vals):
            return super().write(vals)
        known = {job: job._read_told() for job in self if job.state == "dispatched"}
        result = super().write(vals)
        changed = {job: told for job, told in known.items() if job._read_told() != told}
        self._tell(
            {
                job: users | job._get_crew_users()
                for job, (users, _start, _state) in changed.items()
                if job.state in TOLD_STATES
            }
        )
        return result

    def _get_crew_users(self):
        return self.sudo()._get_crew().user_id

    def _read_told(self):
        self.ensure_one()
        return self._get_crew_users(), self.planned_start, self.state

    def _tell(self, users_of):
        """Send each user but the current one a single message about their jobs.

        :param users_of: ``{service.intervention: res.users}``
        """
        everybody = self.env["res.users"].union(*users_of.values()) - self.env.user
        for user in everybody.sudo():  # as many as there are technicians
            jobs = self.browse([job.id for job, users in users_of.items() if user in users])
            jobs = jobs.sudo().with_context(lang=user.lang, tz=user.tz)
            jobs[0].message_notify(
                partner_ids=user.partner_id.ids,
                subject=jobs.env._("Your Jobs"),
                body=Markup("<ul>%s</ul>")
                % Markup().join(Markup("<li>%s</li>") % job._describe_for(user) for job in jobs),
            )

    def _describe_for(self, user):
        """What a user has to know of a job: when and where, or that it is not theirs any more."""
        self.ensure_one()
        if self.state != "dispatched" or user not in self._get_crew_users():
            return self.env._("%(job)s: not to be done by you any more", job=self.display_name)
        parts = (
            format_datetime(self.env, self.planned_start, dt_format="short"),
            self.display_name,
            self.address_id.contact_address_inline,
        )
        return ", ".join(filter(None, parts))
