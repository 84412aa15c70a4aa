from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

# what closing, invoicing and the mail thread write themselves
NOT_A_CHANGE = {
    "stage_id",
    "close_date",
    "closed_by_id",
    "handled_by_id",
    "satisfied",
    "assign_date",
    "uses_points",
    "sla_state",
    "first_response_date",
}


class ServiceRequest(models.Model):
    """Closing a request, opening it again, and changing it after it was closed."""

    _inherit = "service.request"

    can_edit = fields.Boolean(
        compute="_compute_can_edit",
        help="Open requests are changed by everybody, closed ones by managers.",
    )

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_edit(self):
        manager = self.env.user.has_group("installed_base.group_service_manager")
        for request in self:
            request.can_edit = manager or request.state in (False, "open")

    def _get_handlers(self):
        """Return ``{request: user}``: who did the work.

        That is who did the last labour; without any, who was in charge; else who closes it.
        """
        handlers = {}
        for request in self:
            worked = request.consumption_ids.filtered(
                lambda c: c.state == "done" and c.kind == "labor" and c.user_id
            )
            last = worked.sorted("done_date")[-1:]
            handlers[request] = last.user_id or request.user_id or self.env.user
        return handlers

    def _check_stage_change(self, stage):
        """Refuse to reopen or cancel closed requests on which something is invoiced."""
        ended = self.filtered(lambda r: r.state not in ("open", stage._get_state()))
        invoiced = ended.consumption_ids._filter_locked().request_id
        if invoiced:
            raise UserError(
                self.env._(
                    "Already invoiced: %(requests)s. Cancel or credit the invoice before "
                    "reopening.",
                    requests=", ".join(invoiced.mapped("name")),
                )
            )
        return super()._check_stage_change(stage)

    # ------------------------------------------------------------ changed after closing
    def write(self, vals):
        changed = [name for name in vals if name in self._fields and name not in NOT_A_CHANGE]
        closed = self.filtered(lambda r: r.state == "closed") if changed else self.browse()
        result = super().write(vals)
        if closed:
            closed._log_late_change(changed)
        return result

    def _log_late_change(self, names):
        """Note on closed requests that they were changed, and what."""
        labels = [self._fields[name]._description_string(self.env) for name in names]
        note = self.env._(
            "The closed request was changed: %(fields)s.", fields=", ".join(sorted(labels))
        )
        self._message_log_batch(bodies={request.id: note for request in self})

    @api.onchange("title", "partner_id", "coverage_manual", "consumption_ids", "equipment_line_ids")
    def _onchange_closed(self):
        if self._origin.state == "closed":
            return {
                "warning": {
                    "type": "notification",
                    "title": self.env._("You are changing a closed request"),
                    "message": self.env._(
                        "%(request)s was closed on %(date)s: the change will be noted on it.",
                        request=self.name,
                        date=format_date(self.env, self.close_date),
                    ),
                }
            }
        return None
