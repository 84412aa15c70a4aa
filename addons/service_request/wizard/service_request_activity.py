from datetime import timedelta

from odoo import api, fields, models

TYPES = {
    "call": "mail.mail_activity_data_call",
    "todo": "mail.mail_activity_data_todo",
}


class ServiceRequestActivity(models.TransientModel):
    """Plans a meeting, a call or a to-do for a request, or records one that took place."""

    _name = "service.request.activity"
    _description = "Plan or Record an Action"

    request_id = fields.Many2one("service.request", required=True, ondelete="cascade")
    kind = fields.Selection(
        [("call", "Call"), ("meeting", "Meeting"), ("todo", "To-Do")],
        required=True,
        default="call",
    )
    is_done = fields.Boolean(
        string="Already Done", help="Record what took place instead of planning it."
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    duration = fields.Float(default=0.5, help="Hours, of a meeting.")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    summary = fields.Char(compute="_compute_summary", store=True, readonly=False)
    note = fields.Text()

    @api.depends("request_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.summary or wizard.request_id.title

    def action_confirm(self):
        """Create the activity; a meeting also stands in the calendar, a done one is done."""
        self.ensure_one()
        activity = self._create_meeting() if self.kind == "meeting" else self._create_activity()
        if self.is_done:
            if self.kind == "call":
                self.request_id._register_first_response(self.date)
            activity.action_feedback(feedback=self.note or False)
        return {"type": "ir.actions.act_window_close"}

    def _create_activity(self):
        return self.request_id.activity_schedule(
            TYPES[self.kind],
            date_deadline=fields.Datetime.context_timestamp(self, self.date).date(),
            summary=self.summary,
            note=self.note,
            user_id=self.user_id.id,
            automated=False,
        )

    def _create_meeting(self):
        request = self.request_id
        invited = self.user_id.partner_id | (request.contact_id or request.partner_id)
        meeting = self.env["calendar.event"].create(
            {
                "name": self.summary or request.title,
                "description": self.note,
                "start": self.date,
                "stop": self.date + timedelta(hours=self.duration),
                "user_id": self.user_id.id,
                "partner_ids": [fields.Command.set(invited.ids)],
                "location": request.site_id.contact_address,
                "res_model_id": self.env["ir.model"]._get_id(request._name),
                "res_id": request.id,
            }
        )
        return meeting.activity_ids
