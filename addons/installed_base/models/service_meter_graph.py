import json

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class ServiceMeter(models.Model):
    _inherit = "service.meter"

    reading_graph = fields.Text(compute="_compute_reading_graph")

    @api.depends("reading_ids")
    @api.depends_context("lang", "tz")
    def _compute_reading_graph(self):
        points = self._get_graph_points()
        for meter in self:
            values = [
                {"x": format_date(self.env, date), "y": value}
                for date, value in points.get(meter._origin.id, ())
            ]
            meter.reading_graph = json.dumps([{"key": meter.uom_id.name, "values": values}])

    def _get_graph_points(self):
        """Return ``{meter id: [(date, value)]}`` in one query: the last reading of each week of the
        twelve months before the last one, which is what a small picture can show."""
        self.flush_recordset(["last_reading_date"])
        self.env["service.meter.reading"].flush_model(["meter_id", "date", "value", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (meter.id, DATE_TRUNC('week', reading.date))
                       meter.id, reading.date, reading.value::float
                  FROM service_meter meter
                  JOIN service_meter_reading reading
                       ON reading.meter_id = meter.id AND reading.active
                          AND reading.date >= meter.last_reading_date - INTERVAL '1 year'
                 WHERE meter.id = ANY(%s::int[])
                 ORDER BY meter.id, DATE_TRUNC('week', reading.date), reading.date DESC,
                       reading.id DESC
                """,
                self._origin.ids,
            )
        )
        points = {}
        for meter, date, value in rows:
            points.setdefault(meter, []).append((date, value))
        return points
