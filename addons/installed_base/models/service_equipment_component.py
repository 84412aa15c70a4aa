import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


def _natural_key(text):
    """A text that sorts « P2 » before « P10 », and nothing after everything."""
    padded = re.sub(r"\d+", lambda digits: digits[0].zfill(6), text or "zzzz")
    return padded.replace("/", " ")


class ServiceEquipmentComponent(models.Model):
    """A part of a machine: as sold, and as maintained."""

    _name = "service.equipment.component"
    _description = "Equipment Component"
    _check_company_auto = True
    _order = "equipment_id, tree_key, id"
    _rec_names_search = ["product_id", "serial_number", "position"]

    equipment_id = fields.Many2one(
        "service.equipment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="equipment_id.company_id", store=True, precompute=True, index=True
    )
    parent_id = fields.Many2one(
        "service.equipment.component",
        string="Part of",
        index="btree_not_null",
        domain="[('equipment_id', '=', equipment_id), ('state', '=', 'installed')]",
        help="The assembly of the same machine that this part sits in.",
    )
    child_ids = fields.One2many("service.equipment.component", "parent_id", string="Parts")
    tree_key = fields.Char(
        compute="_compute_tree_key",
        store=True,
        recursive=True,
        export_string_translation=False,
        help="Sorts the parts by position, each assembly right before its own parts.",
    )
    level = fields.Integer(
        compute="_compute_level", help="How many assemblies the part is in, one in the other."
    )
    product_id = fields.Many2one("product.product", required=True, index=True, check_company=True)
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    serial_number = fields.Char(
        compute="_compute_serial_number",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    position = fields.Char()
    version = fields.Char()
    as_sold = fields.Boolean(help="Was in the machine when it was sold.")
    state = fields.Selection(
        [("installed", "Installed"), ("removed", "Removed")],
        required=True,
        default="installed",
        index=True,
    )
    install_date = fields.Date(string="Installed on")
    removal_date = fields.Date(
        string="Removed on",
        compute="_compute_removal_date",
        store=True,
        readonly=False,
        copy=False,
    )
    supplier_id = fields.Many2one("res.partner", index="btree_not_null", check_company=True)
    supplier_warranty_end = fields.Date()
    replaced_by_id = fields.Many2one(
        "service.equipment.component",
        string="Replaced by",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    res_model = fields.Char(string="Source Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Source Document",
        model_field="res_model",
        readonly=True,
        copy=False,
        help="The document that brought the part or took it out, linked from the history.",
    )
    replaced_ids = fields.One2many(
        "service.equipment.component", "replaced_by_id", string="Replaces"
    )
    current_id = fields.Many2one(
        "service.equipment.component",
        string="In Its Place Today",
        compute="_compute_current_id",
        recursive=True,
        help="What replaced this part, and what replaced that, up to the part installed today.",
    )
    difference = fields.Selection(
        [
            ("same", "As Sold"),
            ("replaced", "Replaced"),
            ("removed", "Removed"),
            ("replacement", "Replacement"),
            ("added", "Added"),
        ],
        compute="_compute_difference",
        help="How the machine as maintained differs here from the machine as sold.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a component must be positive."
    )

    @api.depends("lot_id.name")
    def _compute_serial_number(self):
        for component in self:
            component.serial_number = component.lot_id.name or component.serial_number

    @api.depends("position", "parent_id.tree_key")
    def _compute_tree_key(self):
        for component in self:
            own = f"{_natural_key(component.position)} {component._origin.id or 0:010d}"
            parent = component.parent_id
            component.tree_key = f"{parent.tree_key}/{own}" if parent else own

    @api.depends("tree_key")
    def _compute_level(self):
        for component in self:
            component.level = (component.tree_key or "").count("/")

    @api.depends("state")
    def _compute_removal_date(self):
        for component in self:
            removed = component.state == "removed"
            component.removal_date = removed and (
                component.removal_date or component.equipment_id.agency_id._get_today()
            )

    @api.depends("state", "replaced_by_id.current_id")
    def _compute_current_id(self):
        for component in self:
            installed = component if component.state == "installed" else False
            component.current_id = component.replaced_by_id.current_id or installed

    @api.depends("as_sold", "state", "replaced_by_id", "replaced_ids")
    def _compute_difference(self):
        for component in self:
            if component.state == "removed":
                component.difference = "replaced" if component.replaced_by_id else "removed"
            elif component.as_sold:
                component.difference = "same"
            else:
                component.difference = "replacement" if component.replaced_ids else "added"

    @api.depends("product_id", "serial_number")
    def _compute_display_name(self):
        for component in self:
            serial = f" ({component.serial_number})" if component.serial_number else ""
            component.display_name = f"{component.product_id.display_name or ''}{serial}"

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "The component %(component)s would be a part of itself: choose another "
                    "assembly for it.",
                    component=self[:1].display_name,
                )
            )

    @api.constrains("equipment_id", "parent_id")
    def _check_parent(self):
        for component in (self | self.child_ids).filtered("parent_id"):
            if component.parent_id.equipment_id != component.equipment_id:
                raise ValidationError(
                    self.env._(
                        "The component %(component)s cannot be part of %(parent)s, which belongs "
                        "to another machine.",
                        component=component.display_name,
                        parent=component.parent_id.display_name,
                    )
                )

    @api.constrains("install_date", "removal_date")
    def _check_dates(self):
        for component in self:
            installed, removed = component.install_date, component.removal_date
            if installed and removed and removed < installed:
                raise ValidationError(
                    self.env._(
                        "%(component)s cannot be removed on %(removed)s, before it was installed "
                        "on %(installed)s: correct one of the dates.",
                        component=component.display_name,
                        removed=removed,
                        installed=installed,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_as_sold(self):
        if self.filtered("as_sold"):
            raise UserError(
                self.env._(
                    "A component as sold is part of the history of its machine: mark it as removed "
                    "instead of deleting it."
                )
            )

    def _is_same_part(self, other):
        """Whether a component of another record of the machine is this one, entered twice."""
        self.ensure_one()
        numbers = {self.serial_number, other.serial_number} - {False}
        return len(numbers) < 2 and all(
            (self[name] or False) == (other[name] or False)
            for name in ("product_id", "state", "as_sold", "position", "quantity")
        )

    def _complete_from(self, other):
        """Take over what another record of the same part knows and this one does not."""
        self.ensure_one()
        names = (
            "lot_id",
            "serial_number",
            "version",
            "install_date",
            "supplier_id",
            "supplier_warranty_end",
        )
        values = {
            name: self._fields[name].convert_to_write(other[name], other)
            for name in names
            if other[name] and not self[name]
        }
        if values:
            self.write(values)
