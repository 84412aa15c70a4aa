from odoo import api, fields, models

from .service_intervention import ENDED

# the technician hears of it from us, not from the calendar too
QUIET = {"no_mail_to_attendees": True, "dont_notify": True, "mail_create_nolog": True}
WATCHED = {
    "technician_id",
    "helper_ids",
    "planned_start",
    "planned_end",
    "planned_hours",
    "state",
    "address_id",
    "partner_id",
}


class ServiceIntervention(models.Model):
    """Keeps a meeting in Odoo's calendar for the technicians who use it."""

    _inherit = "service.intervention"

    calendar_event_id = fields.Many2one(
        "calendar.event", string="Meeting", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        interventions = super().create(vals_list)
        interventions._update_meetings()
        return interventions

    def write(self, vals):
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._update_meetings()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_meetings(self):
        self.sudo().calendar_event_id.unlink()

    def _update_meetings(self):
        """Create, move and remove meetings so that they are as the interventions are planned."""
        interventions = self.sudo()
        wanted = interventions.filtered(
            lambda i: (
                i.technician_id.technician_calendar_sync
                and i.technician_user_id
                and i.planned_start
                and i.state not in ("draft", *ENDED)
            )
        )
        # what is over stays in the calendar, what was given back or cancelled does not
        (interventions - wanted).filtered(
            lambda i: i.state not in ("done", "to_resume")
        ).calendar_event_id.unlink()
        events = self.env["calendar.event"].sudo().with_context(**QUIET)
        for intervention in wanted.filtered("calendar_event_id"):
            intervention.calendar_event_id.with_context(**QUIET).write(
                intervention._prepare_meeting()
            )
        missing = wanted.filtered(lambda i: not i.calendar_event_id)
        if not missing:
            return
        made = events.create([intervention._prepare_meeting() for intervention in missing])
        for intervention, event in zip(missing, made, strict=True):
            intervention.calendar_event_id = event

    def _prepare_meeting(self):
        self.ensure_one()
        user = self.technician_user_id
        return {
            "name": self.display_name,
            "start": self.planned_start,
            "stop": self.planned_end,
            "location": self.address_id.contact_address_inline,
            "user_id": user.id,
            "partner_ids": (user | self.helper_ids.user_id).partner_id.ids,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }
