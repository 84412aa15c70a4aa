from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .service_intervention import ENDED
from .service_intervention_steps import UNDER_WAY

NOT_BEGUN = ("draft", "planned", "dispatched")


class ServicePlanVisit(models.Model):
    """One visit of one machine that a plan asks for."""

    _name = "service.plan.visit"
    _description = "Due Visit"
    _order = "due_date, id"
    _rec_names_search = ["plan_id", "equipment_id"]

    plan_id = fields.Many2one(
        "service.plan", string="Service Plan", required=True, index=True, ondelete="cascade"
    )
    equipment_id = fields.Many2one(
        "service.equipment", string="Machine", required=True, index=True, ondelete="cascade"
    )
    occurrence = fields.Integer(
        required=True, readonly=True, help="Which visit of this machine it is: none is made twice."
    )
    contract_id = fields.Many2one("service.contract", index="btree_not_null", readonly=True)
    company_id = fields.Many2one(
        related="equipment_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="equipment_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    site_id = fields.Many2one(
        related="equipment_id.site_id", store=True, precompute=True, index="btree_not_null"
    )
    agency_id = fields.Many2one(
        related="equipment_id.agency_id", store=True, precompute=True, index=True
    )
    is_regulatory = fields.Boolean(related="plan_id.is_regulatory", string="Regulatory")
    due_date = fields.Date(
        index=True, help="Empty while nothing says when the meter will be there."
    )
    release_date = fields.Date(
        readonly=True, help="From this day on it becomes a request and an intervention."
    )
    latest_date = fields.Date(readonly=True, help="After this day it counts as missed.")
    due_meter = fields.Float(digits=(16, 3), help="What the meter reads when it is due.")
    state = fields.Selection(
        [
            ("forecast", "Forecast"),
            ("due", "Due"),
            ("scheduled", "Scheduled"),
            ("done", "Done"),
            ("missed", "Missed"),
            ("skipped", "Skipped"),
        ],
        required=True,
        default="forecast",
        readonly=True,
    )
    is_called_off = fields.Boolean(
        string="Called Off",
        readonly=True,
        help="Skipped because its contract or machine was gone, not because somebody said so.",
    )
    done_date = fields.Date(string="Done on", readonly=True)
    done_meter = fields.Float(digits=(16, 3), readonly=True)
    request_id = fields.Many2one("service.request", index="btree_not_null", readonly=True)
    intervention_id = fields.Many2one("service.intervention", index="btree_not_null", readonly=True)
    planned_start = fields.Datetime(related="intervention_id.planned_start")
    error = fields.Char(readonly=True, help="Why the visit could not be created; it is retried.")

    _once = models.UniqueIndex(
        "(plan_id, equipment_id, occurrence)", "This visit of the machine exists already."
    )
    _release_idx = models.Index("(release_date) WHERE state IN ('forecast', 'due')")
    _latest_idx = models.Index("(latest_date) WHERE state IN ('due', 'scheduled')")

    @api.depends("plan_id", "equipment_id", "due_date")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.plan_id.name} · {visit.equipment_id.display_name}"

    def action_skip(self):
        """Leave these visits out, and call off what they were scheduled as; the next ones come all
        the same.

        :raise UserError: when a visit was done already, or somebody is at it
        """
        for visit in self:
            if visit.state == "done":
                raise UserError(
                    self.env._(
                        "%(visit)s was done: it cannot be skipped.", visit=visit.display_name
                    )
                )
            if visit.intervention_id.state in UNDER_WAY:
                raise UserError(
                    self.env._(
                        "%(visit)s is being made on %(intervention)s: finish or cancel that one.",
                        visit=visit.display_name,
                        intervention=visit.intervention_id.name,
                    )
                )
        self._call_off(self.env._("The visit is left out."))
        self.filtered(lambda visit: visit.state != "skipped")._skip()
        self.is_called_off = False
        return True

    def _skip(self):
        self.state = "skipped"
        self._forecast_next()

    def action_reopen(self):
        """Make skipped visits due again, and missed ones that nothing was created for.

        A visit whose intervention goes on for other machines is made by that one; so it is with a
        request that needs none.
        """
        again = self.filtered(lambda visit: visit.state in ("skipped", "missed"))
        alive = again.filtered(lambda visit: visit._is_alive())
        alive.filtered(lambda visit: visit.state == "skipped").state = "scheduled"
        (again - alive)._set_due()
        again.is_called_off = False
        return True

    def _set_due(self):
        """The daily batch makes a new request and intervention of these visits."""
        self.write({"state": "due", "request_id": False, "intervention_id": False})

    def _is_alive(self):
        """Whether somebody is to make the visit, or is at it."""
        self.ensure_one()
        if not self.intervention_id:
            return self.request_id.state == "open"
        return self.intervention_id.state not in ENDED

    def _get_deadline(self):
        """The end of the first day on which one of these visits is too late; False without a date.

        What the law requires has no tolerance.
        """
        last = [
            visit.due_date if visit.plan_id.is_regulatory else visit.latest_date for visit in self
        ]
        last = min(filter(None, last), default=False)
        if not last:
            return False
        zone = timezone(self._first().agency_id.tz or "UTC")
        end = zone.localize(datetime.combine(last, time.max.replace(microsecond=0)))
        return end.astimezone(utc).replace(tzinfo=None)

    def action_view_intervention(self):
        """Open what these visits became."""
        return (self.intervention_id or self.request_id)._get_records_action()

    def _set_done(self, moment):
        """Note that these visits were made, and forecast the next ones from that day.

        :param moment: Datetime when they were made
        """
        open_ = self.filtered(lambda visit: visit.state not in ("done", "skipped"))
        if not open_:
            return
        day = fields.Datetime.context_timestamp(self, moment).date()
        for visit in open_:
            meter = visit.equipment_id.meter_ids.filtered(
                lambda m, v=visit: m.type_id == v.plan_id.meter_type_id
            )[:1]
            visit.write(
                {
                    "state": "done",
                    "done_date": day,
                    "done_meter": meter.value or visit.due_meter,
                    "error": False,
                }
            )
        open_._forecast_next()

    def _forecast_next(self):
        """Forecast anew what comes after these visits, also under the contract that followed."""
        if not self:
            return
        self.env.flush_all()
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT other.plan_id, other.equipment_id, other.contract_id
                  FROM service_plan_visit visit
                  JOIN service_plan_visit other
                    ON other.plan_id = visit.plan_id AND other.equipment_id = visit.equipment_id
                   AND (other.id = visit.id OR other.state = 'forecast')
                 WHERE visit.id IN %s
              ORDER BY 1, 2, 3
                """,
                tuple(self.ids),
            )
        )
        plans = self.env["service.plan"]
        plans._forecast(pairs, plans._get_horizon())

    def _stop(self):
        """The machine or the contract is gone: nothing more is to be expected."""
        self.filtered(lambda visit: visit.state == "forecast").unlink()
        waiting = self.exists().filtered(lambda visit: visit.state == "due")
        waiting.write({"state": "skipped", "is_called_off": True})

    def _call_off(self, reason):
        """Cancel what these visits were scheduled as, where nobody has begun.

        :param reason: why, in words for the dispatcher
        """
        visits = self.filtered(
            lambda visit: (
                visit.state == "scheduled"
                and not visit.intervention_id
                or visit.state in ("scheduled", "missed")
                and visit.intervention_id.state in NOT_BEGUN
            )
        )
        interventions = visits.intervention_id
        shared = interventions.filtered(
            lambda i: i.plan_visit_ids.filtered(lambda visit: visit.state == "scheduled") - visits
        )
        (interventions - shared).action_cancel(reason)
        visits.filtered(lambda visit: visit.state != "skipped")._skip()
        visits.is_called_off = True
        for intervention in shared:
            machines = (visits & intervention.plan_visit_ids).equipment_id
            intervention._message_log(
                body=self.env._(
                    "Not to be visited: %(machines)s. %(reason)s",
                    machines=", ".join(machines.mapped("display_name")),
                    reason=reason,
                )
            )
        visits.request_id._filter_needless().action_cancel()
