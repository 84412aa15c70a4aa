from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date


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

    @api.depends("partner_id.service_agency_id", "company_id", "picking_id", "sale_line_id")
    def _compute_agency_id(self):
        for contract in self:
            customer, contract_sudo = contract.partner_id, contract.sudo()
            warehouse_sudo = (
                contract_sudo.picking_id.picking_type_id.warehouse_id
                or contract_sudo.sale_line_id.order_id.warehouse_id
            )
            contract.agency_id = self.env["service.agency"]._choose(
                customer, customer, contract.company_id, warehouse_sudo
            )

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
