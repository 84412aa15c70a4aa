from collections import defaultdict
from datetime import timedelta

from pytz import timezone, utc

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.date_utils import localized, to_timezone
from odoo.tools.intervals import Intervals
from odoo.tools.misc import format_time

from ..tours.problem import LONG
from .service_intervention import ENDED

ONE_DAY = timedelta(days=1)
IN_ONE_GO = timedelta(minutes=LONG)  # work that never rests: no calendar has to be read for it


class HrEmployee(models.Model):
    """When technicians work, and what keeps them from it. All moments are UTC, without zone."""

    _inherit = "hr.employee"

    @api.model
    def _get_technician_domain(self):
        """The technicians that the current user may plan: of the companies and agencies at hand.

        Who is no office plans nobody else.
        """
        domain = Domain("is_technician", "=", True) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        if not (self.env.su or self.env.user.has_group("installed_base.group_service_user")):
            domain &= Domain("user_id", "=", self.env.uid)
        agencies = self.env.user.service_agency_ids
        if agencies:
            domain &= Domain("technician_agency_ids", "in", agencies.ids) | Domain(
                "technician_agency_ids", "=", False
            )
        return domain

    def _get_working_time(self, start, end):
        """Return ``{employee: Intervals}``: the calendar of each, without leaves and holidays."""
        if not self:
            return {}
        resource_of = {employee: employee.sudo().resource_id for employee in self}
        resources = self.env["resource.resource"].sudo().union(*resource_of.values())
        by_resource, _by_calendar = resources._get_valid_work_intervals(
            localized(start), localized(end)
        )
        to_utc = to_timezone(None)
        nothing = self.env["resource.calendar.attendance"]
        return {
            employee: Intervals(
                (to_utc(begin), to_utc(stop), nothing)
                for begin, stop, _attendance in by_resource[resource.id]
            )
            for employee, resource in resource_of.items()
        }

    def _get_absences(self, start, end):
        """Return ``{employee: [(start, end, name)]}``; why a person is on leave stays private."""
        employees = self.sudo()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                Domain("time_type", "=", "leave")
                & Domain("date_from", "<", end)
                & Domain("date_to", ">", start)
                & Domain("company_id", "in", [*employees.company_id.ids, False])
                & Domain("resource_id", "in", [*employees.resource_id.ids, False])
            )
        )
        absent = self.env._("Absent")
        return {
            employee.with_env(self.env): [
                (leave.date_from, leave.date_to, absent if leave.resource_id else leave.name)
                for leave in leaves
                if leave._concerns_employee(employee)
            ]
            for employee in employees
        }

    def _get_busy_time(self, start, end, besides=()):
        """Return ``{employee: interventions}``: the open ones that fall into a time, by start.

        :param besides: ids of interventions that do not count
        """
        crews = (
            self.env["service.intervention"]
            .sudo()
            .search(
                Domain("state", "not in", ENDED)
                & Domain("planned_start", "<", end)
                & Domain("planned_end", ">", start)
                & Domain("id", "not in", list(besides))
                & (Domain("technician_id", "in", self.ids) | Domain("helper_ids", "in", self.ids)),
                order="planned_start, id",
            )
        )
        ids = defaultdict(list)
        for intervention in crews:
            for employee in intervention._get_crew():
                ids[employee.id].append(intervention.id)
        every = crews._prefetch_ids  # the jobs of all of them are read together
        return {employee: crews.browse(ids[employee.id]).with_prefetch(every) for employee in self}

    def _get_planned_end(self, start, hours, rests=None):
        """Return when work of so many hours ends: what is long rests at breaks and overnight.

        :param rests: those of the employee from then on, when they are known already
        """
        length = timedelta(hours=hours)
        if length <= IN_ONE_GO:
            return start + length
        if rests is None:
            rests = self._get_rests(start, start + length + timedelta(days=7 + hours))
            rests = rests.get(self, ())
        end = start + length
        for begin, stop, _overnight in rests:
            if start < begin < end:
                end += stop - begin
        return end

    def _get_worked_hours(self, start, end, rests=None):
        """Return the hours of work between two moments, without the rests that lie in between."""
        if rests is None and end - start > IN_ONE_GO:
            rests = self._get_rests(start, end + ONE_DAY).get(self, ())
        idle = self._get_rests_between(start, end, rests)
        length = end - start - sum((stop - begin for begin, stop, _overnight in idle), timedelta())
        return length.total_seconds() / 3600

    @api.model
    def _get_rests_between(self, start, end, rests):
        """Return those of the rests in which work from ``start`` to ``end`` is interrupted."""
        if end - start <= IN_ONE_GO:
            return []
        return [rest for rest in rests if start < rest[0] and rest[1] < end]

    def _get_rests(self, start, end, work=None, absences=None):
        """Return ``{employee: [(begin, end, is overnight)]}``: breaks, nights and days off.

        An absence between two hours of work of one day is no break: nobody is free to go on after
        it as if nothing had been.

        :param work: their working time, when it is known already; so is ``absences``
        """
        if work is None and self:
            work, absences = self._get_working_time(start, end), self._get_absences(start, end)
        return {
            employee: employee._find_rests(work[employee], absences[employee]) for employee in self
        }

    def _find_rests(self, work, absences):
        zone = timezone(self.sudo().tz or "UTC")
        stretches = [(begin, stop) for begin, stop, _none in work]
        rests = []
        for (_begin, end), (begin, _stop) in zip(stretches, stretches[1:], strict=False):
            evening, morning = (utc.localize(m).astimezone(zone).date() for m in (end, begin))
            is_away = any(first < begin and last > end for first, last, _name in absences)
            if evening != morning or not is_away:
                rests.append((end, begin, evening != morning))
        return rests

    def _get_closed_reason(self, start, end, work=None):
        """Say why an employee does not work from ``start`` to ``end``; False when they do.

        A break at noon is no reason: who works in the morning and in the afternoon takes it
        somewhere in between.

        :param work: their working time on these days, when it is known already
        """
        if work is None:
            work = self._get_working_time(start - ONE_DAY, end + ONE_DAY)[self]
        days = self._get_days_at_work(work)
        outside = [
            moment
            for moment, is_end in ((start, False), (end, True))
            if not any(
                (first < moment <= last) if is_end else (first <= moment < last)
                for first, last in days
            )
        ]
        if not outside:
            return False
        zone = timezone(self.sudo().tz or "UTC")
        local = [utc.localize(moment).astimezone(zone) for moment in (start, end)]
        return self.env._(
            "%(technician)s does not work on %(day)s from %(start)s to %(end)s.",
            technician=self.sudo().name,
            day=format_date(self.env, local[0].date()),
            start=format_time(self.env, local[0].time(), time_format="short"),
            end=format_time(self.env, local[1].time(), time_format="short"),
        )

    def _get_days_at_work(self, work):
        """Return ``[(first moment, last moment)]`` of each day with working time, in order.

        :param work: the working time of the employee
        """
        zone = timezone(self.sudo().tz or "UTC")
        days = {}
        for begin, stop, _none in work:
            day = utc.localize(begin).astimezone(zone).date()
            first, _last = days.get(day, (begin, stop))
            days[day] = (first, stop)
        return [*days.values()]

    def _lock_plans(self):
        """Let whoever plans the same technicians at the same moment start again and see the result.

        Two transactions that do not see each other could both find the same hour free.
        """
        self.env.cr.execute(
            SQL("UPDATE hr_employee SET write_date = write_date WHERE id = ANY(%s)", list(self.ids))
        )
