from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from .service_intervention import ENDED

ONE_DAY = timedelta(days=1)
PLAN = {"technician_id", "helper_ids", "planned_start", "planned_end", "planned_hours"}


class ServiceIntervention(models.Model):
    """Who does it and when: nobody twice at the same time, nobody when they do not work."""

    _inherit = "service.intervention"

    # ------------------------------------------------------------ how long
    @api.depends("planned_start", "planned_hours")
    def _compute_planned_end(self):
        for intervention in self:
            start = intervention.planned_start
            intervention.planned_end = start and intervention.technician_id._get_planned_end(
                start, intervention.planned_hours
            )

    def _inverse_planned_end(self):
        for intervention in self.filtered(lambda i: i.planned_start and not i.planned_end):
            intervention.planned_end = intervention.technician_id._get_planned_end(
                intervention.planned_start, intervention.planned_hours
            )
        # another end than the automatic one means that the work takes longer, or less long
        for intervention in self.filtered(lambda i: i.planned_start and i.planned_end):
            start, end = intervention.planned_start, intervention.planned_end
            technician = intervention.technician_id
            if end > start and end != technician._get_planned_end(
                start, intervention.planned_hours
            ):
                intervention.planned_hours = technician._get_worked_hours(start, end)

    # ------------------------------------------------------------ the plan
    def action_plan(
        self, technician_id=False, start=False, end=False, version=None, conflict_reason=None
    ):
        """Plan the intervention for a technician.

        :param technician_id: id of the hr.employee (default: unchanged)
        :param start: Datetime of the start, in UTC (default: unchanged)
        :param end: Datetime of the end, in UTC (default: the start and the planned hours)
        :param version: the version that the caller saw; None to skip the check
        :param conflict_reason: why the technician is planned although they are busy, absent, off
            duty or not competent
        :return: the new version
        :raise UserError: when somebody else planned it meanwhile, or technician or date is missing
        :raise ValidationError: when the technician cannot, and no reason is given; the context of
            the error says ``plan_conflict``
        """
        self.ensure_one()
        self._check_version(version)
        was_dispatched = self.state == "dispatched"
        self.write(self._prepare_plan(technician_id, start, end, conflict_reason))
        if not (self.technician_id or self.vendor_id) or not self.planned_start:
            raise UserError(
                self.env._(
                    "Give %(intervention)s a technician (or a subcontractor) and a start first.",
                    intervention=self.name,
                )
            )
        if not was_dispatched:
            self._set_state("planned")
        self._follow_plan()
        return self.version

    def write(self, vals):
        """A plan that is changed in a form or a calendar is checked and counted like any other."""
        if "version" in vals or PLAN.isdisjoint(vals):
            return super().write(vals)
        plans = {i: i._read_plan() for i in self if i.state in ("planned", "dispatched")}
        result = super().write(vals)
        changed = [i for i, plan in plans.items() if i._read_plan() != plan]
        for intervention in changed:
            counted = {"version": intervention.version + 1}
            if "conflict_reason" not in vals:
                # the reason of the old plan does not excuse the new one
                counted["conflict_reason"] = False
            intervention.write(counted)
            intervention._follow_plan()
        return result

    def _read_plan(self):
        self.ensure_one()
        return self._get_crew(), self.planned_start, self.planned_end

    def _follow_plan(self):
        """Check a new plan, and have the parts follow it.

        :raise ValidationError: when the technician cannot, and no reason is given
        """
        self.ensure_one()
        if not self.planned_start:
            return
        self._check_competence()
        self._check_window()
        self._check_working_time()
        self.consumption_ids._filter_undone().write(
            {"planned_date": self.planned_start, "user_id": self.technician_user_id.id}
        )

    def action_unplan(self, version=None):
        """Put the intervention back among those that wait for a technician and a date.

        :param version: the version that the caller saw; None to skip the check
        :return: the new version
        :raise UserError: when somebody else planned it meanwhile, or the work has begun
        """
        self.ensure_one()
        self._check_version(version)
        self._set_state(
            "draft",
            technician_id=False,
            planned_start=False,
            planned_end=False,
            conflict_reason=False,
            version=self.version + 1,
        )
        return self.version

    def _check_version(self, version):
        if version is not None and version != self.version:
            raise UserError(
                self.env._(
                    "%(intervention)s has meanwhile been changed by %(user)s: reload the page and "
                    "look again before planning it.",
                    intervention=self.name,
                    user=self.write_uid.sudo().name,
                )
            )

    def _prepare_plan(self, technician_id, start, end, conflict_reason):
        values = {"version": self.version + 1}
        if technician_id:
            values.update(technician_id=technician_id, vendor_id=False)
        if start:
            values["planned_start"] = fields.Datetime.to_datetime(start)
        if conflict_reason is not None:
            values["conflict_reason"] = conflict_reason
        elif self.state != "draft" and (technician_id or start or end):
            # the reason of the old plan does not excuse the new one
            values["conflict_reason"] = False
        start = values.get("planned_start", self.planned_start)
        if end:
            values["planned_end"] = fields.Datetime.to_datetime(end)
        elif start and (technician_id or values.get("planned_start")):
            technician = self.technician_id.browse(technician_id or self.technician_id.id)
            values["planned_end"] = technician._get_planned_end(start, self.planned_hours)
        return values

    # ------------------------------------------------------------ conflicts
    def _get_crew(self):
        """The technician and the helpers."""
        return self.technician_id | self.helper_ids

    @api.constrains("planned_start", "planned_end")
    def _check_planned_end(self):
        for intervention in self:
            start, end = intervention.planned_start, intervention.planned_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "%(intervention)s would end on %(end)s, before it starts on %(start)s: "
                        "correct one of the dates.",
                        intervention=intervention.name,
                        end=format_datetime(self.env, end),
                        start=format_datetime(self.env, start),
                    )
                )

    @api.constrains("earliest", "latest")
    def _check_window_order(self):
        for intervention in self:
            earliest, latest = intervention.earliest, intervention.latest
            if earliest and latest and latest < earliest:
                raise ValidationError(
                    self.env._(
                        "The customer of %(intervention)s could receive us until %(latest)s, "
                        "before the first moment, %(earliest)s: correct one of the dates.",
                        intervention=intervention.name,
                        latest=format_datetime(self.env, latest),
                        earliest=format_datetime(self.env, earliest),
                    )
                )

    # not on the state: whom another job was forced upon sets off for theirs all the same
    @api.constrains(
        "technician_id", "helper_ids", "planned_start", "planned_end", "conflict_reason"
    )
    def _check_double_booking(self):
        planned = self.sudo().filtered(
            lambda i: (
                i._get_crew() and i.planned_start and not i.conflict_reason and i.state not in ENDED
            )
        )
        if not planned:
            return
        crew = planned.technician_id | planned.helper_ids
        crew._lock_plans()
        busy = crew._get_busy_time(
            min(planned.mapped("planned_start")), max(planned.mapped("planned_end"))
        )
        for intervention in planned:
            for employee in intervention._get_crew():
                clash = busy[employee].filtered(
                    lambda other, i=intervention: (
                        other != i
                        and other.planned_start < i.planned_end
                        and other.planned_end > i.planned_start
                    )
                )[:1]
                if clash:
                    self._refuse_plan(
                        self.env._(
                            "%(technician)s is on %(other)s at that time: choose another time or "
                            "another technician for %(intervention)s, or give the reason of the "
                            "conflict.",
                            technician=employee.name,
                            other=clash.with_user(self.env.uid)._get_public_name(),
                            intervention=intervention.name,
                        )
                    )

    def _get_public_name(self):
        """The number, or words for what the current user may not see."""
        return self.name if self.has_access("read") else self.env._("work of another agency")

    def _check_competence(self):
        """Refuse who lacks the competence that the request asks for, unless a reason is given.

        Who plans their own work knows what they can do.
        """
        self.ensure_one()
        technician = self.sudo().technician_id
        if self.conflict_reason or self.technician_user_id == self.env.user:
            return
        asked, users = self._get_asked_competence()
        if technician._is_known_to_lack(users):
            self._refuse_plan(
                self.env._(
                    "%(technician)s lacks the competence %(competence)s: choose another technician "
                    "for %(intervention)s, or give the reason of the conflict.",
                    technician=technician.name,
                    competence=asked.name,
                    intervention=self.name,
                )
            )

    def _check_window(self):
        """Refuse a start when the customer cannot receive us, unless a reason is given.

        Who plans their own work has agreed it with the customer.
        """
        self.ensure_one()
        if self.conflict_reason or self.technician_user_id == self.env.user:
            return
        outside = self._get_outside_window(self.planned_start)
        if outside:
            self._refuse_plan(
                self.env._(
                    "%(outside)s: choose another time for %(intervention)s, or give the reason of "
                    "the conflict.",
                    outside=outside,
                    intervention=self.name,
                )
            )

    def _get_outside_window(self, start):
        """In words, that the customer cannot receive us at that moment; None when they can."""
        self.ensure_one()
        if self.earliest and start < self.earliest:
            return self.env._(
                "The customer can receive us from %(moment)s only",
                moment=self._format_moment(self.earliest),
            )
        if self.latest and start > self.latest:
            return self.env._(
                "The customer can receive us until %(moment)s only",
                moment=self._format_moment(self.latest),
            )
        return None

    def _check_working_time(self):
        """Refuse hours when the crew does not work, unless a reason is given.

        Who plans their own work decides on their own hours.
        """
        self.ensure_one()
        if self.conflict_reason or self.technician_user_id == self.env.user:
            return
        crew = self.sudo()._get_crew()
        start, end = self.planned_start, self.planned_end
        work = crew._get_working_time(start - ONE_DAY, end + ONE_DAY)
        absences = crew._get_absences(start, end)
        for employee in crew:
            for begin, stop, name in absences[employee]:
                if end - start > ONE_DAY:
                    continue  # work of several days makes a pause
                self._refuse_plan(
                    self.env._(
                        "%(technician)s is away from %(start)s to %(end)s (%(leave)s): choose "
                        "another time or another technician for %(intervention)s, or give the "
                        "reason of the conflict.",
                        technician=employee.name,
                        start=self._format_moment(begin),
                        end=self._format_moment(stop),
                        leave=name,
                        intervention=self.name,
                    )
                )
            closed = employee._get_closed_reason(start, end, work[employee])
            if closed:
                self._refuse_plan(
                    self.env._(
                        "%(closed)s Choose another time for %(intervention)s, or give the reason "
                        "of the conflict.",
                        closed=closed,
                        intervention=self.name,
                    )
                )

    def _format_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _refuse_plan(self, message):
        error = ValidationError(message)
        error.context = {"plan_conflict": True}  # the board offers to give a reason
        raise error
