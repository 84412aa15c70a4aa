from odoo import api, fields, models


class ServiceIntervention(models.Model):
    """The visits of preventive plans that an intervention makes."""

    _inherit = "service.intervention"

    plan_visit_id = fields.Many2one(
        "service.plan.visit",
        string="First Due Visit",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    plan_visit_ids = fields.One2many(
        "service.plan.visit", "intervention_id", string="Due Visits", readonly=True
    )

    @api.depends("plan_visit_id")
    def _compute_deadline(self):
        """A visit that has no request yet is due as its plan says."""
        alone = self.filtered(lambda i: i.plan_visit_id and not i.request_id)
        for intervention in alone:
            intervention.deadline = intervention.plan_visit_id._get_deadline()
        return super(ServiceIntervention, self - alone)._compute_deadline()

    def _end(self, state, at=None):
        result = super()._end(state, at)
        if state == "done":
            # whoever does the work does not plan the next visit
            for intervention in self.sudo().filtered("plan_visit_ids"):
                intervention.plan_visit_ids._set_done(intervention.done_date)
        return result

    def action_to_resume(self, at=None, reason=None):
        """The visits of plans are made by the follow-up."""
        follow_ups = super().action_to_resume(at, reason)
        for intervention, follow_up in zip(self, follow_ups, strict=True):
            intervention.sudo().plan_visit_ids.intervention_id = follow_up
        return follow_ups

    def action_cancel(self, reason=False):
        """The visits of plans are left out; they can be made due again."""
        result = super().action_cancel(reason)
        visits = self.sudo().plan_visit_ids
        visits.filtered(lambda visit: visit.state != "done")._skip()
        return result

    def unlink(self):
        """What was to be used stays on the request; the visits of plans are due again.

        A request that was made for nothing else is given up.
        """
        self.consumption_ids.filtered(lambda c: c.state != "done").intervention_id = False
        visits = self.sudo().plan_visit_ids
        requests = visits.request_id
        result = super().unlink()
        visits.filtered(lambda visit: visit.state in ("scheduled", "missed"))._set_due()
        requests._filter_needless().action_cancel()
        return result

    def _ensure_requests(self):
        """The visits of plans hang on the new request as well, with the parts that they need."""
        alone = self.filtered(lambda i: not i.request_id)
        result = super()._ensure_requests()
        for intervention in alone.sudo().filtered("plan_visit_ids"):
            intervention.plan_visit_ids.request_id = intervention.request_id
            intervention.plan_visit_ids._create_parts()
        return result

    def _prepare_request_values(self):
        values = super()._prepare_request_values()
        plan = self.sudo().plan_visit_id.plan_id
        if not plan:
            return values
        return {
            **values,
            "title": plan.name,
            "origin": "plan",
            "visit_deadline": self.sudo().plan_visit_ids._get_deadline(),
            "type_id": plan.request_type_id.id,
            **({"competence_id": plan.competence_id.id} if plan.competence_id else {}),
        }
