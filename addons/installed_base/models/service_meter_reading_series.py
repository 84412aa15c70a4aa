from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

NOT_SAVED = 2**31 - 1  # stands after all readings of the same time


class Trend(NamedTuple):
    """How a meter went on over twelve months."""

    count: int
    slope: float  # a day
    mean: float


class ServiceMeterReading(models.Model):
    """The readings of a meter in their order in time, for any number of meters in one query."""

    _inherit = "service.meter.reading"

    def _get_neighbours(self):
        """Return ``{reading: (the reading before it, the reading after it)}``.

        Readings of the same time stand in the order in which they were entered.
        """
        self.flush_model(["meter_id", "date", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT previous.id, following.id
                  FROM unnest(%(meters)s::int[], %(dates)s::timestamp[], %(ids)s::int[])
                       WITH ORDINALITY AS given (meter_id, date, id, position)
                  LEFT JOIN LATERAL (
                        SELECT reading.id
                          FROM service_meter_reading reading
                         WHERE reading.meter_id = given.meter_id AND reading.active
                               AND (reading.date, reading.id) < (given.date, given.id)
                               AND reading.id <> given.id
                         ORDER BY reading.date DESC, reading.id DESC
                         LIMIT 1
                       ) previous ON TRUE
                  LEFT JOIN LATERAL (
                        SELECT reading.id
                          FROM service_meter_reading reading
                         WHERE reading.meter_id = given.meter_id AND reading.active
                               AND (reading.date, reading.id) > (given.date, given.id)
                               AND reading.id <> given.id
                         ORDER BY reading.date, reading.id
                         LIMIT 1
                       ) following ON TRUE
                 ORDER BY given.position
                """,
                meters=[reading.meter_id._origin.id or None for reading in self],
                dates=[reading.date or None for reading in self],
                ids=[reading._origin.id or NOT_SAVED for reading in self],
            )
        )
        known = {r.id: r for r in self.browse({found for row in rows for found in row if found})}
        nothing = self.browse()
        return {
            reading: (known.get(previous, nothing), known.get(following, nothing))
            for reading, (previous, following) in zip(self, rows, strict=True)
        }

    @api.model
    def _get_trends(self, moments):
        """Return the trend of meters over the twelve months before a moment.

        :param moments: list of (id of the meter, date, id of the reading at that date before which
            to stop, or False to take all)
        :return: list of :class:`Trend`. The slope is that of the straight line that fits best
            (least squares) what was consumed in all, by day. Where twelve months hold one reading
            only, the one before it counts too.
        """
        self.flush_model(["meter_id", "date", "value", "active", "consumed"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT trend.count, trend.slope, trend.mean
                  FROM unnest(%(meters)s::int[], %(dates)s::timestamp[], %(ids)s::int[])
                       WITH ORDINALITY AS given (meter_id, date, id, position)
                 CROSS JOIN LATERAL (
                        SELECT COUNT(*) AS count,
                               REGR_SLOPE(total, day) AS slope,
                               AVG(value) AS mean
                          FROM (
                                SELECT reading.value,
                                       EXTRACT(EPOCH FROM reading.date - given.date)::float
                                       / 86400 AS day,
                                       (SUM(reading.consumed) OVER
                                       (ORDER BY reading.date, reading.id))::float AS total
                                  FROM service_meter_reading reading
                                 WHERE reading.meter_id = given.meter_id AND reading.active
                                       AND (reading.date, reading.id) < (given.date, given.id)
                                       AND reading.id <> given.id
                                       AND reading.date >= LEAST(
                                           given.date - INTERVAL '1 year',
                                           (SELECT MAX(earlier.date)
                                              FROM service_meter_reading earlier
                                             WHERE earlier.meter_id = given.meter_id
                                                   AND earlier.active
                                                   AND earlier.date < given.date)
                                       )
                               ) window_of_readings
                       ) trend
                 ORDER BY given.position
                """,
                meters=[meter or None for meter, _date, _reading in moments],
                dates=[date or None for _meter, date, _reading in moments],
                ids=[reading or NOT_SAVED for _meter, _date, reading in moments],
            )
        )
        return [Trend(count, slope or 0.0, float(mean or 0)) for count, slope, mean in rows]
