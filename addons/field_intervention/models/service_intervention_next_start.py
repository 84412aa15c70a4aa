from datetime import timedelta

from odoo import fields, models

from ..tours.travel import get_travel_minutes

HORIZON = timedelta(days=14)
ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


class ServiceIntervention(models.Model):
    """When a technician who cannot come at the asked time could come next."""

    _inherit = "service.intervention"

    def _find_next_starts(self, technicians, start):
        """Return ``{technician: first moment from start on at which they could do it}``.

        Within their hours, around leaves and other jobs and the ways between them, in the window
        of the customer and the next two weeks; False when there is none. The number of queries
        does not depend on how many technicians there are.

        :param technicians: sudoed hr.employee
        :param start: Datetime in UTC that was asked for
        """
        self.ensure_one()
        start = max(filter(None, (start, self.earliest, fields.Datetime.now())))
        limit = min(start + HORIZON, self.latest or start + HORIZON)
        crew = technicians | self.sudo().helper_ids
        days = (start - ONE_DAY, start + HORIZON + ONE_DAY)
        work = crew._get_working_time(*days)
        absences = crew._get_absences(*days)
        busy = crew._get_busy_time(*days, besides=self.ids)
        open_days = {employee: employee._get_days_at_work(work[employee]) for employee in crew}
        rests = crew._get_rests(*days, work, absences)
        closed = {
            employee: [
                *((begin, stop) for begin, stop, _name in absences[employee]),
                *self._get_time_taken(busy[employee]),
            ]
            for employee in crew
        }
        return {
            technician: self._find_next_start(
                rests[technician],
                [open_days[employee] for employee in technician | self.sudo().helper_ids],
                sum((closed[employee] for employee in technician | self.sudo().helper_ids), []),
                start,
                limit,
            )
            for technician in technicians
        }

    def _get_time_taken(self, jobs):
        """Return ``[(start, end)]`` of other jobs, with the ways to and from here."""
        return [
            (job.planned_start - way, job.planned_end + way)
            for job in jobs
            for way in [self._get_way(job.address_id) * MINUTE]
        ]

    def _get_way(self, address):
        """Minutes of travel between an address and this intervention."""
        company = self.company_id
        return get_travel_minutes(
            address._get_service_position(),
            self.address_id._get_service_position(),
            company.service_travel_speed,
            company.service_road_factor,
        )

    def _find_next_start(self, rests, open_days, closed, start, limit):
        moment = _round_up(start)
        while moment and moment <= limit:
            end = self.technician_id._get_planned_end(moment, self.planned_hours, rests)
            later = [stop for begin, stop in closed if begin < end and stop > moment]
            later += [_get_next_opening(days, moment, end) for days in open_days]
            if False in later:
                return False
            later = max(later, default=moment)
            if later <= moment:
                return moment
            moment = _round_up(later)
        return False


def _round_up(moment):
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second)
    return moment + (QUARTER - past if past else past)


def _get_next_opening(days, start, end):
    """Return ``start`` when work from then to ``end`` begins and ends in a working day, else the
    beginning of the next one; False when there is none.

    :param days: ``[(first moment, last moment)]`` in order
    """
    begins = any(first <= start < last for first, last in days)
    ends = any(first < end <= last for first, last in days)
    if begins and ends:
        return start
    return next((first for first, _last in days if first > start), False)
