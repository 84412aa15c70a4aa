import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import is_html_empty

STATES = [
    ("draft", "Draft"),
    ("planned", "Planned"),
    ("dispatched", "Dispatched"),
    ("on_the_way", "On the Way"),
    ("on_site", "On Site"),
    ("done", "Done"),
    ("to_resume", "To Resume"),
    ("cancelled", "Cancelled"),
]
STARTED = ("on_the_way", "on_site")
ENDED = ("done", "to_resume", "cancelled")
# state that an action leads to, and the states that it may start from
TRANSITIONS = {
    "planned": ("draft", "planned", "dispatched"),
    "dispatched": ("planned",),
    "on_the_way": ("planned", "dispatched"),
    "on_site": ("planned", "dispatched", "on_the_way"),
    "done": ("planned", "dispatched", "on_the_way", "on_site"),
    "to_resume": ("planned", "dispatched", "on_the_way", "on_site"),
    "cancelled": ("draft", "planned", "dispatched", "on_the_way", "on_site"),
}


class ServiceIntervention(models.Model):
    """One visit, or one job in the workshop, by phone or remote."""

    _name = "service.intervention"
    _description = "Service Intervention"
    _inherit = ["mail.thread", "mail.activity.mixin", "analytic.mixin"]
    _check_company_auto = True
    _order = "planned_start desc, id desc"
    _rec_names_search = ["name", "request_id.name", "request_id.title"]

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    uuid = fields.Char(
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
        help="Lets a device name an intervention before the server knows it.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_request",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    version = fields.Integer(
        default=0,
        readonly=True,
        copy=False,
        help="Counts the changes of the plan: two dispatchers cannot undo each other unknowingly.",
    )

    # What for
    request_id = fields.Many2one("service.request", index="btree_not_null", check_company=True)
    request_equipment_ids = fields.Many2many(
        "service.request.equipment",
        compute="_compute_request_equipment_ids",
        store=True,
        readonly=False,
        string="Machines of the Request",
        domain="[('request_id', '=', request_id)]",
    )
    equipment_ids = fields.Many2many(
        "service.equipment",
        compute="_compute_equipment_ids",
        store=True,
        readonly=False,
        string="Machines",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_from_request",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_from_request",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_from_request",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    agency_id = fields.Many2one(
        "service.agency",
        compute="_compute_from_request",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
    )
    sector_id = fields.Many2one(related="site_id.service_sector_id", store=True, index=True)
    intervention_type = fields.Selection(
        [
            ("onsite", "On Site"),
            ("workshop", "Workshop"),
            ("remote", "Remote"),
            ("phone", "Phone"),
        ],
        required=True,
        default="onsite",
    )
    nature_id = fields.Many2one(
        "service.intervention.nature",
        index="btree_not_null",
        default=lambda self: self.env["service.intervention.nature"].search([], limit=1),
    )
    address_id = fields.Many2one(
        "res.partner",
        compute="_compute_address_id",
        store=True,
        readonly=False,
        help="Where the work is done: the site, the workshop of the agency, or nowhere.",
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0", index=True)
    coverage = fields.Selection(related="request_id.coverage")
    coverage_label = fields.Char(related="request_id.coverage_label")
    deadline = fields.Datetime(related="request_id.deadline")

    # Who and when
    technician_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('is_technician', '=', True)]",
    )
    technician_user_id = fields.Many2one(
        related="technician_id.user_id", string="Technician's User", store=True, index=True
    )
    helper_ids = fields.Many2many("hr.employee", domain="[('is_technician', '=', True)]")
    vendor_id = fields.Many2one("res.partner", string="Subcontractor", index="btree_not_null")
    planned_start = fields.Datetime(index=True, tracking=True, copy=False)
    planned_end = fields.Datetime(
        compute="_compute_planned_end",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        copy=False,
    )
    planned_hours = fields.Float(
        compute="_compute_planned_hours", store=True, readonly=False, precompute=True
    )
    earliest = fields.Datetime(copy=False, help="The customer can receive us from then on.")
    latest = fields.Datetime(copy=False, help="The customer can receive us until then.")
    is_fixed = fields.Boolean(string="Appointment Agreed", copy=False)
    conflict_reason = fields.Char(
        copy=False, help="Why the technician is planned twice at the same time."
    )

    # What happened
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        index=True,
        tracking=True,
        readonly=True,
        group_expand=True,
    )
    dispatch_date = fields.Datetime(readonly=True, copy=False)
    departure_date = fields.Datetime(readonly=True, copy=False)
    arrival_date = fields.Datetime(readonly=True, copy=False)
    done_date = fields.Datetime(readonly=True, copy=False)
    time_ids = fields.One2many("service.intervention.time", "intervention_id", string="Times")
    is_paused = fields.Boolean(compute="_compute_hours", store=True)
    hours_work = fields.Float(string="Hours Worked", compute="_compute_hours", store=True)
    hours_travel = fields.Float(string="Hours Travelled", compute="_compute_hours", store=True)
    consumption_ids = fields.One2many("service.consumption", "intervention_id")
    report = fields.Html(copy=False, help="What was done, for the customer.")
    findings = fields.Text(copy=False, help="What was seen, for us.")
    satisfied = fields.Boolean(
        string="Request Satisfied",
        copy=False,
        help="The problem is solved: « done » closes the request.",
    )
    signature = fields.Binary(copy=False, attachment=True)
    signed_by = fields.Char(copy=False)
    signed_on = fields.Datetime(copy=False)
    customer_comment = fields.Text(copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)

    _name_company_uniq = models.Constraint(
        "unique(company_id, name)", "Another intervention has this number."
    )
    _uuid_uniq = models.Constraint("unique(uuid)", "This intervention exists already.")
    _end_after_start = models.Constraint(
        "CHECK (planned_end >= planned_start)",
        "The planned end of an intervention must come after its start.",
    )

    # ------------------------------------------------------------ computes
    @api.depends("request_id")
    def _compute_from_request(self):
        for intervention in self:
            request = intervention.request_id
            company = request.company_id or intervention.company_id or self.env.company
            intervention.company_id = company
            intervention.partner_id = request.partner_id or intervention.partner_id
            intervention.site_id = request.site_id or intervention.site_id
            intervention.contact_id = request.contact_id or intervention.contact_id
            intervention.agency_id = (
                request.agency_id
                or intervention.agency_id
                or self.env["service.agency"]._default_by_company(company).get(company)
            )

    @api.depends("request_id")
    def _compute_request_equipment_ids(self):
        for intervention in self:
            if intervention.request_equipment_ids.request_id != intervention.request_id:
                intervention.request_equipment_ids = intervention.request_id.equipment_line_ids

    @api.depends("request_equipment_ids")
    def _compute_equipment_ids(self):
        for intervention in self:
            intervention.equipment_ids = (
                intervention.request_equipment_ids.equipment_id or intervention.equipment_ids
            )

    @api.depends("intervention_type", "site_id", "partner_id", "agency_id")
    def _compute_address_id(self):
        for intervention in self:
            intervention.address_id = {
                "onsite": intervention.site_id or intervention.partner_id,
                "workshop": intervention.agency_id.partner_id,
            }.get(intervention.intervention_type)

    @api.depends("nature_id")
    def _compute_planned_hours(self):
        for intervention in self:
            intervention.planned_hours = intervention.nature_id.planned_hours or 1.0

    @api.depends("planned_start", "planned_hours")
    def _compute_planned_end(self):
        for intervention in self:
            intervention.planned_end = intervention.planned_start and (
                intervention.planned_start + timedelta(hours=intervention.planned_hours)
            )

    @api.depends("time_ids.kind", "time_ids.hours", "time_ids.stop")
    def _compute_hours(self):
        for intervention in self:
            times = intervention.time_ids
            by_kind = times.grouped("kind")
            for kind in ("work", "travel"):
                stretches = by_kind.get(kind, times.browse())
                intervention[f"hours_{kind}"] = sum(stretches.mapped("hours"))
            intervention.is_paused = any(t.kind == "pause" and not t.stop for t in times)

    # ------------------------------------------------------------ constraints
    @api.constrains("technician_id", "planned_start", "planned_end", "state", "conflict_reason")
    def _check_double_booking(self):
        planned = self.filtered(
            lambda i: (
                i.technician_id
                and i.planned_start
                and not i.conflict_reason
                and i.state not in ENDED
            )
        )
        if not planned:
            return
        others = self.sudo().search(
            Domain("technician_id", "in", planned.technician_id.ids)
            & Domain("state", "not in", ENDED)
            & Domain("planned_start", "<", max(planned.mapped("planned_end")))
            & Domain("planned_end", ">", min(planned.mapped("planned_start")))
        )
        for intervention in planned:
            clash = others.filtered(
                lambda o, i=intervention: (
                    o.id != i.id
                    and o.technician_id == i.technician_id
                    and o.planned_start < i.planned_end
                    and o.planned_end > i.planned_start
                )
            )[:1]
            if clash:
                raise ValidationError(
                    self.env._(
                        "%(technician)s is on %(other)s at that time: choose another time or "
                        "another technician for %(intervention)s, or give the reason of the "
                        "conflict.",
                        technician=intervention.technician_id.name,
                        other=clash.name,
                        intervention=intervention.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        started = self.filtered(lambda i: i.state not in ("draft", "planned", "cancelled"))
        if started or self.consumption_ids.filtered(lambda c: c.state == "done"):
            raise UserError(
                self.env._(
                    "%(interventions)s tells what was done and cannot be deleted: cancel it "
                    "instead.",
                    interventions=", ".join((started or self).mapped("name")),
                )
            )

    # ------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        names = self.env["ir.sequence"]._next_batch(
            self._name, self.env.company, sum("name" not in vals for vals in vals_list)
        )
        for vals in vals_list:
            if "name" not in vals:
                vals["name"] = names.pop(0)
        interventions = super().create(vals_list)
        interventions._take_consumptions()
        return interventions

    def _take_consumptions(self):
        """Take over what is not done yet on the machines of each intervention."""
        for intervention in self.filtered("request_id"):
            undone = intervention.request_id._get_undone_consumptions().filtered(
                lambda c, i=intervention: (
                    not c.intervention_id
                    and (not c.equipment_line_id or c.equipment_line_id in i.request_equipment_ids)
                )
            )
            undone.intervention_id = intervention

    # ------------------------------------------------------------ actions
    def action_plan(self, technician_id=False, start=False, end=False, version=None):
        """Plan the intervention for a technician.

        :param technician_id: id of the hr.employee (default: unchanged)
        :param start: Datetime of the start (default: unchanged)
        :param end: Datetime of the end (default: the start and the planned hours)
        :param version: the version that the caller saw; None to skip the check
        :return: the new version
        :raise UserError: when somebody else planned it meanwhile, or technician or date is missing
        """
        self.ensure_one()
        if version is not None and version != self.version:
            raise UserError(
                self.env._(
                    "%(intervention)s was changed by %(user)s meanwhile: look at it again before "
                    "planning it.",
                    intervention=self.name,
                    user=self.write_uid.name,
                )
            )
        values = {"version": self.version + 1}
        if technician_id:
            values["technician_id"] = technician_id
        if start:
            values["planned_start"] = start
        if end:
            values["planned_end"] = end
        self.write(values)
        if not (self.technician_id or self.vendor_id) or not self.planned_start:
            raise UserError(
                self.env._(
                    "Give %(intervention)s a technician (or a subcontractor) and a start first.",
                    intervention=self.name,
                )
            )
        self._set_state("planned")
        self.consumption_ids.action_plan(self.planned_start, self.technician_user_id.id)
        return self.version

    def action_dispatch(self):
        """Hand the interventions to their technicians."""
        self._ensure_requests()
        self._set_state("dispatched", dispatch_date=fields.Datetime.now())
        return True

    def action_leave(self):
        """The technician sets off."""
        self._ensure_requests()
        now = fields.Datetime.now()
        self._set_state("on_the_way", departure_date=now)
        self._start_time("travel", now)
        return True

    def action_arrive(self):
        """The technician is on site, and works."""
        self._ensure_requests()
        now = fields.Datetime.now()
        self._set_state("on_site", arrival_date=now)
        self._start_time("work", now)
        return True

    def action_start(self):
        """Start working without a trip (workshop, phone, remote)."""
        return self.action_arrive()

    def action_pause(self):
        """Interrupt the work."""
        self._check_on_site()
        self._start_time("pause", fields.Datetime.now())
        return True

    def action_resume(self):
        """Go on with the work."""
        self._check_on_site()
        self._start_time("work", fields.Datetime.now())
        return True

    def action_done(self):
        """Report that the work is done; a satisfied customer's request is closed.

        :return: True, or the question about consumptions of the request that are not done
        :raise UserError: when the report is empty
        """
        self._ensure_requests()
        silent = self.filtered(lambda i: is_html_empty(i.report))
        if silent:
            raise UserError(
                self.env._(
                    "Write what was done on %(interventions)s into the report first.",
                    interventions=", ".join(silent.mapped("name")),
                )
            )
        self._end("done")
        satisfied = self.filtered("satisfied").request_id.filtered(lambda r: r.state == "open")
        satisfied.satisfied = True
        return satisfied.action_close() if satisfied else True

    def action_to_resume(self):
        """End this visit although the work is not finished: another one follows.

        :return: the follow-up interventions
        """
        self._ensure_requests()
        self._end("to_resume")
        return self.create([intervention._prepare_follow_up() for intervention in self])

    def action_cancel(self, reason=False):
        """Cancel the interventions; what was consumed stays on the request.

        :param reason: why, in words
        """
        now = fields.Datetime.now()
        self._set_state("cancelled", cancel_reason=reason)
        self.time_ids.filtered(lambda time: not time.stop).stop = now
        undone = self.consumption_ids.filtered(lambda c: c.state in ("todo", "planned"))
        undone.intervention_id = False
        return True

    # ------------------------------------------------------------ business
    def _set_state(self, state, **values):
        """The one door to another state.

        :raise UserError: when an intervention is in a state that does not lead to ``state``
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda i: i.state not in TRANSITIONS[state])
        if wrong:
            raise UserError(
                self.env._(
                    "%(intervention)s is « %(state)s » and cannot become « %(target)s ».",
                    intervention=wrong[0].name,
                    state=labels[wrong[0].state],
                    target=labels[state],
                )
            )
        self.write({"state": state, **values})

    def _check_on_site(self):
        idle = self.filtered(lambda i: i.state != "on_site")
        if idle:
            raise UserError(
                self.env._(
                    "Nobody works on %(intervention)s now: press « Arrive » first.",
                    intervention=idle[0].name,
                )
            )

    def _start_time(self, kind, now):
        """Stop the stretch of time that runs and start another one."""
        running = self.time_ids.filtered(lambda time: not time.stop)
        running.stop = now
        # the index allows one running stretch: the old one must be written before the new one
        running.flush_recordset(["stop"])
        running.create([{"intervention_id": i.id, "kind": kind, "start": now} for i in self])

    def _end(self, state):
        """Stop the clock and record what was used as done."""
        now = fields.Datetime.now()
        self._set_state(state, done_date=now)
        self.time_ids.filtered(lambda time: not time.stop).stop = now
        for intervention in self.filtered("technician_user_id"):
            intervention.consumption_ids.filtered(
                lambda c: not c.user_id
            ).user_id = intervention.technician_user_id
        self.consumption_ids.action_mark_done(now)
        for intervention in self.filtered(lambda i: i.signature and not i.signed_on):
            intervention.signed_on = now
        self.equipment_ids.filtered(lambda e: e.certainty != "verified").certainty = "verified"

    def _ensure_requests(self):
        """Every consumption hangs on a request: a visit without one gets its own."""
        alone = self.filtered(lambda i: not i.request_id)
        for intervention in alone:
            intervention.request_id = self.env["service.request"].create(
                intervention._prepare_request_values()
            )

    def _prepare_request_values(self):
        self.ensure_one()
        return {
            "title": f"{self.nature_id.name or ''} {self.name}".strip(),
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "contact_id": self.contact_id.id,
            "agency_id": self.agency_id.id,
            "company_id": self.company_id.id,
            "origin": "field",
            "origin_reference": self.name,
            "equipment_line_ids": [
                Command.create({"equipment_id": equipment.id}) for equipment in self.equipment_ids
            ],
        }

    def _prepare_follow_up(self):
        self.ensure_one()
        return {
            "request_id": self.request_id.id,
            "request_equipment_ids": [Command.set(self.request_equipment_ids.ids)],
            "equipment_ids": [Command.set(self.equipment_ids.ids)],
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "contact_id": self.contact_id.id,
            "agency_id": self.agency_id.id,
            "intervention_type": self.intervention_type,
            "nature_id": self.nature_id.id,
            "priority": self.priority,
            "findings": self.findings,
        }

    @api.depends("name", "partner_id", "nature_id")
    def _compute_display_name(self):
        for intervention in self:
            parts = [intervention.name, intervention.partner_id.name, intervention.nature_id.name]
            intervention.display_name = " · ".join(part for part in parts if part)
