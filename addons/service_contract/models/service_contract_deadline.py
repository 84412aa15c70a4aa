from datetime import timedelta

from odoo import api, models


class ServiceContract(models.Model):
    """How fast the contracts promise to be."""

    _inherit = "service.contract"

    def _read_commitments(self):
        """The commitments of these contracts in one query: ``{contract: commitments}``."""
        commitments = self.env["service.contract.commitment"]
        columns = [name for name, field in commitments._fields.items() if field.column_type]
        return commitments.search_fetch(
            [("contract_id", "in", self.ids)], columns, order="id"
        ).grouped("contract_id")

    def _commitment(self, severity, commitments=None):
        """What this contract promises for a severity.

        :param severity: a record with ``blocking``, or the boolean itself
        :param commitments: those of this contract, where they are read already
        :return: dict of ``response_hours``, ``onsite_hours``, ``resolution_hours`` (0: nothing
            promised) and ``calendar`` (resource.calendar; empty: day and night), or an empty dict
        """
        self.ensure_one()
        if commitments is None:
            commitments = self.commitment_ids
        commitment = commitments._match(severity)
        if not commitment:
            return {}
        return {
            "response_hours": commitment.response_hours,
            "onsite_hours": commitment.onsite_hours,
            "resolution_hours": commitment.resolution_hours,
            "calendar": commitment.resource_calendar_id or self.resource_calendar_id,
        }

    def _deadline(self, start, hours, calendar):
        """When promised hours are over, in the time zone of this contract's agency.

        :param start: naive UTC datetime
        :param hours: hours promised; 0 is no promise
        :param calendar: resource.calendar whose working hours count; empty: all hours
        :return: naive UTC datetime, or False without a promise
        """
        return self._deadlines([(start, hours, calendar, self.agency_id.tz)])[0]

    @api.model
    def _deadlines(self, jobs):
        """The same for many: the calendars are read once, however many jobs there are.

        :param jobs: list of (start, hours, calendar, time zone name or False)
        :return: list of naive UTC datetimes or False, in the order of ``jobs``
        """
        result = [False] * len(jobs)
        by_calendar = {}
        for index, (start, hours, calendar, tz) in enumerate(jobs):
            if hours and calendar:
                by_calendar.setdefault((calendar, tz), []).append((index, start, hours))
            elif hours:
                result[index] = start + timedelta(hours=hours)
        for (calendar, tz), planned in by_calendar.items():
            ends = calendar._plan_hours_batch([(start, hours) for _i, start, hours in planned], tz)
            for (index, _start, _hours), end in zip(planned, ends, strict=True):
                result[index] = end
        return result
