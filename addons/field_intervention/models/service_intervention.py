import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

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
ENDED = ("done", "to_resume", "cancelled")
# what a new intervention asks of its technician, whose whole row is three times as wide
ASKED_OF_TECHNICIANS = ("company_id", "name", "technician_calendar_sync", "user_id")


class ServiceIntervention(models.Model):
    """One visit, or one job in the workshop, by phone or remote."""

    _name = "service.intervention"
    _description = "Service Intervention"
    _inherit = [
        "service.numbered",
        "service.company.checked",
        "hr.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "analytic.mixin",
    ]
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
        string="UUID",
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
        precompute=True,
        string="Machines of the Request",
        domain="[('request_id', '=', request_id)]",
    )
    equipment_ids = fields.Many2many(
        "service.equipment",
        compute="_compute_equipment_ids",
        store=True,
        readonly=False,
        precompute=True,
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
        compute="_compute_agency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
    )
    sector_id = fields.Many2one(
        related="site_id.service_sector_id", store=True, precompute=True, index=True
    )
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
        compute="_compute_nature_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    address_id = fields.Many2one(
        "res.partner",
        compute="_compute_address_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the work is done: the site, the workshop of the agency, or nowhere.",
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0", index=True)
    analytic_distribution = fields.Json(
        compute="_compute_analytic_distribution",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the costs of this visit are counted: that of the request, unless changed.",
    )
    coverage = fields.Selection(related="request_id.coverage")
    coverage_label = fields.Char(related="request_id.coverage_label")
    symptom_id = fields.Many2one(related="request_id.symptom_id")
    deadline = fields.Datetime(
        compute="_compute_deadline", store=True, precompute=True, index="btree_not_null"
    )

    # Who and when
    technician_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('is_technician', '=', True)]",
    )
    technician_user_id = fields.Many2one(
        related="technician_id.user_id",
        string="Technician's User",
        store=True,
        precompute=True,
        index=True,
    )
    helper_ids = fields.Many2many(
        "hr.employee", string="Helpers", domain="[('is_technician', '=', True)]"
    )
    vendor_id = fields.Many2one("res.partner", string="Subcontractor", index="btree_not_null")
    planned_start = fields.Datetime(index=True, tracking=True, copy=False)
    planned_end = fields.Datetime(
        compute="_compute_planned_end",
        inverse="_inverse_planned_end",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        copy=False,
    )
    planned_hours = fields.Float(
        compute="_compute_planned_hours",
        inverse="_inverse_planned_hours",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_length_chosen = fields.Boolean(
        string="Length Chosen", help="Somebody said how long it takes."
    )
    travel_minutes = fields.Integer(help="Expected trip to the address, one way.")
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
    dispatch_date = fields.Datetime(string="Dispatched on", readonly=True, copy=False)
    departure_date = fields.Datetime(readonly=True, copy=False)
    arrival_date = fields.Datetime(readonly=True, copy=False)
    done_date = fields.Datetime(string="Done on", readonly=True, copy=False)
    time_ids = fields.One2many("service.intervention.time", "intervention_id", string="Times")
    is_paused = fields.Boolean(
        string="Paused", compute="_compute_hours", store=True, precompute=True
    )
    hours_work = fields.Float(
        string="Hours Worked", compute="_compute_hours", store=True, precompute=True
    )
    hours_travel = fields.Float(
        string="Hours Travelled", compute="_compute_hours", store=True, precompute=True
    )
    consumption_ids = fields.One2many("service.consumption", "intervention_id")
    report = fields.Html(copy=False, help="What was done, for the customer.")
    findings = fields.Text(copy=False, help="What was seen, for us.")
    satisfied = fields.Boolean(
        string="Request Satisfied",
        copy=False,
        help="The problem is solved: « Finish » closes the request.",
    )
    signature = fields.Binary(copy=False, attachment=True)
    signed_by = fields.Char(string="Signed by", copy=False)
    signed_on = fields.Datetime(string="Signed on", copy=False)
    customer_comment = fields.Text(copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)

    _name_company_uniq = models.Constraint(
        "unique(company_id, name)", "Another intervention has this number."
    )
    _uuid_uniq = models.Constraint("unique(uuid)", "This intervention exists already.")

    # ------------------------------------------------------------ computes
    def _compute_nature_id(self):
        # on nothing: a default of the field would be looked up for each record of a batch
        usual = self.env["service.intervention.nature"]._get_usual()
        for intervention in self:
            intervention.nature_id = intervention.nature_id or usual

    @api.depends("request_id")
    def _compute_from_request(self):
        for intervention in self:
            request = intervention.request_id
            company = request.company_id or intervention.company_id or self.env.company
            intervention.company_id = company
            intervention.partner_id = request.partner_id or intervention.partner_id
            intervention.site_id = request.site_id or intervention.site_id
            intervention.contact_id = request.contact_id or intervention.contact_id

    @api.depends("request_id.deadline")
    def _compute_deadline(self):
        for intervention in self:
            intervention.deadline = intervention.request_id.deadline

    @api.depends("request_id.analytic_distribution")
    def _compute_analytic_distribution(self):
        for intervention in self:
            intervention.analytic_distribution = (
                intervention.request_id.analytic_distribution or intervention.analytic_distribution
            )

    @api.depends("request_id", "site_id", "partner_id", "company_id")
    def _compute_agency_id(self):
        default_by_company = self.env["service.agency"]._default_by_company(self.company_id)
        own = self.env.user._get_staff_agencies()
        for intervention in self:
            company = intervention.company_id
            candidates = (
                intervention.request_id.agency_id,
                intervention.site_id.service_agency_id,
                intervention.partner_id.service_agency_id,
                own.filtered(lambda agency, company=company: agency.company_id == company)[:1],
            )
            intervention.agency_id = next(
                (agency for agency in candidates if agency and agency.company_id == company),
                default_by_company.get(company),
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
            if intervention.intervention_type == "onsite":
                intervention.address_id = intervention.site_id or intervention.partner_id
            elif intervention.intervention_type == "workshop":
                intervention.address_id = intervention.agency_id.partner_id
            else:
                intervention.address_id = False

    @api.depends("nature_id", "equipment_ids")
    def _compute_planned_hours(self):
        # not on the operations: a check added on site must not move what is planned afterwards
        for intervention in self:
            planned = intervention.state != "draft" or intervention.is_length_chosen
            if not intervention.planned_hours or not planned:
                intervention.planned_hours = intervention._get_usual_hours()

    def _inverse_planned_hours(self):
        for intervention in self:
            chosen = abs(intervention.planned_hours - intervention._get_usual_hours()) > 0.001
            if intervention.is_length_chosen != chosen:
                intervention.is_length_chosen = chosen

    def _get_usual_hours(self):
        operations = sum(self.operation_ids.mapped("planned_hours"))
        return operations or self.nature_id.planned_hours or 1.0

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
    def _get_fitting_fields(self):
        fits = all(
            intervention.agency_id._get_company_and_warehouse()[0] == intervention.company_id.id
            for intervention in self
        )
        return super()._get_fitting_fields() | ({"agency_id"} if fits else set())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        started = self.filtered(lambda i: i.state not in ("draft", "planned", "cancelled"))
        started |= self.time_ids.intervention_id
        started |= self.consumption_ids.filtered(lambda c: c.state == "done").intervention_id
        if started:
            raise UserError(
                self.env._(
                    "An intervention that was dispatched, that took time or that used something "
                    "cannot be deleted: cancel %(interventions)s instead.",
                    interventions=", ".join(started.mapped("name")),
                )
            )

    # ------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        self._read_people(vals_list)
        interventions = super().create(vals_list)
        interventions._take_consumptions()
        return interventions

    @api.model
    def _read_people(self, vals_list):
        """Read who is visited, who goes and who we are at once, and no wider than needed.

        Each would cost a query of its whole row later; computes and checks may read them all.
        """

        def name_all(field):
            return {vals[field] for vals in vals_list if vals.get(field)}

        self.env.company._read_service_settings()
        requests_sudo = self.env["service.request"].sudo().browse(name_all("request_id"))
        people_sudo = self.env.user.partner_id.sudo() | requests_sudo.partner_id
        people_sudo |= people_sudo.browse(name_all("partner_id"))
        people_sudo.mapped("name")  # with the rest of their rows, of all of them
        technicians_sudo = self.env["hr.employee"].sudo().browse(name_all("technician_id"))
        technicians_sudo.fetch(ASKED_OF_TECHNICIANS)

    def _creation_message(self):
        # Odoo's own message reads the name of the model each time
        return self.env._("Service intervention created")

    def write(self, vals):
        if "request_id" not in vals:
            return super().write(vals)
        moved = self.filtered(
            lambda i: i.state == "draft" and i.request_id.id not in (False, vals["request_id"])
        )
        moved.consumption_ids._filter_undone().intervention_id = False
        result = super().write(vals)
        moved._take_consumptions()
        return result

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

    @api.depends("name", "partner_id", "nature_id")
    def _compute_display_name(self):
        for intervention in self:
            parts = [intervention.name, intervention.partner_id.name, intervention.nature_id.name]
            intervention.display_name = " · ".join(part for part in parts if part)
