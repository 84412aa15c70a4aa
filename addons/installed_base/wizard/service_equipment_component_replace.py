from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceEquipmentComponentReplace(models.TransientModel):
    """Asks which part takes the place of a component."""

    _name = "service.equipment.component.replace"
    _description = "Replace a Component"

    component_id = fields.Many2one(
        "service.equipment.component", string="Part Removed", required=True, readonly=True
    )
    equipment_id = fields.Many2one(related="component_id.equipment_id")
    company_id = fields.Many2one(related="component_id.company_id")
    part_count = fields.Integer(compute="_compute_part_count")
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )
    proposed_product_ids = fields.Many2many(
        "product.product",
        string="Proposed Parts",
        compute="_compute_proposed_product_ids",
        help="By the service BOM of the machine: what supersedes the part, the part itself, and "
        "what is interchangeable with it.",
    )
    superseded_note = fields.Char(compute="_compute_proposed_product_ids")
    product_id = fields.Many2one(
        "product.product",
        string="Part Installed",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Number in Stock",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        domain="[('product_id', '=', product_id)]",
        help="The lot or serial number of the new part, if the stock knows it.",
    )
    serial_number = fields.Char(
        compute="_compute_serial_number",
        store=True,
        readonly=False,
        help="Typed or scanned from the new part. A number that the stock does not know is added "
        "to it.",
    )
    elsewhere_note = fields.Char(compute="_compute_elsewhere_note")
    keep_parts = fields.Boolean(
        string="Its Parts Stay",
        default=True,
        help="The parts that sat in the old part sit in the new one now; otherwise they go with "
        "the old one.",
    )

    @api.depends("component_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard.equipment_id.agency_id._get_today()

    @api.depends("component_id")
    def _compute_part_count(self):
        for wizard in self:
            parts = wizard.component_id.child_ids
            wizard.part_count = len(parts.filtered(lambda part: part.state == "installed"))

    @api.depends("component_id", "date")
    def _compute_proposed_product_ids(self):
        for wizard in self:
            component, date = wizard.component_id, wizard.date
            parts = date and component._find_replacement_parts(date).get(component)
            wizard.proposed_product_ids = parts
            wizard.superseded_note = (
                bool(parts)
                and parts[0] != component.product_id
                and self.env._(
                    "%(new)s supersedes %(old)s.",
                    new=parts[0].display_name,
                    old=component.product_id.display_name,
                )
            )

    @api.depends("component_id")
    def _compute_product_id(self):
        for wizard in self:
            component = wizard.component_id
            wizard.product_id = wizard.proposed_product_ids[:1] or component.product_id

    @api.depends("product_id")
    def _compute_lot_id(self):
        for wizard in self:
            if wizard.lot_id.product_id != wizard.product_id:
                wizard.lot_id = False

    @api.depends("lot_id")
    def _compute_serial_number(self):
        for wizard in self:
            wizard.serial_number = wizard.lot_id.name

    @api.depends("product_id", "serial_number")
    def _compute_elsewhere_note(self):
        for wizard in self:
            other = wizard._find_elsewhere()
            wizard.elsewhere_note = bool(other) and self.env._(
                "%(part)s is installed in %(equipment)s as well: if it was taken from there, "
                "remove it there.",
                part=other.display_name,
                equipment=other.equipment_id.display_name,
            )

    def _find_elsewhere(self):
        """The same serial number in a machine already."""
        components = self.env["service.equipment.component"]
        if not self.serial_number or self.product_id.tracking == "lot":
            return components
        return components.search(
            [
                ("product_id", "=", self.product_id.id),
                ("serial_number", "=", self.serial_number),
                ("state", "=", "installed"),
                ("id", "!=", self.component_id.id),
            ],
            limit=1,
        )

    def action_confirm(self):
        """Replace the component, and note the serial number of the new one."""
        self.ensure_one()
        component = self.component_id
        component.check_access("write")
        if not self.keep_parts:
            component.child_ids.filtered(lambda part: part.state == "installed")._remove(self.date)
        component._replace(
            self.product_id, self._get_lot(), self.date, serial_number=self.serial_number
        )
        return {"type": "ir.actions.act_window_close"}

    def _get_lot(self):
        """The lot of the part that is installed; one is made for a number unknown to the stock."""
        number = (self.serial_number or "").strip()
        if self.lot_id or self.tracking == "none":
            return self.lot_id
        if not number:
            raise UserError(
                self.env._(
                    "%(product)s is tracked by number: give the serial or lot number of the part "
                    "installed in %(equipment)s.",
                    product=self.product_id.display_name,
                    equipment=self.equipment_id.display_name,
                )
            )
        # people in the field note numbers without any right in the stock
        lots_sudo = self.env["stock.lot"].sudo()
        values = {"product_id": self.product_id.id, "name": number}
        known = lots_sudo.search(
            [
                *((name, "=", value) for name, value in values.items()),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            limit=1,
        )
        return (known or lots_sudo.create(values)).with_env(self.env)
