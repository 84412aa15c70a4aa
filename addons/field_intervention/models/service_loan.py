from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

REMIND_DAYS = 3


class ServiceLoan(models.Model):
    """A machine that replaces the customer's while that one is away or broken."""

    _name = "service.loan"
    _description = "Loan of a Machine"
    _inherit = ["service.numbered", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    request_id = fields.Many2one("service.request", index="btree_not_null", check_company=True)
    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", check_company=True
    )
    equipment_id = fields.Many2one(
        "service.equipment",
        string="Replaced Machine",
        required=True,
        index=True,
        check_company=True,
    )
    partner_id = fields.Many2one(
        related="equipment_id.partner_id", string="Customer", store=True, index=True
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Is reminded when the machine is due back.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Loaned Product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
    )
    loan_lot_id = fields.Many2one(
        "stock.lot",
        string="Loaned Machine",
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        tracking=True,
    )
    loan_equipment_id = fields.Many2one(
        "service.equipment", string="Loaned Equipment", readonly=True, index="btree_not_null"
    )
    date_out = fields.Date(string="Lent on", readonly=True, copy=False)
    date_due = fields.Date(string="Due Back", tracking=True)
    date_back = fields.Date(string="Came Back on", readonly=True, copy=False)
    out_picking_id = fields.Many2one("stock.picking", string="Way Out", readonly=True, copy=False)
    back_picking_id = fields.Many2one("stock.picking", string="Way Back", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Requested"),
            ("lent", "Lent"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        tracking=True,
    )
    is_reminded = fields.Boolean(string="Reminded", compute="_compute_is_reminded", store=True)
    note = fields.Text()

    _lent_once = models.UniqueIndex(
        "(loan_lot_id) WHERE state = 'lent'", "This machine is lent already."
    )

    @api.depends("equipment_id")
    def _compute_site_id(self):
        for loan in self:
            loan.site_id = loan.equipment_id.site_id or loan.equipment_id.partner_id

    @api.depends("equipment_id")
    def _compute_warehouse_id(self):
        for loan in self:
            loan.warehouse_id = loan.equipment_id.agency_id.warehouse_id

    @api.depends("equipment_id")
    def _compute_product_id(self):
        for loan in self:
            loan.product_id = loan.product_id or loan.equipment_id.product_id

    @api.depends("date_due")
    def _compute_is_reminded(self):
        """Another date is reminded of again."""
        self.is_reminded = False

    def action_lend(self):
        """Deliver the machine, on loan.

        :raise UserError: when it is not known which machine, from where or until when
        """
        for loan in self:
            loan._check_can_lend()
            loan_sudo = loan.sudo()
            picking = loan_sudo.env["stock.picking"]._move_machine(
                loan_sudo.warehouse_id.out_type_id,
                loan_sudo._find_place(),
                loan_sudo._get_customer_location(),
                loan_sudo.product_id,
                loan_sudo.loan_lot_id,
                partner_id=loan.site_id.id,
                origin=loan.name,
                service_loan_id=loan.id,
            )
            loan.write(
                {
                    "state": "lent",
                    "date_out": fields.Date.context_today(self),
                    "out_picking_id": picking.id,
                    "loan_equipment_id": loan._place_equipment().id,
                }
            )
        return True

    def action_return(self):
        """Take the lent machine back.

        :raise UserError: when it is not lent
        """
        for loan in self:
            loan._check_state("lent")
            loan_sudo = loan.sudo()
            loan.back_picking_id = loan_sudo.env["stock.picking"]._move_machine(
                loan_sudo.warehouse_id.in_type_id,
                loan_sudo._get_customer_location(),
                loan_sudo.warehouse_id.lot_stock_id,
                loan_sudo.product_id,
                loan_sudo.loan_lot_id,
                partner_id=loan.site_id.id,
                origin=loan.name,
                service_loan_id=loan.id,
            )
            loan.write({"state": "returned", "date_back": fields.Date.context_today(self)})
            loan_sudo.loan_equipment_id.state = "returned"
            loan.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_cancel(self):
        """Give up loans that were only requested."""
        for loan in self:
            loan._check_state("draft")
        self.state = "cancelled"
        return True

    def _check_state(self, state):
        self.ensure_one()
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(loan)s is « %(state)s »: this is only possible when it is « %(wanted)s ».",
                    loan=self.name,
                    state=labels[self.state],
                    wanted=labels[state],
                )
            )

    def _check_can_lend(self):
        self._check_state("draft")
        missing = []
        if self.product_id.tracking != "none" and not self.loan_lot_id:
            missing.append(self.env._("which machine is lent"))
        if not self.warehouse_id:
            missing.append(self.env._("the warehouse that it comes from"))
        if not self.date_due:
            missing.append(self.env._("when it is due back"))
        if missing:
            raise UserError(
                self.env._(
                    "Say on %(loan)s first: %(missing)s.",
                    loan=self.name,
                    missing=", ".join(missing),
                )
            )

    def _find_place(self):
        """Where the machine stands now: its place in the warehouse."""
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", self.warehouse_id.view_location_id.id),
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.loan_lot_id.id),
                ("quantity", ">", 0),
            ],
            limit=1,
        )
        if not quants:
            raise UserError(
                self.env._(
                    "%(machine)s is not in the warehouse %(warehouse)s: choose another machine or "
                    "warehouse.",
                    machine=self.loan_lot_id.name or self.product_id.display_name,
                    warehouse=self.warehouse_id.name,
                )
            )
        return quants.location_id

    def _get_customer_location(self):
        return self.partner_id.with_company(self.company_id).property_stock_customer

    def _place_equipment(self):
        """The record of the lent machine, at the customer's site."""
        self.ensure_one()
        placed = {
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "state": "on_loan",
        }
        machines_sudo = self.env["service.equipment"].sudo()
        machine = self.loan_lot_id and machines_sudo.search(
            [("lot_id", "=", self.loan_lot_id.id), ("company_id", "=", self.company_id.id)],
            limit=1,
        )
        if machine:
            machine.write(placed)
        else:
            machine = machines_sudo.create(
                {
                    **placed,
                    "company_id": self.company_id.id,
                    "product_id": self.product_id.id,
                    "lot_id": self.loan_lot_id.id,
                    "certainty": "verified",
                }
            )
        machine._log_event(
            "loaned",
            description=self.name,
            new_value=self.site_id.display_name,
            res_model=self._name,
            res_id=self.id,
        )
        return machine

    @api.model
    def _cron_remind(self):
        """Remind the responsible of each loan that is due back soon, once."""
        soon = fields.Date.context_today(self) + timedelta(days=REMIND_DAYS)
        due = self.search(
            [("state", "=", "lent"), ("date_due", "<=", soon), ("is_reminded", "=", False)]
        )
        for loan in due.filtered("user_id"):
            loan = loan.with_context(lang=loan.user_id.lang)
            loan.is_reminded = True
            loan.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=loan.date_due,
                summary=self.env._(
                    "%(machine)s is due back from %(customer)s",
                    machine=loan.loan_lot_id.name or loan.product_id.display_name,
                    customer=loan.partner_id.name,
                ),
                user_id=loan.user_id.id,
            )
