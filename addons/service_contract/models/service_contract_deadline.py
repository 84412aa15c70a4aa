from datetime import timedelta

from odoo import api, fields, models

from .service_contract_commitment import HOURS


class ServiceContract(models.Model):
    """How fast the contracts promise to be."""

    _inherit = "service.contract"

    # The commitments in short: every new request reads them with its contract
    commitment_terms = fields.Json(
        compute="_compute_commitment_terms", store=True, export_string_translation=False
    )

    @api.depends(
        "commitment_ids.blocking",
        "commitment_ids.resource_calendar_id",
        *(f"commitment_ids.{name}" for name in HOURS),
    )
    def _compute_commitment_terms(self):
        for contract in self:
            commitments = contract.commitment_ids.sorted(lambda line: line._origin.id or 0)
            contract.commitment_terms = [line._prepare_terms() for line in commitments] or False

    def _commitment(self, severity):
        """What this contract promises for a severity.

        :param severity: a record with ``blocking``, or the boolean itself
        :return: dict of ``response_hours``, ``onsite_hours``, ``resolution_hours`` (0: nothing
            promised) and ``calendar`` (resource.calendar; empty: day and night), or an empty dict
        """
        self.ensure_one()
        terms = self._match_terms(self.commitment_terms or [], severity)
        if not terms:
            return {}
        own = self.env["resource.calendar"].browse(terms["calendar_id"])
        return {
            **{name: terms[name] for name in HOURS},
            "calendar": own or self.resource_calendar_id,
        }

    @api.model
    def _match_terms(self, terms, severity):
        """The first of these terms that holds for a severity; None: nothing is promised.

        :param terms: list as of ``commitment_terms``
        :param severity: a record with ``blocking``, or the boolean itself
        """
        blocking = severity if isinstance(severity, bool) else severity.blocking
        return next((promise for promise in terms if promise["blocking"] == blocking), None)

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
