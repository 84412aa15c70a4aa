from collections import defaultdict
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.service_contract.models.service_coverage_facts import PROMISED

AT_RISK = 0.75  # of the time allowed


class ServiceRequest(models.Model):
    """By when a request must be solved, and whether it will be."""

    _inherit = "service.request"

    commitment_contract_id = fields.Many2one(
        "service.contract",
        string="Committing Contract",
        compute="_compute_deadline",
        inverse="_inverse_commitment_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('party_ids', '=', commercial_partner_id), ('commitment_ids', '!=', False)]",
        help="The contract whose commitment gives the deadline: the strictest one of those that "
        "cover the machines, or would if nobody had decided who pays; unless somebody chooses "
        "another.",
    )
    commitment_manual = fields.Boolean(
        string="Commitment Chosen by Hand", readonly=True, copy=False
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
        compute="_compute_deadline",
        store=True,
        help="When three quarters of the time have gone.",
    )
    paused_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when the request waits for the customer; the clock stands still.",
    )
    paused_hours = fields.Float(
        readonly=True,
        copy=False,
        help="Hours that the request waited for the customer, counted as the commitment counts "
        "them: in the opening hours of its calendar, or day and night.",
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
    # with what record rules ask: late ones are counted without reading them
    _open_failed_idx = models.Index(
        "(id) INCLUDE (company_id, agency_id) WHERE state = 'open' AND sla_state = 'failed'"
    )
    _open_at_risk_idx = models.Index("(at_risk_date) WHERE sla_state = 'on_track'")

    @api.depends(
        "date",
        "severity_id",
        "deadline_manual",
        "commitment_manual",
        "paused_hours",
        "company_id",
        "contract_id",
        "coverage",
        "equipment_line_ids.contract_id",
        "equipment_line_ids.coverage",
    )
    def _compute_deadline(self):
        for request, promises in self._plan_promises().items():
            request._set_deadlines(promises)

    def _set_deadlines(self, promises):
        """Take over what the contracts promise.

        :param promises: those of this request, as of ``_plan_promises``
        """
        contract = self.commitment_contract_id
        if not self.commitment_manual:
            contract = min(
                (c for c, promise in promises.items() if promise["deadline"]),
                key=lambda c: (promises[c]["deadline"], c.id),
                default=contract.browse(),
            )
        promise = promises.get(contract) or {}
        self.commitment_contract_id = contract
        self.response_deadline = promise.get("response")
        if not self.deadline_manual:
            self.deadline = promise.get("deadline") or self._get_default_deadline()
        self.at_risk_date = not self.deadline_manual and promise.get("at_risk")
        if not self.at_risk_date:
            start = self.date or fields.Datetime.now()
            self.at_risk_date = self.deadline and start + (self.deadline - start) * AT_RISK

    def _plan_promises(self):
        """What the contracts that cover each request promise for its severity.

        Hours spent waiting for the customer are added to what was promised.

        :return: ``{request: {contract: {"response", "onsite", "at_risk", "deadline"}}}``, False
            where nothing is promised
        """
        concerned = self._find_committing_contracts()
        self.env["service.contract"].sudo().union(*concerned.values()).fetch(PROMISED)
        keys, jobs = [], []
        for request, contracts in concerned.items():
            for contract in contracts:
                contract_sudo = contract.sudo()
                promise = contract_sudo._commitment(request.severity_id)
                timezone = promise.get("calendar") and contract_sudo.agency_id._get_tz()
                resolution, waited = promise.get("resolution_hours"), request.paused_hours
                for name, hours in (
                    ("response", promise.get("response_hours")),
                    ("onsite", promise.get("onsite_hours")),
                    ("at_risk", resolution and resolution * AT_RISK + waited),
                    ("deadline", resolution and resolution + waited),
                ):
                    keys.append((request, contract, name))
                    jobs.append((request.date, hours, promise.get("calendar"), timezone))
        ends = self.env["service.contract"]._deadlines(jobs)
        result = {request: defaultdict(dict) for request in self}
        for (request, contract, name), end in zip(keys, ends, strict=True):
            result[request][contract][name] = end
        return result

    def _find_committing_contracts(self):
        """The contracts whose commitments may hold, for each request.

        Those are the chosen one and those of the machines, or of the request without any. Who pays
        may be decided by hand; that does not take back the time promised by the contract that would
        cover. Refusing the coverage does: the contract has nothing to do with it then.

        :return: ``{request: service.contract}``
        """
        dated = self.filtered("date")
        decided = [(r, c) for r in dated for c in r.equipment_line_ids or r]
        apart = [(r, c) for r, c in decided if c._is_paid_apart()]
        asked = [(r, item) for r, c in apart if (item := c._prepare_coverage_item())]
        answers = self._judge([r for r, _item in asked], [item for _r, item in asked])
        concerned = {request: self.env["service.contract"] for request in self}
        for request, coverage in decided:
            concerned[request] |= coverage.contract_id
        for (request, _item), answer in zip(asked, answers, strict=True):
            concerned[request] |= concerned[request].browse(answer["contract_id"] or ())
        for request in dated.filtered("commitment_manual"):
            concerned[request] |= request.commitment_contract_id
        return concerned

    def _get_default_deadline(self):
        days = self.company_id.service_default_reaction_days
        start = self.date or fields.Datetime.now()
        return start + timedelta(days=days, hours=self.paused_hours)

    @api.onchange("deadline")
    def _onchange_deadline(self):
        """The reason is asked for as soon as another date is typed."""
        promises = self._plan_promises()[self]
        automatic = promises[self.commitment_contract_id].get("deadline")
        automatic = automatic or self._get_default_deadline()
        self.deadline_manual = bool(self.deadline) and self.deadline != automatic

    def _inverse_deadline(self):
        # the web client sends back what it was shown: only another date was set by hand
        typed = {request: request.deadline for request in self}
        self.deadline_manual = False
        self._compute_deadline()
        by_hand = self.filtered(lambda r: typed[r] and typed[r] != r.deadline)
        for request in by_hand:
            request.deadline = typed[request]
        by_hand.deadline_manual = True
        by_hand._compute_deadline()

    def _inverse_commitment_contract_id(self):
        # the web client sends back what it was shown: only another contract was chosen by hand
        typed = {request: request.commitment_contract_id for request in self}
        self.commitment_manual = False
        self._compute_deadline()
        by_hand = self.filtered(lambda r: typed[r] and typed[r] != r.commitment_contract_id)
        for request in by_hand:
            request.commitment_contract_id = typed[request]
        by_hand.commitment_manual = True
        by_hand._compute_deadline()

    # ------------------------------------------------------------ the clock
    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        now, before = fields.Datetime.now(), self._filter_paused()
        stage = self.env["service.request.stage"].browse(vals["stage_id"])
        if stage._get_state() != "paused":
            before._stop_waiting(now)
        result = super().write(vals)
        (self._filter_paused() - before).paused_since = now
        return result

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._filter_paused().paused_since = fields.Datetime.now()
        return requests

    def _filter_paused(self):
        """Those among these requests that wait for the customer."""
        return self.filtered(lambda r: r.stage_id._get_state() == "paused")

    def _stop_waiting(self, now):
        """The customer answered: the hours waited for are added to the deadline."""
        for request in self.filtered("paused_since"):
            if request.deadline_manual:
                request.deadline += now - request.paused_since
            request.paused_hours += request._count_hours(request.paused_since, now)
        self.paused_since = False

    def _count_hours(self, start, end):
        """Hours between two moments that the commitment of this request counts."""
        contract = self.commitment_contract_id.sudo()
        calendar = contract and contract._commitment(self.severity_id).get("calendar")
        periods = [(start, end)]
        if calendar:
            periods = calendar._get_work_periods(
                start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), contract.agency_id.tz
            )
        return sum((b - a).total_seconds() for a, b in periods) / 3600

    @api.depends("deadline", "at_risk_date", "state", "close_date", "paused_since")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for request in self:
            moment = request.paused_since or now
            if request.state == "closed":
                moment = request.close_date or now
            if not request.deadline or request.state == "cancelled":
                request.sla_state = "none"
            elif moment > request.deadline:
                request.sla_state = "failed"
            elif request.state == "closed":
                request.sla_state = "met"
            else:
                late = request.at_risk_date and moment >= request.at_risk_date
                request.sla_state = "at_risk" if late else "on_track"

    @api.model
    def _cron_update_sla_state(self):
        """Move open requests on as time passes, and tell those who are responsible."""
        now = fields.Datetime.now()
        running = Domain("state", "=", "open") & Domain("paused_since", "=", False)
        failed = self.search(
            running & Domain("deadline", "<", now) & Domain("sla_state", "!=", "failed")
        )
        failed.sla_state = "failed"
        at_risk = self.search(
            running & Domain("at_risk_date", "<=", now) & Domain("sla_state", "=", "on_track")
        )
        at_risk.sla_state = "at_risk"
        failed._notify_responsible("failed")
        at_risk._notify_responsible("at_risk")

    def _get_responsible(self):
        """Who answers for this request: its assignee, or who manages its queue or its agency."""
        return (
            self.user_id
            or self.queue_id.sudo().manager_id
            or (self.dispatch_agency_id or self.agency_id).sudo().manager_id
        )

    def _notify_responsible(self, sla_state):
        """One message to each responsible user about all of their requests of this state."""
        by_user = self.grouped(lambda r: r._get_responsible())
        by_user.pop(self.env["res.users"], None)
        for user, requests in by_user.items():
            env = self.with_context(lang=user.lang).env
            subject = (
                env._("Requests past their deadline: %(count)s", count=len(requests))
                if sla_state == "failed"
                else env._("Requests about to be late: %(count)s", count=len(requests))
            )
            requests._notify_user(user, subject)
