from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import format_date

TERMS = (
    "kind",
    "start_on",
    "renewal",
    "notice_days",
    "resource_calendar_id",
    "product_id",
    "currency_id",
    "price",
    "invoice_interval",
    "invoice_interval_unit",
    "invoice_timing",
    "terms",
)
# Whose the contract is: found anew for another customer
PARTY_FIELDS = (
    "agency_id",
    "invoice_partner_id",
    "payer_id",
    "group_partner_id",
    "principal_id",
    "party_ids",
)
FROM_TEMPLATE = {
    "compute": "_compute_terms",
    "store": True,
    "readonly": False,
    "precompute": True,
    "default": None,
}


class ServiceContract(models.Model):
    """What was promised to a customer: warranty, maintenance, points (X3: contrat de service)."""

    _name = "service.contract"
    _description = "Service Contract"
    _inherit = [
        "service.numbered",
        "mail.thread",
        "mail.activity.mixin",
        "analytic.mixin",
        "service.contract.terms",
        "service.coverage.engine",
    ]
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ["name", "partner_id"]

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
    agency_id = fields.Many2one(
        "service.agency",
        compute="_compute_agency_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
    )
    template_id = fields.Many2one(
        "service.contract.template", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        tracking=True,
    )
    priority = fields.Integer(
        help="Among coverage lines of one kind that cover equally well, the contract with the "
        "higher priority is used first."
    )

    # Whose it is
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True
    )
    invoice_partner_id = fields.Many2one(
        "res.partner",
        string="Invoice Address",
        compute="_compute_invoice_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    payer_id = fields.Many2one(
        "res.partner",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Third party who pays the invoices; may call on the contract too.",
    )
    group_partner_id = fields.Many2one(
        "res.partner",
        string="Group Customer",
        compute="_compute_group_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The group the customer belongs to; may call on the contract too.",
    )
    principal_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('is_service_principal', '=', True)]",
        help="Who orders the service for this customer; may call on the contract too.",
    )
    party_ids = fields.Many2many(
        "res.partner",
        "service_contract_party_rel",
        "contract_id",
        "partner_id",
        string="Parties",
        compute="_compute_party_ids",
        store=True,
        precompute=True,
        help="Commercial entities that may call on this contract: customer, payer, group, "
        "principal.",
    )

    # What it says
    kind = fields.Selection(**FROM_TEMPLATE, tracking=True, index=True)
    start_on = fields.Selection(**FROM_TEMPLATE)
    renewal = fields.Selection(**FROM_TEMPLATE)
    notice_days = fields.Integer(**FROM_TEMPLATE)
    resource_calendar_id = fields.Many2one(**FROM_TEMPLATE)
    product_id = fields.Many2one(**FROM_TEMPLATE)
    currency_id = fields.Many2one(**FROM_TEMPLATE)
    price = fields.Monetary(**FROM_TEMPLATE, tracking=True)
    invoice_interval = fields.Integer(**FROM_TEMPLATE)
    invoice_interval_unit = fields.Selection(**FROM_TEMPLATE)
    invoice_timing = fields.Selection(**FROM_TEMPLATE)
    terms = fields.Html(**FROM_TEMPLATE)
    coverage_ids = fields.One2many(
        "service.contract.coverage",
        "contract_id",
        string="Promises",
        compute="_compute_coverage_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    commitment_ids = fields.One2many(
        "service.contract.commitment",
        "contract_id",
        string="Commitments",
        compute="_compute_commitment_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    equipment_ids = fields.Many2many(
        "service.equipment",
        string="Machines",
        compute="_compute_equipment_ids",
        help="Machines that a coverage line of this contract names or, by product, category or "
        "customer, includes.",
    )
    equipment_count = fields.Integer(compute="_compute_equipment_ids")
    overlap_warning = fields.Text(compute="_compute_overlap_warning")

    # Its life
    date_start = fields.Date(
        string="Start",
        tracking=True,
        copy=False,
        help="First covered day. A draft with a start date becomes active on it.",
    )
    date_end = fields.Date(
        string="End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
        tracking=True,
        help="Last covered day; empty: until somebody terminates the contract.",
    )
    next_renewal_date = fields.Date(
        compute="_compute_next_renewal_date",
        store=True,
        index="btree_not_null",
        help="When the renewal has to be prepared: the notice before the end.",
    )
    previous_contract_id = fields.Many2one(
        "service.contract",
        string="Renewal of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    successor_ids = fields.One2many("service.contract", "previous_contract_id", string="Renewals")
    successor_id = fields.Many2one(
        "service.contract", string="Renewed as", compute="_compute_successor_id"
    )
    suspension_date = fields.Date(
        readonly=True, copy=False, help="From this day on nothing is covered."
    )
    suspension_reason = fields.Char(readonly=True, copy=False, tracking=True)
    termination_date = fields.Date(
        readonly=True, copy=False, help="From this day on nothing is covered."
    )
    termination_reason = fields.Char(readonly=True, copy=False, tracking=True)

    # Points
    points_initial = fields.Float(
        string="Points Granted",
        compute="_compute_points_initial",
        store=True,
        readonly=False,
        precompute=True,
        help="Granted when the contract becomes active.",
    )
    points_move_ids = fields.One2many("service.points.move", "contract_id", string="Points Ledger")
    points_balance = fields.Float(
        compute="_compute_points_balance", store=True, help="Sum of the points ledger."
    )
    allow_overdraft = fields.Boolean(
        help="Points may be used beyond the balance, which becomes negative.", tracking=True
    )

    # Where it comes from
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sales Order Line",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    sale_order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Sales Order", store=True, index="btree_not_null"
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )

    _points_covered = models.Constraint(
        "CHECK (allow_overdraft IS TRUE OR COALESCE(points_balance, 0) > -0.005)",
        "A contract without overdraft cannot have a negative balance of points.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id.service_agency_id", "company_id")
    def _compute_agency_id(self):
        default_by_company = self.env["service.agency"]._default_by_company(self.company_id)
        for contract in self:
            agency = contract.partner_id.service_agency_id
            if agency.company_id != contract.company_id:
                agency = default_by_company.get(contract.company_id)
            contract.agency_id = agency

    @api.depends("partner_id", "company_id")
    def _compute_invoice_partner_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.invoice_partner_id = customer and customer._get_service_invoice_partner()

    @api.depends("partner_id", "company_id")
    def _compute_payer_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.payer_id = customer.service_payer_id

    @api.depends("partner_id", "company_id")
    def _compute_group_partner_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.group_partner_id = customer.service_group_partner_id

    @api.depends(
        "partner_id.commercial_partner_id",
        "payer_id.commercial_partner_id",
        "group_partner_id.commercial_partner_id",
        "principal_id.commercial_partner_id",
    )
    def _compute_party_ids(self):
        for contract in self:
            contract.party_ids = (
                contract.partner_id
                | contract.payer_id
                | contract.group_partner_id
                | contract.principal_id
            ).commercial_partner_id

    @api.depends("template_id")
    def _compute_terms(self):
        plain = self.env["service.contract.template"].default_get(TERMS)
        for contract in self:
            template = contract.template_id
            for name in TERMS:
                contract[name] = (
                    template[name] if template else contract[name] or plain.get(name, False)
                )

    @api.depends("template_id")
    def _compute_points_initial(self):
        for contract in self:
            contract.points_initial = contract.template_id.points

    @api.depends("template_id")
    def _compute_coverage_ids(self):
        for contract in self:
            contract.coverage_ids = contract._copy_lines(contract.template_id.coverage_ids)

    @api.depends("template_id")
    def _compute_commitment_ids(self):
        for contract in self:
            contract.commitment_ids = contract._copy_lines(contract.template_id.commitment_ids)

    @api.depends("coverage_ids.scope", "coverage_ids.equipment_id", "party_ids")
    def _compute_equipment_ids(self):
        covered = self.coverage_ids._find_equipment()
        for contract in self:
            contract.equipment_ids = covered.get(contract._origin.id, [])
            contract.equipment_count = len(contract.equipment_ids)

    @api.depends(
        "coverage_ids.scope",
        "coverage_ids.is_exclusion",
        "coverage_ids.equipment_id",
        "coverage_ids.product_id",
        "coverage_ids.product_category_id",
        "coverage_ids.component_ids",
        "coverage_ids.component_category_id",
        "coverage_ids.competence_ids",
        "coverage_ids.site_id",
        "coverage_ids.date_start",
        "coverage_ids.date_end",
    )
    def _compute_overlap_warning(self):
        for contract in self:
            seen = {}
            doubled = self.env["service.contract.coverage"]
            for line in contract.coverage_ids:
                twins = seen.setdefault(line._get_identity(), [])
                if any(_overlap(line, twin) for twin in twins):
                    doubled |= line
                twins.append(line)
            contract.overlap_warning = bool(doubled) and self.env._(
                "%(contract)s covers the same thing twice on the same days: %(lines)s. Remove a "
                "line or change its dates, unless that is intended.",
                contract=contract.name,
                lines=", ".join(doubled.mapped("display_name")),
            )

    @api.depends("date_start", "template_id")
    def _compute_date_end(self):
        for contract in self:
            contract.date_end = (
                contract.template_id._get_end_date(contract.date_start)
                if contract.template_id and contract.date_start
                else contract.date_end
            )

    @api.depends("date_end", "renewal", "notice_days")
    def _compute_next_renewal_date(self):
        for contract in self:
            contract.next_renewal_date = (
                contract.date_end - timedelta(days=contract.notice_days)
                if contract.date_end and contract.renewal != "none"
                else False
            )

    @api.depends("successor_ids.state")
    def _compute_successor_id(self):
        for contract in self:
            contract.successor_id = contract.successor_ids.filtered(
                lambda successor: successor.state != "terminated"
            )[:1]

    @api.depends("points_move_ids.points")
    def _compute_points_balance(self):
        balances = dict(
            self.env["service.points.move"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["points:sum"]
            )
        )
        for contract in self:
            contract.points_balance = balances.get(contract._origin, 0.0)

    # === CONSTRAINT METHODS === #

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for contract in self:
            if (
                contract.date_start
                and contract.date_end
                and contract.date_end < contract.date_start
            ):
                raise ValidationError(
                    self.env._(
                        "%(contract)s would end on %(end)s, before it starts on %(start)s: correct "
                        "one of the dates.",
                        contract=contract.name,
                        start=format_date(self.env, contract.date_start),
                        end=format_date(self.env, contract.date_end),
                    )
                )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda contract: contract.state != "draft")
        if used:
            raise UserError(
                self.env._(
                    "Contracts that were in force cannot be deleted: terminate %(contracts)s "
                    "instead.",
                    contracts=", ".join(used.mapped("name")),
                )
            )

    # === ACTION METHODS === #

    def action_view_equipment(self):
        """Open the machines that this contract covers."""
        return self.equipment_ids._get_records_action(name=self.env._("Machines"))

    # === BUSINESS METHODS === #

    def _move_points(self, points, kind, source=None, note=False):
        """Append one movement to the points ledger.

        :param points: positive to give, negative to take
        :param kind: ``grant``, ``reserve``, ``debit``, ``release`` or ``manual``
        :param source: the record that caused it
        :return: the service.points.move
        :raise ValidationError: when the balance would become negative without overdraft
        """
        self.ensure_one()
        return (
            self.env["service.points.move"]
            .sudo()
            .create(
                {
                    "contract_id": self.id,
                    "points": points,
                    "kind": kind,
                    "res_model": source._name if source else False,
                    "res_id": source.id if source else False,
                    "note": note,
                }
            )
        )

    def _commitment(self, severity):
        """What this contract promises for a severity.

        :param severity: a record with ``blocking``, or the boolean itself
        :return: dict of ``response_hours``, ``onsite_hours``, ``resolution_hours`` (0: nothing
            promised) and ``calendar`` (resource.calendar; empty: day and night), or an empty dict
        """
        self.ensure_one()
        commitment = self.commitment_ids._match(severity)
        if not commitment:
            return {}
        return {
            "response_hours": commitment.response_hours,
            "onsite_hours": commitment.onsite_hours,
            "resolution_hours": commitment.resolution_hours,
            "calendar": commitment.resource_calendar_id or self.resource_calendar_id,
        }

    def _deadline(self, start, hours, calendar):
        """When promised hours are over, in the time zone of this contract's agency.

        :param start: naive UTC datetime
        :param hours: hours promised; 0 is no promise
        :param calendar: resource.calendar whose working hours count; empty: all hours
        :return: naive UTC datetime, or False without a promise
        """
        tz = self.agency_id._get_tz() if self.agency_id else False
        return self._deadlines([(start, hours, calendar, tz)])[0]

    @api.model
    def _deadlines(self, jobs):
        """The same for many: the calendars are read once, however many jobs there are.

        :param jobs: list of (start, hours, calendar, time zone name or False)
        :return: list of naive UTC datetimes or False, in the order of ``jobs``
        """
        result = [False] * len(jobs)
        by_calendar = {}
        for index, (start, hours, calendar, tz) in enumerate(jobs):
            if hours and calendar:
                by_calendar.setdefault((calendar, tz), []).append((index, start, hours))
            elif hours:
                result[index] = start + timedelta(hours=hours)
        for (calendar, tz), planned in by_calendar.items():
            ends = calendar._plan_hours_batch([(start, hours) for _i, start, hours in planned], tz)
            for (index, _start, _hours), end in zip(planned, ends, strict=True):
                result[index] = end
        return result

    def _add_equipment(self, equipment):
        """Extend these contracts to machines, as their template says for each machine."""
        values = [
            {**vals, "contract_id": contract.id}
            for contract in self
            for vals in contract.template_id._prepare_coverage_values(
                equipment - contract.coverage_ids.equipment_id
            )
            if vals["scope"] == "equipment"
        ]
        return self.env["service.contract.coverage"].create(values)

    def _prepare_values_for_owner(self, partner, lines, date):
        """Values of a contract that makes some promises of this one to another customer.

        Parties and addresses are those of the new customer; no points are granted again, and the
        price goes with the machines only if all of them go.

        :param lines: the service.contract.coverage to take over
        :param date: first day with the new customer
        """
        self.ensure_one()
        values = self.copy_data({"partner_id": partner.id})[0]
        for name in PARTY_FIELDS:
            values.pop(name, None)
        whole = lines == self.coverage_ids
        promises = lines._prepare_values_for_owner(date)
        return {
            **values,
            "date_start": max(date, self.date_start or date),
            "date_end": self.date_end,
            "points_initial": 0.0,
            "price": self.price if whole else 0.0,
            "coverage_ids": [Command.create(vals) for vals in promises],
        }

    def _copy_lines(self, lines):
        """Commands that replace lines of this contract by copies of lines of its template."""
        return [
            Command.clear(),
            *(Command.create(vals) for vals in lines.copy_data({"template_id": False})),
        ]


def _overlap(line, other):
    """Whether two coverage lines have a day in common."""
    starts = [day for day in (line.date_start, other.date_start) if day]
    ends = [day for day in (line.date_end, other.date_end) if day]
    return not starts or not ends or max(starts) <= min(ends)
