from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .service_coverage_mixin import DECISIONS

EARLY = {"compute": "_compute_coverage", "store": True, "precompute": True}
POINTS_FOLLOW = {"request_id", "equipment_id", "competence_id", *DECISIONS}


class ServiceRequestEquipment(models.Model):
    """One machine of a request, with the coverage that was found for it (X3: SREMAC)."""

    _name = "service.request.equipment"
    _description = "Request Equipment"
    _inherit = ["service.company.checked", "service.coverage.mixin"]
    _check_company_auto = True
    _order = "request_id, sequence, id"
    _rec_name = "equipment_id"

    request_id = fields.Many2one("service.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    equipment_id = fields.Many2one(
        "service.equipment", required=True, index=True, check_company=True, ondelete="restrict"
    )
    product_id = fields.Many2one(related="equipment_id.product_id")
    serial_number = fields.Char(related="equipment_id.serial_number")
    equipment_site_id = fields.Many2one(related="equipment_id.site_id", string="Site")
    competence_id = fields.Many2one(
        "service.competence",
        compute="_compute_competence_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    is_default = fields.Boolean(
        string="Default", help="Consumptions that name no machine go to this one."
    )
    intervention_group = fields.Char(
        help="Machines with the same code go on the same intervention."
    )

    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        help="How many of the machines on this record are concerned; at most all of them.",
    )
    is_on_loan = fields.Boolean(
        string="On Loan",
        compute="_compute_is_on_loan",
        help="The machine is lent to the customer.",
    )
    coverage_to_confirm = fields.Boolean(
        string="Coverage to Confirm",
        copy=False,
        help="Only the repair shows whether it is covered: the request cannot be closed before "
        "the coverage was confirmed or changed.",
    )
    coverage_confirmation = fields.Char(
        string="Confirmed because",
        readonly=True,
        copy=False,
        help="Why the coverage was confirmed or changed after the repair.",
    )
    # Decided before the line is written: it is written once
    coverage = fields.Selection(**EARLY)
    coverage_mode = fields.Selection(**{**EARLY, "compute": "_compute_coverage_mode"})
    contract_id = fields.Many2one(**EARLY)
    sale_id = fields.Many2one(**EARLY)
    coverage_id = fields.Many2one(**EARLY)
    covered_by_id = fields.Many2one(**EARLY)
    coverage_reason_code = fields.Char(**EARLY)
    coverage_reason_args = fields.Json(**EARLY)
    parts_rate = fields.Float(**EARLY)
    labor_rate = fields.Float(**EARLY)
    travel_rate = fields.Float(**EARLY)
    points_flat = fields.Float(**EARLY)
    coverage_terms = fields.Json(**EARLY)

    component_line_ids = fields.One2many(
        "service.request.component", "equipment_line_id", string="Components", copy=True
    )
    consumption_ids = fields.One2many("service.consumption", "equipment_line_id")

    _equipment_uniq = models.Constraint(
        "unique(request_id, equipment_id)",
        "This machine is on the request already: keep one line for it.",
    )

    @api.depends("equipment_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.equipment_id.quantity or 1.0

    @api.depends("equipment_id.state")
    def _compute_is_on_loan(self):
        for line in self:
            line.is_on_loan = line.equipment_id.state == "on_loan"

    @api.constrains("quantity", "equipment_id")
    def _check_quantity(self):
        for line in self:
            if not 0 < line.quantity <= line.equipment_id.quantity:
                raise ValidationError(
                    self.env._(
                        "%(quantity)g of %(machine)s cannot be on the request: give a number "
                        "between 1 and %(all)g.",
                        quantity=line.quantity,
                        machine=line.equipment_id.display_name,
                        all=line.equipment_id.quantity,
                    )
                )

    @api.constrains("competence_id", "request_id")
    def _check_competence(self):
        for line in self:
            shared = line.request_id.competence_id
            if shared and line.competence_id != shared:
                raise ValidationError(
                    self.env._(
                        "All of %(request)s needs %(competence)s: empty the competence of the "
                        "request before you give %(machine)s its own.",
                        request=line.request_id.name,
                        competence=shared.display_name,
                        machine=line.equipment_id.display_name,
                    )
                )

    @api.onchange("equipment_id")
    def _onchange_equipment_id(self):
        owner = self.equipment_id.partner_id
        customer = self.request_id.partner_id.commercial_partner_id
        if owner and customer and owner != customer:
            return {
                "warning": {
                    "title": self.env._("Machine of another customer"),
                    "message": self.env._(
                        "%(machine)s belongs to %(owner)s, the request is for %(customer)s. Keep "
                        "it only if that is right.",
                        machine=self.equipment_id.display_name,
                        owner=owner.display_name,
                        customer=customer.display_name,
                    ),
                }
            }
        return None

    @api.depends("request_id.competence_id")
    def _compute_competence_id(self):
        for line in self:
            line.competence_id = line.request_id.competence_id or line.competence_id

    @api.depends("request_id.coverage_manual")
    def _compute_coverage_mode(self):
        result = super()._compute_coverage_mode()
        self.filtered("request_id.coverage_manual").coverage_mode = "manual"
        return result

    @api.depends(
        "equipment_id",
        "competence_id",
        "request_id.coverage_manual",
        "request_id.coverage_contract_id",
        "request_id.coverage_sale_id",
        "request_id.partner_id",
        "request_id.site_id",
        "request_id.asked_on",
    )
    def _compute_coverage(self):
        return super()._compute_coverage()

    def _get_request(self):
        return self.request_id

    def _get_choice(self):
        """A decision on the whole request imposes itself on its machines."""
        return (
            self.request_id._get_choice()
            if self.request_id.coverage_manual
            else super()._get_choice()
        )

    def _is_paid_apart(self):
        """What the repair shows afterwards does not take back the time that was promised."""
        refused = self.coverage_confirmation and self._get_choice()["coverage"] == "none"
        return bool(refused) or super()._is_paid_apart()

    def _prepare_coverage_item(self):
        request = self.request_id
        if not self.equipment_id or not request.partner_id:
            return {}
        return {
            "request_id": request._origin.id,
            "partner_id": request.partner_id.id,
            "company_id": request.company_id.id,
            "agency_id": request.agency_id.id,
            "equipment_id": self.equipment_id.id,
            "competence_id": self.competence_id.id,
            "site_id": (self.equipment_id.site_id or request.site_id).id,
        }

    def _aggregate_coverage(self):
        """Coverage of the whole out of its lines: all full, none at all, or partial."""
        as_full = {"full", "contract", "sale", "goodwill"}
        kinds = {
            "full"
            if line.coverage in as_full
            else "partial"
            if line.coverage == "partial"
            else "none"
            for line in self
        }
        if not kinds:
            return False
        return kinds.pop() if len(kinds) == 1 else "partial"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._add_defaults(vals_list)
        request_ids = {vals["request_id"] for vals in vals_list if vals.get("request_id")}
        with self.env["service.request"].browse(request_ids)._telling_assignees():
            lines = super().create(vals_list)
        lines.request_id._settle_points()
        return lines

    @api.model
    def _add_defaults(self, vals_list):
        """Make the first machine of each request its default one, unless another one is."""
        requested = self.env.context.get("default_request_id")
        added = defaultdict(list)
        for vals in vals_list:
            added[vals.get("request_id", requested)].append(vals)
        for request in self.env["service.request"].browse(filter(None, added)):
            lines, new = request.equipment_line_ids, added[request.id]
            before = lines.filtered("is_default")
            if ticked := [vals for vals in new if vals.get("is_default")]:
                before.is_default = False
                for vals in ticked[:-1]:
                    vals["is_default"] = False
            elif not before:
                lines[:1].is_default = True
                new[0]["is_default"] = not lines

    def write(self, vals):
        if "equipment_id" in vals:
            self.filtered(lambda ln: ln.equipment_id.id != vals["equipment_id"])._leave_machine()
        requests = self.request_id
        with requests._telling_assignees():
            result = super().write(vals)
        if vals.get("is_default"):
            self._take_default()
        if not POINTS_FOLLOW.isdisjoint(vals):
            (requests | self.request_id)._settle_points()
        return result

    def _take_default(self):
        """One machine of a request is the default one: un-tick the others."""
        for request, lines in self.grouped("request_id").items():
            others = request.equipment_line_ids - lines[-1:]
            others.filtered("is_default").is_default = False

    def _is_bare(self):
        """Whether this names a machine and nothing hangs on it yet."""
        return bool(self) and not (self.component_line_ids or self.consumption_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        done = self.consumption_ids.filtered(lambda c: c.state == "done")
        if done:
            raise UserError(
                self.env._(
                    "Work was done on %(machine)s: cancel its consumptions on %(request)s before "
                    "taking it off.",
                    machine=done[0].equipment_line_id.display_name,
                    request=done[0].request_id.name,
                )
            )

    def unlink(self):
        requests = self.request_id
        self._leave_machine()
        # what was cancelled stays on the request as a trace, without a machine
        cancelled = self.consumption_ids.filtered(lambda c: c.state == "cancelled")
        cancelled.equipment_line_id = False
        with requests._telling_assignees():
            result = super().unlink()
        requests._settle_points()
        return result

    @api.depends("equipment_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.equipment_id.display_name

    def _leave_machine(self):
        """Forget what was planned for the machine of these lines: components, undone consumptions.

        What is done stays on the line, and is charged as its next machine is.

        :raise UserError: when something on the machine is invoiced
        """
        invoiced = self.consumption_ids._filter_locked()
        if invoiced:
            raise UserError(
                self.env._(
                    "%(consumption)s is invoiced: the machine %(machine)s cannot be changed. "
                    "Cancel or credit the invoice first.",
                    consumption=invoiced[0].display_name,
                    machine=invoiced[0].equipment_line_id.display_name,
                )
            )
        self.consumption_ids.filtered(lambda c: c.state in ("todo", "planned")).action_cancel()
        self.consumption_ids.component_line_id = False
        self.component_line_ids.unlink()

    def action_start_time_log(self):
        """Start my clock on this machine; a clock that runs elsewhere stops."""
        self.ensure_one()
        return self.request_id.action_start_time_log(self.id)

    def action_examine_coverage(self):
        """Open the examination of this machine; what is decided there holds for it alone."""
        self.ensure_one()
        return self.request_id._examine_coverage(self, request_line_id=self.id)

    def action_confirm_coverage(self, reason, coverage=None):
        """Confirm the coverage after the repair, or change it; consumptions follow.

        :param reason: why (required)
        :param coverage: the manual coverage to use instead (default: the coverage stays)
        :raise UserError: without a reason
        """
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why the coverage of %(machine)s is right.",
                    machine=", ".join(self.mapped("display_name")),
                )
            )
        values = {"coverage_to_confirm": False, "coverage_confirmation": reason}
        self.write({**values, "coverage_manual": coverage} if coverage else values)
        for line in self:
            line.request_id.message_post(
                body=self.env._(
                    "Coverage of %(machine)s confirmed (%(reason)s): %(coverage)s",
                    machine=line.display_name,
                    coverage=line.coverage_label,
                    reason=reason,
                )
            )
        return True
