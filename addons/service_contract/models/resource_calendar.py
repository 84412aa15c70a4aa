from bisect import bisect_right
from datetime import UTC, timedelta

import pytz

from odoo import models

WINDOW = timedelta(days=35)
HALF_SECOND = timedelta(seconds=0.5)
HORIZON = timedelta(days=5 * 366)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _plan_hours_batch(self, jobs, tz=False):
        """When working hours are over, for many starts at once.

        The calendar is read by windows of five weeks, each once for all jobs.

        :param jobs: list of (naive UTC start, hours)
        :param tz: name of the time zone of the opening hours (default: the calendar's)
        :return: list of naive UTC datetimes, in the order of ``jobs``; False where the calendar
            has too few hours in the next five years
        """
        self.ensure_one()
        result = [False] * len(jobs)
        first = min(start for start, _hours in jobs).replace(tzinfo=UTC)
        horizon = max(start for start, _hours in jobs).replace(tzinfo=UTC) + HORIZON
        waiting = {index: hours for index, (_start, hours) in enumerate(jobs)}
        while waiting and first < horizon:
            worked = self._get_work_periods(first, first + WINDOW, tz)
            ends = [end for _start, end in worked]
            for index in list(waiting):
                left = timedelta(hours=waiting[index])
                begin = jobs[index][0].replace(tzinfo=UTC)
                for start, end in worked[bisect_right(ends, begin) :]:
                    start = max(start, begin)
                    if left <= end - start:
                        # calendars end days a microsecond early
                        end = (start + left + HALF_SECOND).replace(tzinfo=None, microsecond=0)
                        result[index] = end
                        del waiting[index]
                        break
                    left -= end - start
                else:
                    waiting[index] = left.total_seconds() / 3600
            first += WINDOW
        return result

    def _get_work_periods(self, start, end, tz=False):
        """List of worked (start, end) in UTC, public holidays of the company taken out."""
        domain = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [self.company_id.id, False]),
        ]
        periods = self._work_intervals_batch(
            start, end, domain=domain, tz=pytz.timezone(tz or self.tz or "UTC")
        )[False]
        return [(a.astimezone(UTC), b.astimezone(UTC)) for a, b, _meta in periods]
