from odoo import api, fields, models


class ServiceRequest(models.Model):
    """The time that was spent on a request, and the clock that runs on it."""

    _inherit = "service.request"

    time_log_ids = fields.One2many("service.time.log", "request_id", string="Time")
    time_total = fields.Float(
        string="Time Spent",
        compute="_compute_time_total",
        store=True,
        help="Hours that were logged on this request.",
    )
    is_timing = fields.Boolean(
        string="Clock Running",
        compute="_compute_is_timing",
        search="_search_is_timing",
        help="Somebody's clock runs on this request.",
    )
    is_my_clock = fields.Boolean(compute="_compute_is_timing")

    @api.depends("time_log_ids.duration")
    def _compute_time_total(self):
        for request in self:
            request.time_total = sum(request.time_log_ids.mapped("duration"))

    @api.depends_context("uid")
    @api.depends("time_log_ids.stop")
    def _compute_is_timing(self):
        # whether a clock runs is no secret, whose time it is may be
        logs_sudo = self.env["service.time.log"].sudo()
        running = logs_sudo.search([("request_id", "in", self.ids), ("stop", "=", False)])
        mine = running.filtered(lambda log: log.user_id == self.env.user).request_id
        for request in self:
            request.is_timing = request in running.request_id
            request.is_my_clock = request in mine

    def _search_is_timing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("time_log_ids", "any" if True in value else "not any", [("stop", "=", False)])]

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        # what is split off another request is no new call
        wanted = len(requests) == 1 and self.env.user.service_auto_time_log
        if wanted and not requests.related_request_ids:
            requests._start_clock()
        return requests

    def write(self, vals):
        if vals.get("stage_id"):
            stage = self.env["service.request.stage"].browse(vals["stage_id"])
            if stage.is_closed or stage.is_cancelled:
                # the last minutes are labour of the request, too
                self.sudo().time_log_ids.filtered(lambda log: not log.stop)._stop()
        return super().write(vals)

    def action_start_time_log(self, equipment_line_id=None):
        """Start my clock on this request; a clock that runs elsewhere stops.

        :param equipment_line_id: id of the service.request.equipment that the time is spent on
            (default: the default machine)
        :return: True, or the action that the user wants to see when a clock starts
        """
        self.ensure_one()
        self._start_clock(equipment_line_id)
        return self._open_with_clock()

    def action_stop_time_log(self):
        """Stop my clock on this request; less than a minute is not kept."""
        self.sudo().time_log_ids.filtered(
            lambda log: not log.stop and log.user_id == self.env.user
        )._stop()
        return True

    def _start_clock(self, equipment_line_id=None):
        line = self.env["service.request.equipment"].browse(equipment_line_id)
        return self.env["service.time.log"]._start(self, line)

    def _open_with_clock(self):
        """What the user's preference opens when a clock starts."""
        choice = self.env.user.service_clock_opens
        if choice == "solutions":
            return self.action_search_solutions()
        if choice == "equipment" and self.equipment_id:
            return self.equipment_id._get_records_action()
        action = self.env.user.service_clock_action_id
        if choice == "action" and action:
            context = {"active_id": self.id, "active_ids": self.ids, "active_model": self._name}
            return {**action.sudo()._get_action_dict(), "context": context}
        return True
