from contextlib import contextmanager

from markupsafe import Markup

from odoo import api, models

# what may give a request to somebody else
DECIDING = {
    "agency_id",
    "assignment",
    "company_id",
    "competence_id",
    "equipment_filter_id",
    "equipment_id",
    "equipment_line_ids",
    "equipment_mode",
    "partner_id",
    "site_id",
    "type_id",
    "user_id",
}


class ServiceRequest(models.Model):
    """Telling people about their requests: one message each, however many requests there are."""

    _inherit = "service.request"

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._tell_assignees()
        return requests

    def write(self, vals):
        if DECIDING.isdisjoint(vals):
            return super().write(vals)
        with self._telling_assignees():
            return super().write(vals)

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        # Odoo would write one message for each request, and none where the system chooses
        found = super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)
        return [(partner_id, subtype_ids, False) for partner_id, subtype_ids, _template in found]

    @contextmanager
    def _telling_assignees(self):
        """Tell those whom one of these requests is given to in here."""
        before = {request: request.user_id for request in self}
        yield
        self.filtered(lambda r: r.user_id != before[r])._tell_assignees()

    def _tell_assignees(self):
        """Tell each assignee but the current user what was given to them; they follow it."""
        # a change of the request and of its machines is one change
        told = self.env.cr.precommit.data.setdefault("service.request.told", {})
        untold = self.filtered(lambda r: r.user_id and told.get(r.id) != r.user_id.id)
        told.update({request.id: request.user_id.id for request in untold})
        for user, requests in untold.grouped("user_id").items():
            if user == self.env.user:
                continue
            # whoever gives a request away may not read it any more
            requests_sudo = requests.sudo()
            requests_sudo.message_subscribe(partner_ids=user.partner_id.ids)
            if self.env.registry.ready:  # no mail while demo data is loaded
                env = self.with_context(lang=user.lang).env
                subject = (
                    env._("You have been assigned to %(request)s", request=requests.display_name)
                    if len(requests) == 1
                    else env._("Requests assigned to you: %(count)s", count=len(requests))
                )
                requests_sudo._notify_user(user, subject)

    def _notify_user(self, user, subject):
        """One message to a user with a link to each of these requests."""
        links = Markup("").join(
            Markup("<li>%s %s</li>") % (request._get_html_link(title=request.name), request.title)
            for request in self
        )
        thread = self if len(self) == 1 else self.env["mail.thread"]
        thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<p>%s</p><ul>%s</ul>") % (subject, links),
        )
