from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")]


class ServiceRequest(models.Model):
    """What a customer asks for (X3: demande de service), the hub of the suite."""

    _name = "service.request"
    _description = "Service Request"
    _inherit = [
        "service.numbered",
        "service.company.checked",
        "mail.thread",
        "mail.activity.mixin",
        "service.coverage.mixin",
    ]
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
        default=lambda self: self.env.user.service_default_principal_id,
        domain="[('is_service_principal', '=', True), "
        "('service_principal_customer_ids', '=?', partner_id)]",
        help="The company on whose behalf we serve this customer.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        # who is found by one of their sites, or by who calls, is chosen by it
        domain="['|', '&', ('parent_id', '=', False), ('principal_ids', '=?', principal_id), "
        "'&', ('type', 'in', ('delivery', 'other', 'contact')), "
        "('parent_id', 'any', [('parent_id', '=', False), ('principal_ids', '=?', principal_id)])]",
        help="Only a request that came by e-mail from an unknown sender may wait without customer.",
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
    site_city = fields.Char(related="site_id.city")
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
    contact_phone = fields.Char(
        string="Phone",
        compute="_compute_contact_phone",
        help="Where the contact is called, or else the site or the customer.",
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
            ("field", "Field Visit"),
            ("manual", "Manual"),
        ],
        required=True,
        default="phone",
    )
    origin_reference = fields.Char()

    # What it is about
    equipment_line_ids = fields.One2many(
        "service.request.equipment", "request_id", string="Machines", copy=True
    )
    component_line_ids = fields.One2many(
        "service.request.component", "request_id", string="Components"
    )
    equipment_id = fields.Many2one(
        "service.equipment",
        string="Machine",
        compute="_compute_equipment_id",
        inverse="_inverse_equipment_id",
        store=True,
        readonly=False,
        precompute=True,
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
    severity_id = fields.Many2one(
        "service.severity",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    severity_color = fields.Integer(related="severity_id.color", string="Severity Colour")

    # Life
    stage_id = fields.Many2one(
        "service.request.stage",
        required=True,
        index=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["service.request.stage"]._get_first(),
        domain="['|', ('agency_ids', '=', False), ('agency_ids', '=', agency_id)]",
        group_expand="_group_expand_stage_id",
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, precompute=True, index=True
    )
    close_date = fields.Datetime(string="Closed on", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, copy=False)
    satisfied = fields.Boolean(
        copy=False, readonly=True, help="The customer said that the request is satisfied."
    )
    stage_history_ids = fields.One2many("service.request.stage.history", "request_id")

    _name_company_uniq = models.Constraint(
        "unique(company_id, name)", "Another request has this number."
    )

    # ------------------------------------------------------------ who, where, what
    @api.depends("equipment_id")
    def _compute_partner_id(self):
        for request in self:
            request.partner_id = request.partner_id or request.equipment_id.partner_id

    @api.depends("partner_id", "equipment_id")
    def _compute_site_id(self):
        for request in self:
            customer = request.partner_id.commercial_partner_id
            placed = request.equipment_id.site_id
            if placed.commercial_partner_id == customer:
                request.site_id = placed
            elif request.site_id.commercial_partner_id != customer:
                request.site_id = request.partner_id.address_get(["delivery"])["delivery"]

    @api.depends("partner_id", "equipment_id")
    def _compute_contact_id(self):
        for request in self:
            customer = request.partner_id.commercial_partner_id
            if request.contact_id.commercial_partner_id != customer:
                machine = request.equipment_id
                own = machine.partner_id.commercial_partner_id == customer
                request.contact_id = own and machine.contact_id

    @api.depends("contact_id.phone", "site_id.phone", "partner_id.phone")
    def _compute_contact_phone(self):
        for request in self:
            parties = (request.contact_id, request.site_id, request.partner_id)
            request.contact_phone = next((p.phone for p in parties if p.phone), False)

    @api.depends("partner_id", "site_id", "company_id")
    def _compute_agency_id(self):
        own = self.env.user._get_staff_agencies()
        for request in self:
            company = request.company_id
            candidates = (
                request.site_id.service_agency_id,
                request.partner_id.service_agency_id,
                # a call taker who corrects the customer does not mean the agency of the wrong one
                request.partner_id == request._origin.partner_id and request.agency_id,
                own.filtered(lambda agency, company=company: agency.company_id == company)[:1],
            )
            request.agency_id = next(
                (agency for agency in candidates if agency and agency.company_id == company),
                self.env["service.agency"]._default_by_company(company).get(company),
            )

    @api.depends("type_id")
    def _compute_from_type(self):
        usual = self.env["service.severity"]._get_default()
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
            request._make_default(request.equipment_id)

    @api.onchange("equipment_id")
    def _onchange_equipment_id(self):
        """Scanning a serial first is enough: the machine brings its customer and its site."""
        if machine := self.equipment_id:
            self._correct_machine(machine)
            self._make_default(machine)

    def _get_default_line(self):
        """The equipment line that what names no machine belongs to."""
        lines = self.equipment_line_ids
        return lines.filtered("is_default")[:1] or lines[:1]

    def _get_competence(self):
        """The competence that decides who takes the request."""
        return self.competence_id or self._get_default_line().competence_id

    # ------------------------------------------------------------ life
    @api.depends("stage_id.is_closed", "stage_id.is_cancelled")
    def _compute_state(self):
        for request in self:
            state = request.stage_id._get_state()
            request.state = "open" if state == "paused" else state

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        own = self.env.user._get_staff_agencies()
        if not own:
            return stages.search([("active", "=", True)])
        used = Domain("agency_ids", "in", [False, *own.ids]) | Domain("id", "in", stages.ids)
        return stages.search(used)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._log_stage()
        # what was closed elsewhere brings its date along
        requests.filtered(
            lambda r: r.state == "closed" and not r.close_date
        )._action_post_state_change()
        return requests

    def write(self, vals):
        before = {r: (r.stage_id, r.state) for r in self} if "stage_id" in vals else {}
        if vals.get("stage_id"):
            self._check_stage_change(self.env["service.request.stage"].browse(vals["stage_id"]))
        result = super().write(vals)
        if before:
            self.filtered(lambda r: r.stage_id != before[r][0])._log_stage()
            self.filtered(lambda r: r.state != before[r][1])._action_post_state_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        recorded = self.filtered(
            lambda r: r.consumption_ids or r.sudo().time_log_ids or r.uses_points
        )
        if recorded:
            raise UserError(
                self.env._(
                    "Consumption, time or points are recorded on %(requests)s: cancel instead of "
                    "deleting.",
                    requests=", ".join(recorded.mapped("name")),
                )
            )

    def _get_fitting_fields(self):
        fits = all(request._fits_agency() for request in self)
        return super()._get_fitting_fields() | ({"agency_id", "warehouse_id"} if fits else set())

    def _fits_agency(self):
        """Whether the agency is of the company of the request, and the warehouse of the agency."""
        company_id, warehouse_id = self.agency_id._get_company_and_warehouse()
        return company_id == self.company_id.id and self.warehouse_id.id in (False, warehouse_id)

    def _creation_message(self):
        # Odoo's own message reads the name of the model each time
        return self.env._("Service request created")

    def _log_stage(self):
        self.env["service.request.stage.history"].sudo().create(
            [
                {
                    "request_id": request.id,
                    "company_id": request.company_id.id,
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
                    "There are consumptions that are not done on %(requests)s: press « Close » to "
                    "do or cancel them.",
                    requests=", ".join(undone.request_id.mapped("name")),
                )
            )

    def _get_undone_consumptions(self):
        return self.consumption_ids._filter_undone()

    def _action_post_state_change(self):
        """What follows when requests were closed, cancelled or opened again."""
        now = fields.Datetime.now()
        by_state = self.grouped("state")
        closed = by_state.get("closed", self.browse())
        for user, requests in closed.grouped(closed._get_handlers().get).items():
            requests.handled_by_id = user
        closed.write({"close_date": now, "closed_by_id": self.env.uid})
        (self - closed).write(
            {"close_date": False, "closed_by_id": False, "handled_by_id": False, "satisfied": False}
        )
        by_state.get("cancelled", self.browse())._get_undone_consumptions().action_cancel()

    def action_close(self, undone=None):
        """Close the requests: they are solved and may be invoiced.

        :param undone: what happens to consumptions that are not done: ``"done"``, ``"cancel"``, or
            None to ask the user
        :return: True, or the wizard that asks, also about provisional coverage; what needs no
            answer is closed already
        :raise UserError: when an answer is given and coverage is still provisional, or a tracked
            part names no lot
        """
        consumptions = self._get_undone_consumptions()
        if undone == "done":
            consumptions._mark_done()
        elif undone == "cancel":
            consumptions.action_cancel()
        asked = self.browse() if undone else self._filter_asking()
        (self - asked).write({"stage_id": self.env["service.request.stage"]._get_closing().id})
        return asked._open_closing() if asked else True

    def _filter_asking(self):
        """Those of these requests that cannot be closed before somebody answers a question."""
        return self._get_undone_consumptions().request_id

    def _open_closing(self):
        """Open the dialogue about what is not done, or not certain, on these requests."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Request"),
            "res_model": "service.request.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_ids": self.ids},
        }

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

    @api.depends("name", "title")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.name} {request.title or ''}".strip()
