from datetime import timedelta

from odoo import api, fields, models


class ServiceRequest(models.Model):
    """By when a request must be solved, and whether it will be."""

    _inherit = "service.request"

    commitment_contract_id = fields.Many2one(
        "service.contract",
        string="Committing Contract",
        compute="_compute_deadline",
        store=True,
        index="btree_not_null",
        help="The contract whose commitment gives the deadline.",
    )
    deadline = fields.Datetime(
        compute="_compute_deadline",
        inverse="_inverse_deadline",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="By when the problem must be solved.",
    )
    deadline_manual = fields.Boolean(string="Deadline Set by Hand", readonly=True, copy=False)
    deadline_reason = fields.Char(copy=False, help="Why the deadline was set by hand.")
    response_deadline = fields.Datetime(compute="_compute_deadline", store=True)
    at_risk_date = fields.Datetime(
        string="At Risk from",
        compute="_compute_at_risk_date",
        store=True,
        help="When three quarters of the time have gone.",
    )
    sla_state = fields.Selection(
        [
            ("none", "No Deadline"),
            ("on_track", "On Track"),
            ("at_risk", "At Risk"),
            ("failed", "Failed"),
            ("met", "Met"),
        ],
        string="SLA",
        compute="_compute_sla_state",
        store=True,
        index=True,
    )

    _open_deadline_idx = models.Index("(deadline) WHERE state = 'open'")

    @api.depends(
        "date", "severity_id", "deadline_manual", "company_id", "equipment_line_ids.contract_id"
    )
    def _compute_deadline(self):
        promises = self._plan_promises()
        for request in self:
            solved = [
                (deadline, contract.id, contract)
                for contract, (_response, deadline) in promises[request].items()
                if deadline
            ]
            deadline, _id, contract = min(solved, default=(False, 0, False))
            request.commitment_contract_id = contract
            request.response_deadline = contract and promises[request][contract][0]
            if not request.deadline_manual:
                request.deadline = deadline or request._get_default_deadline()

    def _plan_promises(self):
        """What the contracts that cover each request promise for its severity.

        :return: ``{request: {contract: (response deadline, resolution deadline)}}``, False where
            nothing is promised
        """
        keys, jobs = [], []
        for request in self.filtered("date"):
            for contract in request.equipment_line_ids.contract_id.sudo():
                promise = contract._commitment(request.severity_id)
                timezone = contract.agency_id and contract.agency_id._get_tz()
                for kind in ("response_hours", "resolution_hours"):
                    keys.append((request, contract))
                    jobs.append(
                        (request.date, promise.get(kind), promise.get("calendar"), timezone)
                    )
        ends = self.env["service.contract"]._deadlines(jobs)
        result = {request: {} for request in self}
        for (request, contract), response, resolution in zip(
            keys[::2], ends[::2], ends[1::2], strict=True
        ):
            result[request][contract] = (response, resolution)
        return result

    def _get_default_deadline(self):
        days = self.company_id.service_default_reaction_days
        return (self.date or fields.Datetime.now()) + timedelta(days=days)

    def _inverse_deadline(self):
        # the web client sends back what it was shown: only another date was set by hand
        typed = {request: request.deadline for request in self}
        self.deadline_manual = False
        with self.env.protecting([self._fields["deadline"]], self):
            self._compute_deadline()
            for request, deadline in typed.items():
                if deadline and deadline != request.deadline:
                    request.deadline_manual = True
                    request.deadline = deadline

    @api.depends("date", "deadline")
    def _compute_at_risk_date(self):
        for request in self:
            request.at_risk_date = (
                request.deadline and request.date + (request.deadline - request.date) * 0.75
            )

    @api.depends("deadline", "at_risk_date", "state", "close_date")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for request in self:
            end = request.close_date if request.state == "closed" else now
            if not request.deadline or request.state == "cancelled":
                request.sla_state = "none"
            elif end and end > request.deadline:
                request.sla_state = "failed"
            elif request.state == "closed":
                request.sla_state = "met"
            else:
                request.sla_state = "at_risk" if now >= request.at_risk_date else "on_track"

    @api.model
    def _cron_update_sla_state(self):
        """Move open requests on as time passes: to « at risk », then to « failed »."""
        now = fields.Datetime.now()
        overdue = [("state", "=", "open"), ("deadline", "<", now), ("sla_state", "!=", "failed")]
        self.search(overdue).sla_state = "failed"
        late = [("state", "=", "open"), ("at_risk_date", "<=", now), ("sla_state", "=", "on_track")]
        self.search(late).sla_state = "at_risk"
