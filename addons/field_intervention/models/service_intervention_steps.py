from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# state that an action leads to, and the states that it may start from
TRANSITIONS = {
    "draft": ("draft", "planned", "dispatched"),
    "planned": ("draft", "planned", "dispatched"),
    "dispatched": ("planned",),
    "on_the_way": ("planned", "dispatched"),
    "on_site": ("planned", "dispatched", "on_the_way"),
    "done": ("planned", "dispatched", "on_the_way", "on_site"),
    "to_resume": ("planned", "dispatched", "on_the_way", "on_site"),
    "cancelled": ("draft", "planned", "dispatched", "on_the_way", "on_site"),
}
# states in which a clock runs, and the time that it measures
UNDER_WAY = {"on_the_way": "travel", "on_site": "work"}


class ServiceIntervention(models.Model):
    """The steps of an intervention: planned, dispatched, done on site, reported."""

    _inherit = "service.intervention"

    previous_id = fields.Many2one(
        "service.intervention",
        string="Follow-up of",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The visit that could not finish the work: this one goes on with it.",
    )

    def action_dispatch(self):
        """Hand the interventions to their technicians; what was not planned yet is planned first.

        :raise UserError: when an intervention has no technician (or subcontractor) or no start
        :raise ValidationError: when the technician cannot come then, as in ``action_plan``
        """
        for intervention in self.filtered(lambda i: i.state == "draft"):
            intervention.action_plan()
        self._ensure_requests()
        self._set_state("dispatched", dispatch_date=fields.Datetime.now())
        return True

    def action_leave(self, at=None):
        """The technician sets off.

        :param at: Datetime when it happened (default: now)
        """
        self._ensure_requests()
        now = at or fields.Datetime.now()
        self._set_state("on_the_way", departure_date=now)
        self._start_time("travel", now)
        return True

    def action_arrive(self, at=None):
        """The technician is on site, and works.

        :param at: Datetime when it happened (default: now)
        """
        self._ensure_requests()
        now = at or fields.Datetime.now()
        self._set_state("on_site", arrival_date=now)
        self._start_time("work", now)
        return True

    def action_start(self, at=None):
        """Start working: without a trip (workshop, phone, remote), or on site again.

        Work that runs already goes on.

        :param at: Datetime when it happened (default: now)
        """
        on_site = self.filtered(lambda i: i.state == "on_site")
        on_site.filtered("is_paused").action_resume(at)
        return (self - on_site).action_arrive(at)

    def action_pause(self, at=None):
        """Interrupt the work or the trip.

        :param at: Datetime when it happened (default: now)
        """
        self._check_under_way()
        self._start_time("pause", at or fields.Datetime.now())
        return True

    def action_resume(self, at=None):
        """Go on with the work or the trip.

        :param at: Datetime when it happened (default: now)
        """
        self._check_under_way()
        for state, interventions in self.grouped("state").items():
            interventions._start_time(UNDER_WAY[state], at or fields.Datetime.now())
        return True

    def action_done(self, at=None):
        """Report that the work is done; a satisfied customer's request is closed.

        Planned parts that nobody said were used were not: they stay planned on the request, and are
        given up with the problem that is solved.

        :param at: Datetime when it was done (default: now)
        :return: True, or the question about consumptions of the request that are not done
        :raise UserError: when the report, a mandatory operation or a required reading is missing
        """
        self._ensure_requests()
        self._check_complete()
        solved = self.filtered("satisfied")
        solved.consumption_ids._filter_unanswered().action_cancel()
        self._end("done", at)
        satisfied = solved.request_id.filtered(lambda r: r.state == "open")
        satisfied.satisfied = True
        return satisfied.action_close() if satisfied else True

    def action_to_resume(self, at=None, reason=None):
        """End this visit although the work is not finished: another one follows.

        It takes over the parts that were not used, and the operations that were not done or found
        something that is not in order. A request that was closed meanwhile is opened again.

        :param at: Datetime when it ended (default: now)
        :param reason: why, added to what was seen
        :return: the follow-up interventions
        """
        self._ensure_requests()
        # the work is not finished, whatever the office thought; the technician cannot reopen it
        self.request_id.sudo().filtered(lambda r: r.state != "open").action_reopen()
        for intervention in self if reason else ():
            intervention.findings = "\n".join(filter(None, [intervention.findings, reason]))
        remaining = {i: i.consumption_ids - i._get_used() for i in self}
        self._end("to_resume", at)
        follow_ups = self.create([intervention._prepare_follow_up() for intervention in self])
        for intervention, follow_up in zip(self, follow_ups, strict=True):
            remaining[intervention]._filter_undone().intervention_id = follow_up
        return follow_ups

    def action_finish(self):
        """Finish, and ask before how it ended where that is not plain: unless the request is marked
        as satisfied and every check is in order.

        :return: the dialogue, or what ``action_done`` returns
        """
        self.ensure_one()
        if self.satisfied and not self._get_missing() and not self._describe_not_ok():
            return self.action_done()
        return self._ask_how_it_ended(self.satisfied and "solved")

    def action_ask_to_resume(self):
        """Ask what remains to do, and with which parts, before this visit is continued later."""
        self.ensure_one()
        return self._ask_how_it_ended("to_resume")

    def _ask_how_it_ended(self, outcome):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finish %s", self.name),
            "res_model": "service.intervention.finish",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_intervention_id": self.id, "default_outcome": outcome},
        }

    def action_ask_cancel(self):
        """Ask for the reason before these interventions are cancelled."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel an Intervention"),
            "res_model": "service.intervention.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_intervention_ids": self.ids},
        }

    def action_cancel(self, reason=False):
        """Cancel the interventions; what was consumed stays on the request.

        :param reason: why, in words
        """
        now = fields.Datetime.now()
        self._set_state("cancelled", cancel_reason=reason)
        self.time_ids.filtered(lambda time: not time.stop).stop = now
        self.consumption_ids._filter_undone().intervention_id = False
        return True

    def _set_state(self, state, **values):
        """The one door to another state.

        :raise UserError: when an intervention is in a state that does not lead to ``state``
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda i: i.state not in TRANSITIONS[state])
        if wrong:
            raise UserError(
                self.env._(
                    "%(intervention)s is « %(state)s » and cannot become « %(target)s ».",
                    intervention=wrong[0].name,
                    state=labels[wrong[0].state],
                    target=labels[state],
                )
            )
        self.write({"state": state, **values})

    def _check_under_way(self):
        idle = self.filtered(lambda i: i.state not in UNDER_WAY)
        if idle:
            raise UserError(
                self.env._(
                    "Nobody is working on %(intervention)s: press « Leave », « Arrive » or "
                    "« Start Work » first.",
                    intervention=idle[0].name,
                )
            )

    def _start_time(self, kind, now):
        """Stop the stretch of time that runs and start another one."""
        running = self.time_ids.filtered(lambda time: not time.stop)
        running.stop = now
        # the index allows one running stretch: the old one must be written before the new one
        running.flush_recordset(["stop"])
        running.create([{"intervention_id": i.id, "kind": kind, "start": now} for i in self])

    def _end(self, state, at=None):
        """Stop the clock and record what was used as done."""
        now = at or fields.Datetime.now()
        self._set_state(state, done_date=now)
        self.time_ids.filtered(lambda time: not time.stop).stop = now
        self._consume_clocks()
        used = self._get_used()
        for intervention, lines in used.grouped("intervention_id").items():
            lines.filtered(lambda c: not c.user_id).user_id = intervention.technician_user_id
        used._mark_done(now)
        # what was not used is still wanted: the request keeps it
        (self.consumption_ids - used)._filter_undone().intervention_id = False
        for intervention in self.filtered(lambda i: i.signature and not i.signed_on):
            intervention.signed_on = now
        # nobody sees a machine by phone
        seen = self.filtered(lambda i: i.intervention_type in ("onsite", "workshop"))
        seen.equipment_ids.filtered(lambda e: e.certainty != "verified").certainty = "verified"
        self._schedule_report_mail()

    def _get_used(self):
        """The consumptions that the end of the visit records as done."""
        used = self.consumption_ids.filtered(lambda c: not c.is_to_order)
        return used - used._filter_unanswered()

    def _ensure_requests(self):
        """Every consumption hangs on a request: a visit without one gets its own."""
        alone = self.filtered(lambda i: not i.request_id)
        for intervention in alone:
            intervention.request_id = self.env["service.request"].create(
                intervention._prepare_request_values()
            )

    def _prepare_request_values(self):
        self.ensure_one()
        nature = self.nature_id.with_context(lang=self.company_id.partner_id.lang)
        return {
            "title": f"{nature.name or ''} {self.name}".strip(),
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "contact_id": self.contact_id.id,
            "agency_id": self.agency_id.id,
            "company_id": self.company_id.id,
            "origin": "field",
            "origin_reference": self.name,
            "equipment_line_ids": [
                Command.create({"equipment_id": equipment.id}) for equipment in self.equipment_ids
            ],
        }

    def _prepare_follow_up(self):
        self.ensure_one()
        return {
            "previous_id": self.id,
            "request_id": self.request_id.id,
            "request_equipment_ids": [Command.set(self.request_equipment_ids.ids)],
            "equipment_ids": [Command.set(self.equipment_ids.ids)],
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "contact_id": self.contact_id.id,
            "agency_id": self.agency_id.id,
            "intervention_type": self.intervention_type,
            "nature_id": self.nature_id.id,
            "priority": self.priority,
            "findings": self.findings,
            # nobody knows yet how long the rest takes: not as short as what was not ticked
            "planned_hours": self.planned_hours,
            "operation_ids": [
                Command.create(operation._prepare_again())
                for operation in self.operation_ids
                if not operation.done or operation.result == "not_ok"
            ],
        }
