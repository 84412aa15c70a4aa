from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL


class ServiceMeter(models.Model):
    """What meters tell the contracts: how far machines have run."""

    _inherit = "service.meter"

    @api.model
    def _read_totals(self, equipment_ids, type_ids, date):
        """What machines have run in all until the end of a day, in one query.

        :param equipment_ids: ids of service.equipment
        :param type_ids: ids of service.meter.type
        :param date: a day, in the time zone of the environment
        :return: ``{equipment id: {type id: total}}`` of the meters that were read until then; the
            highest of several meters of one type
        """
        self.flush_model(["equipment_id", "type_id", "active"])
        self.env["service.meter.reading"].flush_model()
        totals = {}
        for equipment_id, type_id, total in self.env.execute_query(
            SQL(
                """
                SELECT meter.equipment_id, meter.type_id, MAX(run.total)::float8
                  FROM service_meter meter
            CROSS JOIN LATERAL (
                            SELECT (array_agg(value ORDER BY date, id))[1] + SUM(consumed) AS total
                              FROM service_meter_reading
                             WHERE meter_id = meter.id AND active AND date < %(end)s
                       ) run
                 WHERE meter.active
                   AND meter.equipment_id = ANY(%(machines)s)
                   AND meter.type_id = ANY(%(types)s)
                   AND run.total IS NOT NULL
              GROUP BY meter.equipment_id, meter.type_id
                """,
                machines=list(equipment_ids),
                types=list(type_ids),
                end=self._get_day_end(date),
            )
        ):
            totals.setdefault(equipment_id, {})[type_id] = total
        return totals

    @api.model
    def _get_day_end(self, date):
        """The moment when a day is over in the time zone of the environment, naive UTC."""
        midnight = self.env.tz.localize(datetime.combine(date + timedelta(days=1), time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _read_consumption(self, first_day, last_day):
        """What these meters counted by the readings of a period, in one query.

        :param first_day: first day, in the time zone of the environment
        :param last_day: last day
        :return: ``{service.meter: consumed}``, of readings from the one before the period on
        """
        begin, end = self._get_day_end(first_day - timedelta(days=1)), self._get_day_end(last_day)
        consumed = dict(
            self.env["service.meter.reading"]._read_group(
                [("meter_id", "in", self.ids), ("date", ">=", begin), ("date", "<", end)],
                ["meter_id"],
                ["consumed:sum"],
            )
        )
        return {meter: consumed.get(meter, 0.0) for meter in self}
