from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ServiceMeter(models.Model):
    """What meters tell the contracts: how far machines have run."""

    _inherit = "service.meter"

    @api.model
    def _read_totals(self, equipment_ids, type_ids, date):
        """What machines have run in all until the end of a day, in one query.

        :param equipment_ids: ids of service.equipment
        :param type_ids: ids of service.meter.type
        :param date: a day, which ends where the agency of each machine is
        :return: ``{equipment id: {type id: total}}`` of the meters that were read until then; the
            highest of several meters of one type
        """
        self.flush_model(["equipment_id", "type_id", "active"])
        self.env["service.meter.reading"].flush_model()
        self.env["service.equipment"].flush_model(["agency_id"])
        self.env["service.agency"].flush_model(["tz"])
        totals = {}
        for equipment_id, type_id, total in self.env.execute_query(
            SQL(
                """
                SELECT meter.equipment_id, meter.type_id, MAX(run.total)::float8
                  FROM service_meter meter
                  JOIN service_equipment machine ON machine.id = meter.equipment_id
             LEFT JOIN service_agency agency ON agency.id = machine.agency_id
            CROSS JOIN LATERAL (
                            SELECT (array_agg(value ORDER BY date, id))[1] + SUM(consumed) AS total
                              FROM service_meter_reading
                             WHERE meter_id = meter.id AND active
                               AND date < %(midnight)s AT TIME ZONE COALESCE(agency.tz, %(tz)s)
                                                       AT TIME ZONE 'UTC'
                       ) run
                 WHERE meter.active
                   AND meter.equipment_id = ANY(%(machines)s)
                   AND meter.type_id = ANY(%(types)s)
                   AND run.total IS NOT NULL
              GROUP BY meter.equipment_id, meter.type_id
                """,
                machines=list(equipment_ids),
                types=list(type_ids),
                midnight=datetime.combine(date + timedelta(days=1), time.min),
                tz=self.env.tz.zone,
            )
        ):
            totals.setdefault(equipment_id, {})[type_id] = total
        return totals

    def _get_day_end(self, date):
        """The moment when a day is over where the agency of this meter is, naive UTC."""
        zone = self._get_zone()
        midnight = zone.localize(datetime.combine(date + timedelta(days=1), time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_zone(self):
        """The time zone of the machine's agency, which who reads the meter need not see."""
        agency_sudo = self.sudo().equipment_id.agency_id
        return pytz.timezone(agency_sudo._get_tz() or self.env.tz.zone)

    def _read_consumption(self, first_day, last_day):
        """What these meters counted by the readings of a period, in one query.

        :param first_day: first day, where the agency of each machine is
        :param last_day: last day
        :return: ``{service.meter: consumed}``, of readings from the one before the period on
        """
        domain = Domain.OR(
            Domain("meter_id", "in", meters.ids)
            & Domain("date", ">=", meters[0]._get_day_end(first_day - timedelta(days=1)))
            & Domain("date", "<", meters[0]._get_day_end(last_day))
            for meters in self.grouped(lambda meter: meter._get_zone()).values()
        )
        consumed = dict(
            self.env["service.meter.reading"]._read_group(domain, ["meter_id"], ["consumed:sum"])
        )
        return {meter: consumed.get(meter, 0.0) for meter in self}
