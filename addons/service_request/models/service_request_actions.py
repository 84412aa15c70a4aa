from odoo import models


class ServiceRequest(models.Model):
    """What is done for a request in one click: each action is planned, or recorded as done."""

    _inherit = "service.request"

    def action_plan_meeting(self):
        """Plan a meeting about this request."""
        return self._open_activity("meeting")

    def action_plan_call(self):
        """Plan a call about this request."""
        return self._open_activity("call")

    def action_plan_todo(self):
        """Plan a to-do for this request."""
        return self._open_activity("todo")

    def action_record_meeting(self):
        """Record a meeting that took place."""
        return self._open_activity("meeting", is_done=True)

    def action_record_call(self):
        """Record a call that took place."""
        return self._open_activity("call", is_done=True)

    def action_record_todo(self):
        """Record something that was done."""
        return self._open_activity("todo", is_done=True)

    def _open_activity(self, kind, is_done=False):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record") if is_done else self.env._("Plan"),
            "res_model": "service.request.activity",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_kind": kind,
                "default_is_done": is_done,
            },
        }

    def action_print(self):
        """Print the sheets of these requests.

        :return: report action
        """
        return self.env.ref("service_request.service_request_report_action").report_action(self)
