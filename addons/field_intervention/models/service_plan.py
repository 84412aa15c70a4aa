from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .plan_dates import read_months

# a change of these makes other visits
RULE_FIELDS = {
    "active",
    "product_id",
    "contract_template_id",
    "contract_id",
    "trigger",
    "date_start",
    "interval",
    "interval_unit",
    "meter_type_id",
    "meter_step",
    "season",
    "is_regulatory",
    "lead_days",
    "tolerance_days",
    "visit_limit",
}


class ServicePlan(models.Model):
    """What must be done regularly on machines, without anybody asking for it."""

    _name = "service.plan"
    _description = "Service Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Is told about the visits that were not done in time.",
    )

    # On what
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        help="All machines of this product; with a contract: those of its machines only.",
    )
    contract_template_id = fields.Many2one(
        "service.contract.template",
        index="btree_not_null",
        check_company=True,
        help="All machines of the contracts that were made from it.",
    )
    contract_id = fields.Many2one(
        "service.contract", index="btree_not_null", check_company=True, ondelete="cascade"
    )

    # When
    trigger = fields.Selection(
        [
            ("fixed_date", "Fixed Dates"),
            ("interval", "Interval"),
            ("meter", "Meter"),
            ("interval_or_meter", "Interval or Meter"),
        ],
        required=True,
        default="interval",
        help="Fixed dates: counted from the start of the plan, whenever the last visit was. "
        "Interval: counted from the last visit done, else from the start of the machine or of its "
        "contract. Meter: every so many units. Interval or meter: whatever comes first.",
    )
    date_start = fields.Date(
        string="Start",
        required=True,
        default=fields.Date.context_today,
        help="No visit is due before. The first of the fixed dates.",
    )
    interval = fields.Integer(default=1, required=True)
    interval_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        required=True,
        default="year",
    )
    meter_type_id = fields.Many2one("service.meter.type")
    meter_uom_id = fields.Many2one(related="meter_type_id.uom_id", string="Unit of the Meter")
    meter_step = fields.Float(
        string="Every", digits=(16, 3), help="In the unit of the meter: every 2,000 hours."
    )
    season = fields.Char(
        help="The months in which visits may be, by their numbers: « 4,10 » or « 3-5 »; empty: all "
        "the year. Visits that fall outside move to the next beginning of the season; those that "
        "the law requires move to the end of the season before.",
    )
    lead_days = fields.Integer(
        string="Lead Time",
        default=30,
        help="So many days before it is due a visit becomes a request and an intervention.",
    )
    tolerance_days = fields.Integer(
        string="Tolerance",
        default=15,
        help="So many days after it was due a visit that is not done counts as missed.",
    )
    visit_limit = fields.Integer(
        help="Visits of one machine that one contract includes; 0: no limit."
    )

    # What
    creates = fields.Selection(
        [
            ("request_intervention", "Request and Intervention"),
            ("request", "Request Only"),
            ("intervention", "Intervention Only"),
        ],
        required=True,
        default="request_intervention",
        help="An intervention alone gets its request when it is dispatched.",
    )
    nature_id = fields.Many2one(
        "service.intervention.nature",
        required=True,
        default=lambda self: self.env.ref(
            "field_intervention.service_intervention_nature_maintenance", raise_if_not_found=False
        ),
    )
    request_type_id = fields.Many2one("service.request.type")
    competence_id = fields.Many2one("service.competence", index="btree_not_null")
    is_regulatory = fields.Boolean(
        string="Regulatory",
        compute="_compute_is_regulatory",
        store=True,
        readonly=False,
        help="Required by law: a visit is never put off to the next season.",
    )
    planned_hours = fields.Float(default=1.0, help="For one machine.")
    operation_template_ids = fields.Many2many("service.operation.template", string="Operations")
    part_ids = fields.One2many("service.plan.part", "plan_id", string="Planned Parts", copy=True)
    group_days = fields.Integer(
        string="Group Visits Within",
        default=30,
        help="Visits of one site that are due within so many days go on one intervention; 0: each "
        "machine has its own.",
    )
    visit_ids = fields.One2many("service.plan.visit", "plan_id", string="Visits")
    is_pending = fields.Boolean(
        default=True,
        copy=False,
        index="btree_not_null",
        help="The visits have to be forecast anew for all machines.",
    )

    _has_target = models.Constraint(
        "CHECK (num_nonnulls(product_id, contract_template_id, contract_id) > 0)",
        "Choose what the plan is for: a product, a contract template or a contract.",
    )
    _interval_positive = models.Constraint(
        "CHECK (interval > 0)", "The interval of a plan must be at least one."
    )
    _days_not_negative = models.Constraint(
        "CHECK (lead_days >= 0 AND tolerance_days >= 0 AND group_days >= 0 AND visit_limit >= 0)",
        "Lead time, tolerance, grouping and limit of a plan cannot be negative.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        visits_sudo = self.env["service.plan.visit"].sudo()
        done = visits_sudo.search([("plan_id", "in", self.ids), ("state", "=", "done")], limit=1)
        if done:
            raise UserError(
                self.env._(
                    "Visits of %(plan)s were made, and with it they would be forgotten: archive it "
                    "instead.",
                    plan=done.plan_id.name,
                )
            )

    @api.depends("nature_id")
    def _compute_is_regulatory(self):
        for plan in self:
            plan.is_regulatory = plan.nature_id.is_regulatory

    @api.constrains("trigger", "meter_type_id", "meter_step")
    def _check_meter(self):
        for plan in self:
            metered = plan.trigger in ("meter", "interval_or_meter")
            if metered and (not plan.meter_type_id or plan.meter_step <= 0):
                raise ValidationError(
                    self.env._(
                        "The plan %(plan)s goes by a meter: give its type, and after how many "
                        "units a visit is due.",
                        plan=plan.name,
                    )
                )

    @api.constrains("season")
    def _check_season(self):
        for plan in self.filtered("season"):
            try:
                read_months(plan.season)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The season « %(season)s » of the plan %(plan)s is not understood: give "
                        "its months by their numbers, like « 4,10 » or « 3-5 ».",
                        season=plan.season,
                        plan=plan.name,
                    )
                ) from error

    def write(self, vals):
        if RULE_FIELDS & set(vals):
            vals = {**vals, "is_pending": True}
        return super().write(vals)

    def action_view_visits(self):
        """Open the visits of these plans."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_intervention.service_plan_visit_action"
        )
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}

    def action_generate(self):
        """Forecast the visits of these plans now, and create what is due."""
        self.check_access("write")
        self.sudo()._generate_visits(self._get_horizon())
        return self.action_view_visits()
