from odoo import api, fields, models

from .service_plan_visit import NOT_BEGUN


class ServiceRequest(models.Model):
    _inherit = "service.request"

    intervention_ids = fields.One2many("service.intervention", "request_id", string="Interventions")
    intervention_count = fields.Integer(
        string="Number of Interventions", compute="_compute_intervention_count"
    )

    def _compute_intervention_count(self):
        # how many there are is no secret to who sees the request; its buttons ask for it
        counts = dict(
            self.env["service.intervention"]
            .sudo()
            ._read_group([("request_id", "in", self.ids)], ["request_id"], ["__count"])
        )
        for request in self:
            request.intervention_count = counts.get(request.sudo(), 0)

    plan_visit_ids = fields.One2many("service.plan.visit", "request_id", string="Due Visits")
    onsite_deadline = fields.Datetime(
        compute="_compute_deadline",
        store=True,
        help="By when a technician must be on site, as the contract promises.",
    )
    visit_deadline = fields.Datetime(
        readonly=True,
        copy=False,
        help="By when the preventive visits of the request must be made, as their plan says.",
    )
    first_arrival_date = fields.Datetime(
        string="First on Site", compute="_compute_first_arrival_date", store=True
    )

    @api.depends("visit_deadline")
    def _compute_deadline(self):
        return super()._compute_deadline()

    def _get_default_deadline(self):
        return self.visit_deadline or super()._get_default_deadline()

    def _set_deadlines(self, promises):
        # how fast a contract answers when something fails does not concern a visit of a plan
        if self.visit_deadline and not self.commitment_manual:
            promises = {}
        result = super()._set_deadlines(promises)
        promised = [promise["onsite"] for promise in promises.values() if promise["onsite"]]
        self.onsite_deadline = min(promised, default=False)
        return result

    @api.depends("intervention_ids.arrival_date", "intervention_ids.intervention_type")
    def _compute_first_arrival_date(self):
        for request in self:
            visits = request.intervention_ids.filtered(
                lambda i: i.arrival_date and i.intervention_type == "onsite"
            )
            request.first_arrival_date = min(visits.mapped("arrival_date"), default=False)

    def _filter_asking(self):
        """Nobody calls off a visit that is planned without being told."""
        # whoever closes need not see all the visits
        visits_sudo = self.env["service.intervention"].sudo()
        planned = visits_sudo._read_group(
            [("request_id", "in", self.ids), ("state", "in", NOT_BEGUN)], ["request_id"]
        )
        return super()._filter_asking() | self.browse(request.id for (request,) in planned)

    def _action_post_state_change(self):
        """Nobody sets off for a request that is over.

        A preventive visit that needs no intervention is made when its request is closed.
        """
        result = super()._action_post_state_change()
        # whoever ends a request need not plan, or see, all the visits of it
        over_sudo = self.sudo().filtered(lambda request: request.state != "open")
        waiting_sudo = over_sudo.intervention_ids.filtered(lambda i: i.state in NOT_BEGUN)
        for request_sudo, interventions_sudo in waiting_sudo.grouped("request_id").items():
            interventions_sudo.action_cancel(
                self.env._("%(request)s was closed or cancelled.", request=request_sudo.name)
            )
            request_sudo._message_log(
                body=self.env._(
                    "Not begun, and called off: %(interventions)s",
                    interventions=", ".join(interventions_sudo.mapped("name")),
                )
            )
        alone_sudo = over_sudo.plan_visit_ids.filtered(
            lambda visit: not visit.intervention_id and visit.state in ("scheduled", "missed")
        )
        made_sudo = alone_sudo.filtered(lambda visit: visit.request_id.state == "closed")
        made_sudo._set_done(fields.Datetime.now())
        (alone_sudo - made_sudo)._skip()
        return result

    def _filter_needless(self):
        """Those of these requests that were made for visits which nobody is to make any more."""
        return self.filtered(
            lambda request: (
                request.origin == "plan"
                and request.state == "open"
                and all(i.state == "cancelled" for i in request.intervention_ids)
                and not request.consumption_ids.filtered(lambda c: c.state == "done")
            )
        )

    def _refuse_quotation(self, order):
        """What the workshop was to do is given up with its estimate."""
        result = super()._refuse_quotation(order)
        self.intervention_ids._give_up_repair(order)
        return result

    def action_plan_intervention(self):
        """Open a new intervention prefilled from this request, ready for a date and a technician.

        :return: window action on ``service.intervention``
        """
        self.ensure_one()
        return self._open_new_intervention({"default_request_id": self.id})

    def action_record_intervention(
        self, report=None, technician_id=False, start=False, stop=False, satisfied=False
    ):
        """Record an intervention that was done already, with its report.

        :param report: html of what was done; without it a dialogue asks for it and for the rest
        :param technician_id: id of the hr.employee who did it
        :param start: Datetime when the work began (default: an hour before the end)
        :param stop: Datetime when it ended (default: now)
        :param satisfied: whether the request is solved, and is closed
        :return: the dialogue, or an action that opens the intervention
        """
        self.ensure_one()
        record = self.env["service.intervention.record"].create(
            {
                "request_id": self.id,
                **({"technician_id": technician_id} if technician_id else {}),
                **({"stop": stop} if stop else {}),
                **({"start": start} if start else {}),
                "report": report,
                "satisfied": satisfied,
            }
        )
        if report:
            return record.action_record()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an Intervention"),
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_interventions(self):
        """Open the planned and past interventions of this request."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_intervention.service_intervention_action"
        )
        return {
            **action,
            "domain": [("request_id", "=", self.id)],
            "context": {"default_request_id": self.id},
        }

    @api.model
    def _open_new_intervention(self, defaults):
        # in a dialogue, because a form of its own would be saved empty when the tab is left
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Intervention"),
            "res_model": "service.intervention",
            "view_mode": "form",
            "target": "new",
            "context": defaults,
        }
