from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .service_coverage_mixin import COVERAGES

PRICE_GROUPS = "installed_base.group_service_user,account.group_account_invoice"
STATES = [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")]
FULL = {"parts": 100.0, "labor": 100.0, "travel": 100.0}
NOTHING = {"parts": 0.0, "labor": 0.0, "travel": 0.0}


class ServiceRequest(models.Model):
    """What a customer asks for (X3: demande de service), the hub of the suite."""

    _name = "service.request"
    _description = "Service Request"
    _inherit = ["mail.thread", "mail.activity.mixin", "service.coverage.mixin"]
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ["name", "title", "customer_ref"]

    # Header
    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        copy=False,
        help="When the customer asked: coverage and deadline are judged from it.",
    )
    customer_number = fields.Integer(
        readonly=True,
        copy=False,
        help="Chronological number of this customer's requests: a hole reveals a deleted one.",
    )
    customer_ref = fields.Char(
        string="Customer Reference", readonly=True, copy=False, index="trigram"
    )
    agency_id = fields.Many2one(
        "service.agency",
        compute="_compute_agency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
    )
    principal_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('is_service_principal', '=', True)]",
        help="The company on whose behalf we serve this customer.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        domain="[('parent_id', '=', False)]",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="The address where the problem is.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="The person who asks.",
    )

    # Description
    title = fields.Char(required=True, tracking=True)
    description = fields.Html()
    type_id = fields.Many2one("service.request.type", index="btree_not_null")
    origin = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("plan", "Service Plan"),
            ("meter", "Meter"),
            ("sale", "Sale"),
            ("field", "Field"),
            ("manual", "Manual"),
        ],
        required=True,
        default="phone",
    )
    origin_reference = fields.Char()

    # What it is about
    equipment_line_ids = fields.One2many("service.request.equipment", "request_id", copy=True)
    equipment_id = fields.Many2one(
        "service.equipment",
        string="Machine",
        compute="_compute_equipment_id",
        inverse="_inverse_equipment_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        help="The machine that a consumption goes to when it names none.",
    )
    competence_id = fields.Many2one(
        "service.competence",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        help="The competence that the whole request needs; leave empty to give each machine its "
        "own.",
    )

    # Coverage
    coverage = fields.Selection(tracking=True)
    coverage_contract_id = fields.Many2one(
        "service.contract",
        string="Covering Contract",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', commercial_partner_id)]",
        tracking=True,
        help="The contract to use when somebody decides « covered by contract ».",
    )
    coverage_sale_id = fields.Many2one(
        "sale.order",
        string="Covering Sale Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id), ('state', '=', 'sale')]",
        tracking=True,
    )
    coverage_label = fields.Char(compute="_compute_coverage_label")

    # Constraints
    severity_id = fields.Many2one(
        "service.severity",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    severity_color = fields.Integer(related="severity_id.color")
    commitment_contract_id = fields.Many2one(
        "service.contract",
        string="Committing Contract",
        compute="_compute_deadline",
        store=True,
        index="btree_not_null",
        help="The contract whose promise gives the deadline.",
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
    deadline_manual = fields.Boolean(readonly=True, copy=False)
    deadline_reason = fields.Char(copy=False, help="Why the deadline was set by hand.")
    response_deadline = fields.Datetime(compute="_compute_deadline", store=True)
    at_risk_date = fields.Datetime(
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
        compute="_compute_sla_state",
        store=True,
        index=True,
    )

    # Assignment
    assignment = fields.Selection(
        [
            ("dispatch", "Dispatching"),
            ("user", "Collaborator"),
            ("queue", "Queue"),
            ("sales", "Sales"),
        ],
        compute="_compute_assignment",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned to",
        compute="_compute_assignment",
        inverse="_inverse_assignee",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    queue_id = fields.Many2one(
        "service.queue",
        compute="_compute_assignment",
        inverse="_inverse_assignee",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    dispatch_agency_id = fields.Many2one(
        "service.agency",
        string="Dispatching Agency",
        compute="_compute_assignment",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Whose dispatchers give the request to somebody; empty for the global dispatching.",
    )
    assign_date = fields.Datetime(
        compute="_compute_assign_date", store=True, precompute=True, index="btree_not_null"
    )
    assigned_by_hand = fields.Boolean(readonly=True, copy=False)
    handled_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", tracking=True
    )

    # Life
    stage_id = fields.Many2one(
        "service.request.stage",
        required=True,
        index=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["service.request.stage"]._get_first(),
        group_expand="_group_expand_stage_id",
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, precompute=True, index=True
    )
    close_date = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    satisfied = fields.Boolean(
        copy=False, readonly=True, help="The customer said that the request is satisfied."
    )
    stage_history_ids = fields.One2many("service.request.stage.history", "request_id")

    # Billing data
    invoice_partner_id = fields.Many2one(
        "res.partner",
        string="Invoiced Customer",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
    )
    payer_id = fields.Many2one(
        "res.partner",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        help="Who pays the invoice, when it is not the invoiced customer.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_billing_partners",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        check_company=True,
        help="Where consumed parts come from.",
    )

    # Consumption
    consumption_ids = fields.One2many("service.consumption", "request_id")
    amount_part = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)
    amount_labor = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)
    amount_travel = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)
    amount_consumed = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)
    amount_billable = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)
    amount_unbilled = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        groups=PRICE_GROUPS,
        help="What is given free.",
    )

    _name_company_uniq = models.Constraint(
        "unique(company_id, name)", "Another request has this number."
    )
    _open_deadline_idx = models.Index("(deadline) WHERE state = 'open'")

    # ------------------------------------------------------------ who, where, what
    @api.depends("equipment_line_ids.equipment_id")
    def _compute_partner_id(self):
        for request in self:
            request.partner_id = (
                request.partner_id or request._get_default_line().equipment_id.partner_id
            )

    @api.depends("partner_id", "equipment_line_ids.equipment_id")
    def _compute_site_id(self):
        for request in self:
            customer = request.partner_id.commercial_partner_id
            placed = request._get_default_line().equipment_id.site_id
            if placed.commercial_partner_id == customer:
                request.site_id = placed
            elif request.site_id.commercial_partner_id != customer:
                request.site_id = request.partner_id.address_get(["delivery"])["delivery"]

    @api.depends("partner_id", "equipment_line_ids.equipment_id")
    def _compute_contact_id(self):
        for request in self:
            customer = request.partner_id.commercial_partner_id
            if request.contact_id.commercial_partner_id != customer:
                request.contact_id = request._get_default_line().equipment_id.contact_id

    @api.depends("partner_id", "site_id", "company_id")
    def _compute_agency_id(self):
        default_by_company = self.env["service.agency"]._default_by_company(self.company_id)
        own = self.env.user.service_agency_ids
        for request in self:
            company = request.company_id
            candidates = (
                request.site_id.service_agency_id,
                request.partner_id.service_agency_id,
                own.filtered(lambda agency, company=company: agency.company_id == company)[:1],
            )
            request.agency_id = next(
                (agency for agency in candidates if agency.company_id == company and agency),
                default_by_company.get(company),
            )

    @api.depends("type_id")
    def _compute_from_type(self):
        usual = self.env["service.severity"].search([("default", "=", True)], limit=1)
        for request in self:
            kind = request.type_id
            request.severity_id = kind.severity_id or request.severity_id or usual
            request.competence_id = kind.competence_id or request.competence_id

    @api.depends("equipment_line_ids.equipment_id", "equipment_line_ids.is_default")
    def _compute_equipment_id(self):
        for request in self:
            request.equipment_id = request._get_default_line().equipment_id

    def _inverse_equipment_id(self):
        for request in self.filtered("equipment_id"):
            lines = request.equipment_line_ids
            chosen = lines.filtered(lambda l, r=request: l.equipment_id == r.equipment_id)
            if chosen:
                (lines - chosen).is_default = False
                chosen.is_default = True
            else:
                self.env["service.request.equipment"].create(
                    {"request_id": request.id, "equipment_id": request.equipment_id.id}
                )

    @api.onchange("equipment_id")
    def _onchange_equipment_id(self):
        """Scanning a serial first is enough: the machine brings its customer and its site."""
        if self.equipment_id and self.equipment_id not in self.equipment_line_ids.equipment_id:
            self.equipment_line_ids += self.env["service.request.equipment"].new(
                {"equipment_id": self.equipment_id.id}
            )

    def _get_default_line(self):
        """The equipment line that what names no machine belongs to."""
        lines = self.equipment_line_ids
        return lines.filtered("is_default")[:1] or lines[:1]

    def _get_competence(self):
        """The competence that decides who takes the request."""
        return self.competence_id or self._get_default_line().competence_id

    # ------------------------------------------------------------ coverage
    @api.depends(
        "coverage_manual", "equipment_line_ids.coverage", "competence_id", "partner_id", "date"
    )
    def _compute_coverage(self):
        bare = self.filtered(
            lambda r: not r.coverage_manual and not r.equipment_line_ids and r.competence_id
        )
        answers = self._decide_coverage(
            bare,
            [{"partner_id": r.partner_id.id, "competence_id": r.competence_id.id} for r in bare],
        )
        found = {request: answer["status"] for request, answer in zip(bare, answers, strict=True)}
        for request in self:
            request.coverage = (
                request.coverage_manual
                or found.get(request)
                or request.equipment_line_ids._aggregate_coverage()
                or request.company_id.service_default_coverage
            )

    @api.model
    def _decide_coverage(self, requests, items):
        """Ask the coverage engine, once for each day and company.

        :param requests: the request of each item (an iterable: a request may come twice)
        :param items: items of ``service.contract._cover``
        :return: list of the engine's answers, in the same order
        """
        batches = {}
        for position, (request, item) in enumerate(zip(requests, items, strict=True)):
            asked = fields.Datetime.context_timestamp(
                request, request.date or fields.Datetime.now()
            )
            batches.setdefault((request.company_id, asked.date()), []).append((position, item))
        answers = [None] * len(items)
        for (company, day), batch in batches.items():
            contracts = self.env["service.contract"].sudo().with_company(company)
            decided = contracts._cover([item for _position, item in batch], day)
            for (position, _item), answer in zip(batch, decided, strict=True):
                answers[position] = answer
        return answers

    def _get_manual_rates(self, coverage):
        """Percents that we bear under a coverage decided by hand."""
        if coverage == "contract" and self.coverage_contract_id:
            return self.coverage_contract_id.sudo()._manual_rates()
        return NOTHING if coverage in ("none", "direct") else FULL

    @api.depends(
        "coverage",
        "coverage_mode",
        "coverage_contract_id",
        "coverage_sale_id",
        "partner_id",
        "equipment_line_ids.coverage_reason",
    )
    def _compute_coverage_label(self):
        labels = dict(COVERAGES)
        for request in self:
            if not request.partner_id:
                request.coverage_label = self.env._(
                    "The customer must be given before coverage can be checked."
                )
            elif request.coverage_mode == "auto":
                line = request._get_default_line()
                parts = [labels.get(request.coverage), line.coverage_reason]
                request.coverage_label = " — ".join(part for part in parts if part)
            else:
                request.coverage_label = request._get_manual_label()

    def _get_manual_label(self):
        self.ensure_one()
        if self.coverage == "none":
            return self.env._("Coverage refused manually")
        if self.coverage == "contract" and self.coverage_contract_id:
            return self.env._(
                "Contract %(name)s, chosen by hand", name=self.coverage_contract_id.name
            )
        if self.coverage == "sale" and self.coverage_sale_id:
            return self.env._("Sale order %(name)s", name=self.coverage_sale_id.name)
        if self.coverage == "contract":
            return self.env._("Contract without number: given free, as goodwill")
        if self.coverage == "sale":
            return self.env._("Sale order without number: given free, as goodwill")
        if self.coverage == "goodwill":
            return self.env._("Goodwill: given free")
        return self.env._("Direct invoicing: the customer agreed to pay")

    @api.onchange("coverage")
    def _onchange_coverage(self):
        """Show at once what the decision means for the machines."""
        if self.coverage != self._origin.coverage and self.coverage in dict(COVERAGES):
            self._inverse_coverage()

    def action_reset_coverage(self):
        """Forget the coverage decided by hand, on the request and on its machines."""
        self.equipment_line_ids.coverage_manual = False
        self.write({"coverage_manual": False, "coverage_contract_id": False})

    # ------------------------------------------------------------ deadline
    @api.depends(
        "date", "severity_id", "deadline_manual", "company_id", "equipment_line_ids.contract_id"
    )
    def _compute_deadline(self):
        for request in self:
            promises = [
                (request._plan_deadline(contract, "resolution_hours"), contract)
                for contract in request.equipment_line_ids.contract_id.sudo()
            ]
            promises = sorted(
                (p for p in promises if p[0]), key=lambda promise: (promise[0], promise[1].id)
            )
            deadline, contract = promises[0] if promises else (False, promises)
            request.commitment_contract_id = contract or False
            request.response_deadline = (
                request._plan_deadline(contract, "response_hours") if contract else False
            )
            if not request.deadline_manual:
                request.deadline = deadline or request._get_default_deadline()

    def _plan_deadline(self, contract, promise):
        """When ``contract`` promised to respond or solve, or False without such a promise."""
        commitment = contract._commitment(self.severity_id)
        hours = commitment and commitment.get(promise)
        if not hours or not self.date:
            return False
        return contract._deadline(self.date, hours, commitment["calendar"])

    def _get_default_deadline(self):
        days = self.company_id.service_default_reaction_days
        return (self.date or fields.Datetime.now()) + timedelta(days=days)

    def _inverse_deadline(self):
        for request in self:
            request.deadline_manual = bool(request.deadline)

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

    # ------------------------------------------------------------ assignment
    @api.depends("competence_id", "equipment_line_ids.competence_id", "agency_id")
    def _compute_assignment(self):
        waiting = self.filtered(lambda r: not r.assigned_by_hand and r.state in (False, "open"))
        assignees = waiting._find_assignees()
        for request in self:
            if request not in waiting:
                request.update({f: request[f] for f in ("assignment", "user_id", "queue_id")})
                request.dispatch_agency_id = request.dispatch_agency_id
                continue
            user, queue = assignees[request]
            request.user_id = user
            request.queue_id = queue
            request.assignment = "user" if user else "queue" if queue else "dispatch"
            request.dispatch_agency_id = request.agency_id

    def _find_assignees(self):
        """Choose who takes each request: the least loaded competent collaborator, else a queue.

        Competent are the collaborators of the competence or, without any, those of the family that
        it belongs to. Least loaded means fewest open requests, then the one not assigned for the
        longest time. Requests of one call are counted as they are given.

        :return: ``{request: (res.users, service.queue)}``; two empty sets mean dispatching
        """
        users, queues = self.env["res.users"], self.env["service.queue"]
        lineages = {request: request._get_competence()._lineage() for request in self}
        competences = self.env["service.competence"].union(*lineages.values()).sudo()
        load = self._get_workload(competences.user_ids)
        result = {}
        for request, lineage in lineages.items():
            company = request.company_id
            user, queue = users, queues
            for competence in lineage.sudo():
                able = competence.user_ids.filtered(
                    lambda u, company=company: u.active and company in u.company_ids
                )
                lines = competence.queue_ids.filtered(
                    lambda q, company=company: q.active and q.company_id == company
                )
                queue = (
                    queue
                    or lines.sorted(
                        lambda q, r=request: (q.agency_id != r.agency_id, q.sequence, q.id)
                    )[:1]
                )
                if able:
                    user = min(able, key=lambda u: load[u])
                    break
            if user:
                count, _last, user_id = load[user]
                load[user] = (count + 1, fields.Datetime.now(), user_id)
                queue = queues
            result[request] = (user.sudo(False), queue.sudo(False))
        return result

    @api.model
    def _get_workload(self, users):
        """Return ``{user: (open requests, last assignment, id)}``, smaller for the less loaded."""
        never = fields.Datetime.to_datetime("1970-01-01")
        rows = self.sudo()._read_group(
            [("user_id", "in", users.ids), ("state", "=", "open")],
            ["user_id"],
            ["__count", "assign_date:max"],
        )
        load = {user: (0, never, user.id) for user in users}
        load.update({user: (count, last or never, user.id) for user, count, last in rows})
        return load

    @api.depends("user_id", "queue_id", "assignment")
    def _compute_assign_date(self):
        self.assign_date = fields.Datetime.now()

    def _inverse_assignee(self):
        for request in self:
            request.assigned_by_hand = bool(request.user_id or request.queue_id)
            if request.user_id and request.assignment != "user":
                request.assignment = "user"
            elif request.queue_id and not request.user_id:
                request.assignment = "queue"
            elif not request.assignment or not (request.user_id or request.queue_id):
                request.assignment = "dispatch"

    def action_take(self):
        """Take these requests out of their queue, to work on them oneself."""
        return self.action_assign_to(self.env.uid)

    def action_assign_to(self, user_id):
        """Give the requests to a collaborator.

        :param user_id: id of the res.users
        :raise UserError: when somebody else gave a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "user", "user_id": user_id, "queue_id": False})
        return True

    def action_send_to_queue(self, queue_id):
        """Put the requests into a queue.

        :param queue_id: id of the service.queue
        :raise UserError: when somebody else gave a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "queue", "user_id": False, "queue_id": queue_id})
        return True

    def action_dispatch(self):
        """Give the requests back to the dispatching of their agency."""
        self._lock_for_assignment()
        self.write({"assignment": "dispatch", "user_id": False, "queue_id": False})
        return True

    def _lock_for_assignment(self):
        closed = self.filtered(lambda r: r.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(requests)s is closed: reopen it before giving it to somebody.",
                    requests=", ".join(closed.mapped("name")),
                )
            )
        locked = self.try_lock_for_update()
        if locked != self:
            raise UserError(
                self.env._(
                    "Somebody else is assigning %(requests)s right now: reload and look again.",
                    requests=", ".join((self - locked).mapped("name")),
                )
            )

    # ------------------------------------------------------------ billing data
    @api.depends("partner_id", "company_id")
    def _compute_billing_partners(self):
        for request in self:
            customer = request.partner_id.with_company(request.company_id)
            invoiced = customer.service_invoice_partner_id or customer.browse(
                customer.address_get(["invoice"])["invoice"]
            )
            request.invoice_partner_id = invoiced
            request.payer_id = customer.service_payer_id
            request.pricelist_id = customer.property_product_pricelist
            request.payment_term_id = invoiced.property_payment_term_id

    @api.depends("invoice_partner_id", "site_id", "company_id")
    def _compute_fiscal_position_id(self):
        found = {}
        for request in self:
            key = (request.company_id, request.invoice_partner_id, request.site_id)
            if key not in found:
                company, invoiced, site = key
                positions = self.env["account.fiscal.position"].with_company(company)
                found[key] = positions._get_fiscal_position(invoiced, site)
            request.fiscal_position_id = found[key]

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for request in self:
            request.currency_id = request.pricelist_id.currency_id or request.company_id.currency_id

    @api.depends("agency_id")
    def _compute_warehouse_id(self):
        for request in self:
            request.warehouse_id = request.agency_id.warehouse_id

    @api.depends(
        "consumption_ids.state",
        "consumption_ids.kind",
        "consumption_ids.amount_consumed",
        "consumption_ids.amount_to_invoice",
    )
    def _compute_amounts(self):
        for request in self:
            counted = request.consumption_ids.filtered(lambda c: c.state != "cancelled")
            by_kind = counted.grouped("kind")
            for kind in ("part", "labor", "travel"):
                lines = by_kind.get(kind, counted.browse())
                request[f"amount_{kind}"] = sum(lines.mapped("amount_consumed"))
            request.amount_consumed = sum(counted.mapped("amount_consumed"))
            request.amount_billable = sum(counted.mapped("amount_to_invoice"))
            request.amount_unbilled = request.amount_consumed - request.amount_billable

    # ------------------------------------------------------------ life
    @api.depends("stage_id.is_closed", "stage_id.is_cancelled")
    def _compute_state(self):
        for request in self:
            stage = request.stage_id
            request.state = (
                "closed" if stage.is_closed else "cancelled" if stage.is_cancelled else "open"
            )

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        return self.env["service.request.stage"].search([])

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._set_names(vals_list)
        requests = super().create(vals_list)
        requests._set_customer_numbers()
        requests._log_stage()
        return requests

    def write(self, vals):
        before = {r: (r.stage_id, r.state) for r in self} if "stage_id" in vals else {}
        if vals.get("stage_id"):
            self._check_stage_change(self.env["service.request.stage"].browse(vals["stage_id"]))
        renumbered = self.filtered(
            lambda r: vals.get("partner_id", r.partner_id.id) != r.partner_id.id
        )
        result = super().write(vals)
        renumbered._set_customer_numbers()
        if before:
            self.filtered(lambda r: r.stage_id != before[r][0])._log_stage()
            self.filtered(lambda r: r.state != before[r][1])._action_post_state_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_consumed(self):
        consumed = self.filtered(lambda r: any(c.state == "done" for c in r.consumption_ids))
        if consumed:
            raise UserError(
                self.env._(
                    "Work was done on %(requests)s and cannot be deleted: cancel it instead.",
                    requests=", ".join(consumed.mapped("name")),
                )
            )

    @api.model
    def _set_names(self, vals_list):
        by_company = {}
        for vals in vals_list:
            if vals.get("name", self.env._("New")) == self.env._("New"):
                company = vals.get("company_id") or self.env.company.id
                by_company.setdefault(company, []).append(vals)
        for company_id, batch in by_company.items():
            company = self.env["res.company"].browse(company_id)
            names = self.env["ir.sequence"]._next_batch(self._name, company, len(batch))
            for vals, name in zip(batch, names, strict=True):
                vals["name"] = name

    def _set_customer_numbers(self):
        """Number the requests of each customer in the order of their creation."""
        by_partner = self.filtered("partner_id").grouped("partner_id")
        last = self.env["res.partner"]._next_service_request_numbers(
            {partner.id: len(requests) for partner, requests in by_partner.items()}
        )
        for partner, requests in by_partner.items():
            first = last[partner.id] - len(requests) + 1
            for number, request in enumerate(requests.sorted("id"), first):
                length = request.company_id.service_customer_number_prefix_length
                code = partner.commercial_partner_id.customer_code or partner.name or ""
                prefix = "".join(filter(str.isalnum, code)).upper()[: max(length, 0)]
                request.customer_number = number
                request.customer_ref = f"{prefix}{number}"

    def _log_stage(self):
        self.env["service.request.stage.history"].sudo().create(
            [
                {
                    "request_id": request.id,
                    "stage_id": request.stage_id.id,
                    "user_id": self.env.uid,
                }
                for request in self
            ]
        )

    def _check_stage_change(self, stage):
        """Refuse to close a request while something on it is not done."""
        undone = self._get_undone_consumptions() if stage.is_closed else None
        if undone:
            raise UserError(
                self.env._(
                    "%(requests)s has consumptions that are not done: press « Close » to do or "
                    "cancel them.",
                    requests=", ".join(undone.request_id.mapped("name")),
                )
            )

    def _get_undone_consumptions(self):
        return self.consumption_ids.filtered(lambda c: c.state in ("todo", "planned"))

    def _action_post_state_change(self):
        """What follows when requests were closed, cancelled or opened again."""
        now = fields.Datetime.now()
        by_state = self.grouped("state")
        for request in by_state.get("closed", self.browse()):
            request.handled_by_id = request.user_id or self.env.user
        by_state.get("closed", self.browse()).write(
            {"close_date": now, "closed_by_id": self.env.uid}
        )
        by_state.get("open", self.browse()).write(
            {"close_date": False, "closed_by_id": False, "handled_by_id": False, "satisfied": False}
        )
        by_state.get("cancelled", self.browse())._get_undone_consumptions().action_cancel()

    def action_close(self, undone=None):
        """Close the requests: they are solved and may be invoiced.

        :param undone: what happens to consumptions that are not done: ``"done"``, ``"cancel"``, or
            None to ask the user
        :return: the wizard that asks, or True once closed
        """
        consumptions = self._get_undone_consumptions()
        if consumptions and not undone:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Close the request"),
                "res_model": "service.request.close",
                "view_mode": "form",
                "target": "new",
                "context": {"default_request_ids": self.ids},
            }
        if undone == "done":
            consumptions.action_mark_done()
        elif undone == "cancel":
            consumptions.action_cancel()
        self.write({"stage_id": self.env["service.request.stage"]._get_closing().id})
        return True

    def action_reopen(self):
        """Open closed or cancelled requests again, in their first stage."""
        self.filtered(lambda r: r.state != "open").write(
            {"stage_id": self.env["service.request.stage"]._get_first().id}
        )
        return True

    def action_cancel(self):
        """Give the requests up; what was already done on them stays."""
        self.write({"stage_id": self.env["service.request.stage"]._get_cancelling().id})
        return True

    @api.constrains("equipment_line_ids", "partner_id")
    def _check_duplicate_equipment(self):
        for request in self:
            lines = request.equipment_line_ids
            if len(lines.equipment_id) < len(lines):
                raise ValidationError(
                    self.env._(
                        "A machine is twice on the request %(request)s: keep one line for it.",
                        request=request.display_name,
                    )
                )

    @api.depends("name", "title")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.name} {request.title or ''}".strip()
