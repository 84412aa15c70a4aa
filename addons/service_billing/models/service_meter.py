from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from .usage_periods import cut_period


class ServiceMeter(models.Model):
    """What meters ran in many periods at once, for the usage that contracts bill."""

    _inherit = "service.meter"

    def _read_spans(self, spans):
        """What the readings say of meters in periods, in one query.

        :param spans: set of (meter id, first day, last day, first day on the contract), where
            the agency of the meter is
        :return: ``{span: dict}`` with ``consumed`` (of the readings in the period, from the one
            before it on), ``earlier`` (the part of it that ran before the contract began, in
            proportion to the time), ``start`` and ``end`` (what the meter read), and ``last_read``
            (naive UTC, None when the meter was not read in the period)
        """
        spans = list(spans)
        if not spans:
            return {}
        self.env["service.meter.reading"].flush_model()
        meters = self.browse([meter for meter, _first, _last, _start in spans])
        days = list(zip(meters, spans, strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(run.consumed, 0)::float8,
                       CASE WHEN before.date < span.date_start
                            THEN ROUND(run.first_consumed
                                       * EXTRACT(EPOCH FROM span.date_start - before.date)
                                       / EXTRACT(EPOCH FROM run.first_read - before.date))
                             END::float8,
                       COALESCE(before.value, run.first)::float8,
                       COALESCE(run.last, before.value)::float8, run.last_read
                  FROM unnest(%(meters)s::int[], %(begins)s::timestamp[], %(ends)s::timestamp[],
                              %(starts)s::timestamp[])
                       WITH ORDINALITY AS span (meter_id, date_begin, date_end, date_start, number)
             LEFT JOIN LATERAL (
                       SELECT SUM(consumed) AS consumed,
                              (array_agg(value ORDER BY date, id))[1] AS first,
                              (array_agg(consumed ORDER BY date, id))[1]::numeric AS first_consumed,
                              MIN(date) AS first_read,
                              (array_agg(value ORDER BY date DESC, id DESC))[1] AS last,
                              MAX(date) AS last_read
                         FROM service_meter_reading
                        WHERE meter_id = span.meter_id AND active
                          AND date >= span.date_begin AND date < span.date_end
                       ) run ON TRUE
             LEFT JOIN LATERAL (
                       SELECT value, date
                         FROM service_meter_reading
                        WHERE meter_id = span.meter_id AND active AND date < span.date_begin
                     ORDER BY date DESC, id DESC
                        LIMIT 1
                       ) before ON TRUE
              ORDER BY span.number
                """,
                meters=meters.ids,
                begins=[meter._get_day_begin(first) for meter, (_id, first, _last, _start) in days],
                ends=[meter._get_day_end(last) for meter, (_id, _first, last, _start) in days],
                starts=[meter._get_day_begin(start) for meter, (_id, _first, _last, start) in days],
            )
        )
        names = ("consumed", "earlier", "start", "end", "last_read")
        return {
            span: dict(zip(names, row, strict=True)) for span, row in zip(spans, rows, strict=True)
        }

    def _get_day_begin(self, day):
        return self._get_day_end(day - timedelta(days=1))

    def _get_spans(self, period, days):
        """What is to be read of these meters in a period, by meter: see :meth:`_read_spans`.

        :param period: see ``cut_period``
        :param days: see ``MeterGroup``
        """
        parts = [(meter, cut_period(period, *days[meter])) for meter in self if meter in days]
        return {
            meter: (meter.id, part["date_from"], part["date_to"], days[meter][0])
            for meter, part in parts
            if part
        }

    def _measure(self, period, read, days):
        """What these meters ran in a period; the rest of it is estimated where they were not read.

        A meter that was read in the second half of the period was read; otherwise its average use
        counts from its last reading to the end of the period. What ran before the contract began
        does not count.

        :param period: see ``cut_period``
        :param read: see :meth:`_read_spans`
        :param days: see ``MeterGroup``
        """
        spans = self._get_spans(period, days)
        found = {
            **period,
            "meter_ids": [meter.id for meter in spans],
            "lines": self.env["service.usage.line"],
            **dict.fromkeys(
                ("measured", "earlier", "estimated", "reading_from", "reading_to"), 0.0
            ),
            "is_wrong": False,
        }
        for meter, key in spans.items():
            span = read[key]
            begin, end = meter._get_day_begin(key[1]), meter._get_day_end(key[2])
            last_read = span["last_read"] or begin
            estimated = 0.0
            if last_read < begin + (end - begin) / 2:
                found["is_wrong"] = True
                days = (end - last_read).total_seconds() / 86400
                estimated = round(max(meter.average_per_day, 0.0) * days)
            earlier = span["earlier"] or 0.0
            found["earlier"] += earlier
            found["estimated"] += estimated
            found["measured"] += span["consumed"] - earlier
            found["reading_from"] += (span["start"] or 0.0) + earlier
            found["reading_to"] += (span["end"] or 0.0) + estimated
        return found
