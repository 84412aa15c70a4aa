import uuid
from datetime import datetime
from operator import methodcaller

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from odoo.addons.field_intervention.models.service_intervention import ENDED
from odoo.addons.field_intervention.models.service_intervention_steps import (
    TRANSITIONS,
    UNDER_WAY,
)

from .payload import Malformed, get_moment
from .service_field_command import Handler

_lt = LazyTranslate(__name__)

# step: the state it leads to (none: it stays), the time that starts (none: that of the state), the
# action
STEPS = {
    "leave": ("on_the_way", "travel", "action_leave"),
    "arrive": ("on_site", "work", "action_arrive"),
    "start": ("on_site", "work", "action_start"),
    "pause": (None, "pause", "action_pause"),
    "resume": (None, None, "action_resume"),
}
OUTCOMES = ("done", "to_resume")
TIME_KINDS = ("travel", "work", "pause")


class ServiceFieldCommand(models.Model):
    """The steps of an intervention, and the time that they took.

    Time is a fact and always kept; the state changes by allowed transitions only.
    """

    _inherit = "service.field.command"

    @api.model
    def _get_handlers(self):
        intervention = {"intervention": uuid.UUID}
        return {
            **super()._get_handlers(),
            "step": Handler(
                _lt("Step"), self._apply_step, {**intervention, "step": str, "at": datetime}
            ),
            "finish": Handler(
                _lt("End of the Work"),
                self._apply_finish,
                {
                    **intervention,
                    "outcome": str,
                    "at": datetime,
                    "satisfied?": bool,
                    "reason?": str,
                },
            ),
            "time": Handler(
                _lt("Time"),
                self._apply_time,
                {**intervention, "kind": str, "start": datetime, "stop": datetime},
            ),
        }

    @api.model
    def _find_intervention(self, payload):
        """The intervention that a payload names, and what the office should know.

        :return: (intervention, review or False). One that was given to somebody else is sudoed:
            the technician took it along, and what was done on it is a fact.
        :raise UserError: when the technician never had it
        """
        uuid_ = payload["intervention"]
        user = self.env.user
        intervention = self.env["service.intervention"].search([("uuid", "=", uuid_)])
        mine = intervention and (
            intervention.technician_user_id == user
            or user in intervention.sudo().helper_ids.user_id
            or intervention.create_uid == user
        )
        review = False
        if not mine:
            intervention = self.env["service.field.handout"]._find(uuid_)
            review = "given_away"
        if not intervention:
            raise UserError(
                self.env._(
                    "This intervention is unknown, or it was never given to you: call the office."
                )
            )
        if intervention.state == "cancelled":
            review = "cancelled"
        elif intervention.state in ENDED and not review:
            review = "ended"
        return intervention, review

    @api.model
    def _get_moment(self, value):
        return get_moment(value, fields.Datetime.now())

    def _apply_step(self, payload):
        if payload["step"] not in STEPS:
            raise Malformed("step")
        state, kind, action = STEPS[payload["step"]]
        intervention, review = self._find_intervention(payload)
        kind = kind or UNDER_WAY.get(intervention.state, "work")
        at = self._get_step_moment(intervention, payload["at"])
        result = {"intervention": intervention}
        reached = state and intervention.state == state
        allowed = (
            intervention.state in TRANSITIONS[state] if state else intervention.state in UNDER_WAY
        )
        if review or not (allowed or reached):
            conflict = self._describe_conflict(intervention, review)
            return {
                **result,
                "review": review,
                "conflict": conflict,
                **self._keep_time(intervention, kind, at),
            }
        if reached:
            intervention._start_time(kind, at)
        else:
            methodcaller(action, at=at)(intervention)
        return result

    @api.model
    def _get_step_moment(self, intervention, value):
        """When a step happened: never before the stretch of time that it ends."""
        running = intervention.time_ids.filtered(lambda time: not time.stop)
        return max([self._get_moment(value), *running.mapped("start")])

    @api.model
    def _keep_time(self, intervention, kind, at):
        """Keep the time of a step that could not be taken."""
        if intervention.state in ENDED:
            # an ended intervention has no running clock: a moment is kept, its length unknown
            times = intervention.time_ids.create(
                [{"intervention_id": intervention.id, "kind": kind, "start": at, "stop": at}]
            )
        else:
            times = intervention._start_time(kind, at)
        return {"time": times.ids if times else []}

    @api.model
    def _describe_conflict(self, intervention, review):
        states = dict(intervention._fields["state"]._description_selection(self.env))
        if review == "given_away":
            return self.env._(
                "%(intervention)s was given to somebody else meanwhile: the work is kept, the "
                "state is not changed.",
                intervention=intervention.name,
            )
        return self.env._(
            "%(intervention)s is « %(state)s » meanwhile: the work is kept, the state is not "
            "changed.",
            intervention=intervention.name,
            state=states[intervention.state],
        )

    def _apply_finish(self, payload):
        outcome = payload["outcome"]
        if outcome not in OUTCOMES:
            raise Malformed("outcome")
        intervention, review = self._find_intervention(payload)
        result = {"intervention": intervention}
        if intervention.state == outcome and review == "ended":
            return result
        at = self._get_step_moment(intervention, payload["at"])
        if review or intervention.state not in TRANSITIONS[outcome]:
            intervention.time_ids.filtered(lambda time: not time.stop).stop = at
            conflict = self._describe_conflict(intervention, review)
            return {**result, "review": review, "conflict": conflict}
        intervention.satisfied = outcome == "done" and bool(payload.get("satisfied"))
        if outcome == "to_resume":
            intervention.action_to_resume(at, payload.get("reason"))
        elif intervention.action_done(at) is not True:
            # the request has open questions that only the office can answer
            result["review"] = "question"
        elif intervention.satisfied and "not_ok" in intervention.operation_ids.mapped("result"):
            result["review"] = "not_ok"
        return result

    def _apply_time(self, payload):
        if payload["kind"] not in TIME_KINDS:
            raise Malformed("kind")
        intervention, review = self._find_intervention(payload)
        start, stop = self._get_moment(payload["start"]), self._get_moment(payload["stop"])
        times = intervention.time_ids.create(
            [
                {
                    "intervention_id": intervention.id,
                    "kind": payload["kind"],
                    "start": start,
                    "stop": stop,
                }
            ]
        )
        return {"intervention": intervention, "review": review, "time": times.ids}
