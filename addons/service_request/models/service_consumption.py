from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .product_template import CONSUMPTION_KINDS

# what decides how much of a part must be out of stock
ISSUED = {
    "done_date",
    "is_cancelled",
    "product_id",
    "quantity",
    "uom_id",
    "lot_ids",
    "issue_stock",
}
PERFORMER_TYPES = [("internal", "Collaborator"), ("external", "Subcontractor")]


class ServiceConsumption(models.Model):
    """A part, an hour or a trip that a request used (X3: HDKTASK)."""

    _name = "service.consumption"
    _description = "Service Consumption"
    _inherit = ["analytic.mixin"]
    _check_company_auto = True
    _order = "request_id, sequence, id"

    request_id = fields.Many2one("service.request", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="request_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(compute="_compute_name")
    equipment_line_id = fields.Many2one(
        "service.request.equipment",
        string="Machine",
        compute="_compute_equipment_line_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('request_id', '=', request_id)]",
    )
    component_line_id = fields.Many2one(
        "service.request.component",
        string="Component",
        compute="_compute_component_line_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('equipment_line_id', '=', equipment_line_id)]",
        help="The component of the machine that this was used for: its coverage applies.",
    )

    # What
    kind = fields.Selection(
        CONSUMPTION_KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
    )
    note = fields.Text(help="Tells the customer what was done; such a line is never aggregated.")
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    # Who and when
    performer_type = fields.Selection(PERFORMER_TYPES, default="internal", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Collaborator",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    vendor_id = fields.Many2one("res.partner", string="Subcontractor", index="btree_not_null")
    planned_date = fields.Datetime()
    done_date = fields.Datetime(string="Done on", copy=False)
    is_cancelled = fields.Boolean(string="Cancelled", readonly=True, copy=False)
    state = fields.Selection(
        [("todo", "To Do"), ("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
    )

    # ------------------------------------------------------------ computes
    @api.depends("product_id", "note")
    def _compute_name(self):
        for consumption in self:
            parts = [consumption.product_id.display_name, consumption.note]
            consumption.name = "\n".join(part for part in parts if part)

    @api.depends("request_id")
    def _compute_equipment_line_id(self):
        for consumption in self:
            line = consumption.equipment_line_id
            if line.request_id != consumption.request_id:
                line = consumption.request_id._get_default_line()
            consumption.equipment_line_id = line

    @api.depends("equipment_line_id")
    def _compute_component_line_id(self):
        for consumption in self:
            component = consumption.component_line_id
            if component.equipment_line_id != consumption.equipment_line_id:
                component = False
            consumption.component_line_id = component

    @api.depends("product_id")
    def _compute_kind(self):
        for consumption in self:
            consumption.kind = (
                consumption.product_id.service_consumption_kind
                or consumption.kind
                or self.env.user.service_default_consumption_kind
            )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for consumption in self:
            consumption.uom_id = consumption.product_id.uom_id

    @api.depends("planned_date", "done_date", "is_cancelled")
    def _compute_state(self):
        for consumption in self:
            if consumption.is_cancelled:
                consumption.state = "cancelled"
            elif consumption.done_date:
                consumption.state = "done"
            else:
                consumption.state = "planned" if consumption.planned_date else "todo"

    @api.depends("product_id", "quantity", "request_id.name")
    def _compute_display_name(self):
        for consumption in self:
            consumption.display_name = (
                f"{consumption.request_id.name}: {consumption.product_id.display_name}"
            )

    # ------------------------------------------------------------ constraints
    @api.constrains("quantity")
    def _check_quantity(self):
        for consumption in self:
            if consumption.quantity <= 0:
                raise ValidationError(
                    self.env._(
                        "The quantity of %(product)s on %(request)s must be more than zero: "
                        "cancel the consumption if nothing was used.",
                        product=consumption.product_id.display_name,
                        request=consumption.request_id.name,
                    )
                )

    @api.constrains("equipment_line_id", "component_line_id")
    def _check_component_line(self):
        for consumption in self.filtered("component_line_id"):
            if consumption.component_line_id.equipment_line_id != consumption.equipment_line_id:
                raise ValidationError(
                    self.env._(
                        "%(component)s is not part of %(machine)s on %(request)s: choose one of "
                        "the components that are named there.",
                        component=consumption.component_line_id.display_name,
                        machine=consumption.equipment_line_id.display_name,
                        request=consumption.request_id.name,
                    )
                )

    @api.constrains("request_id", "equipment_line_id")
    def _check_equipment_line(self):
        for consumption in self.filtered("equipment_line_id"):
            if consumption.equipment_line_id.request_id != consumption.request_id:
                raise ValidationError(
                    self.env._(
                        "%(machine)s is not on the request %(request)s: add it there first.",
                        machine=consumption.equipment_line_id.display_name,
                        request=consumption.request_id.name,
                    )
                )

    @api.constrains("kind", "product_id")
    def _check_kind(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for consumption in self:
            if consumption.kind != consumption.product_id.service_consumption_kind:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be consumed as « %(kind)s »: choose another product, "
                        "or change on its form how it is consumed.",
                        product=consumption.product_id.display_name,
                        kind=kinds[consumption.kind],
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        done = self.filtered(lambda c: c.state == "done")
        if done:
            raise UserError(
                self.env._(
                    "%(consumption)s was done: cancel it instead of deleting it; the stock will "
                    "come back.",
                    consumption=done[0].display_name,
                )
            )

    # ------------------------------------------------------------ life
    @api.model_create_multi
    def create(self, vals_list):
        consumptions = super().create(vals_list)
        consumptions.filtered("done_date")._issue_difference()
        return consumptions

    def write(self, vals):
        result = super().write(vals)
        if not ISSUED.isdisjoint(vals):
            self.filtered(lambda c: c.done_date or c.qty_issued)._issue_difference()
        return result

    def action_plan(self, date=None, user_id=None):
        """Plan these consumptions.

        :param date: Datetime of the work (default: now)
        :param user_id: id of the collaborator who does it (default: unchanged)
        """
        values = {"planned_date": date or fields.Datetime.now()}
        if user_id:
            values["user_id"] = user_id
        self._filter_undone().write(values)
        return True

    def action_mark_done(self, date=None):
        """Mark these consumptions done, and take their parts out of stock.

        :param date: Datetime when it was done (default: now)
        :return: True, or the dialogue that asks which lots and serial numbers were used; what
            needs no answer is done already
        """
        undone = self._filter_undone()
        asked = undone._filter_lacking_lots()
        (undone - asked)._mark_done(date)
        return asked._ask_lots(date) if asked else True

    def _mark_done(self, date=None):
        """Mark these consumptions done without asking anything.

        :raise UserError: when a part tracked by lot or serial number names none
        """
        self._filter_undone().write({"done_date": date or fields.Datetime.now()})

    def _filter_undone(self):
        return self.filtered(lambda c: c.state in ("todo", "planned"))

    def action_cancel(self):
        """Cancel these consumptions; parts that were issued come back to stock."""
        self.write({"is_cancelled": True})
        return True
