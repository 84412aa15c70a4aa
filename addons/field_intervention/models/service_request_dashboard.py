from datetime import datetime, time, timedelta
from math import inf

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain

TODAY = Domain("planned_start", "<", "today +1d") & Domain("planned_end", ">=", "today")
TODAY &= Domain("state", "!=", "cancelled")
BUSIEST = 12


class ServiceRequest(models.Model):
    """What is done today, and by whom, on the manager's dashboard."""

    _inherit = "service.request"

    @api.model
    def _get_today_sections(self):
        return [
            *super()._get_today_sections(),
            {
                "name": self.env._("Work of Today"),
                "figures": self._get_intervention_figures(),
            },
            {
                "name": self.env._("Technicians Today"),
                "figures": self._get_technician_figures(),
            },
        ]

    @api.model
    def _prepare_intervention_figure(self, name, domain, value=None, **options):
        interventions = self.env["service.intervention"]
        if value is None:
            value = interventions.search_count(domain)
        return self._prepare_figure(name, domain, value, model=interventions._name, **options)

    @api.model
    def _get_intervention_figures(self):
        ended = Domain("state", "in", ("done", "to_resume"))
        return [
            self._prepare_intervention_figure(self.env._("Interventions Planned"), TODAY),
            self._prepare_intervention_figure(
                self.env._("Interventions Done"), ended & Domain("done_date", ">=", "today")
            ),
        ]

    @api.model
    def _get_technician_figures(self):
        """The busiest technicians: what is planned, in percent of the hours that they work.

        On a day off it is told in hours.
        """
        today = fields.Date.context_today(self)
        start, stop = (
            self.env.tz.localize(datetime.combine(day, time.min))
            .astimezone(utc)
            .replace(tzinfo=None)
            for day in (today, today + timedelta(days=1))
        )
        board = self.env["service.intervention"].get_board(start, stop)
        busy = [
            (day["planned"] / day["available"] if day["available"] else inf, day["planned"], who)
            for who in board["technicians"]
            for day in who["days"]
            if day["planned"]
        ]
        busy.sort(key=lambda entry: entry[:2], reverse=True)
        return [
            self._prepare_intervention_figure(
                who["name"],
                TODAY & _is_busy(who["id"]),
                round(hours, 1) if share == inf else round(100 * share),
                unit=self.env._("h") if share == inf else "%",
                tone="danger" if share > 1 else "",
            )
            for share, hours, who in busy[:BUSIEST]
        ]


def _is_busy(technician_id):
    alone = Domain("technician_id", "=", technician_id)
    return alone | Domain("helper_ids", "in", technician_id)
