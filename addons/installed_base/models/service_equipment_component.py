from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ServiceEquipmentComponent(models.Model):
    """A part of a machine: as sold, and as maintained."""

    _name = "service.equipment.component"
    _description = "Equipment Component"
    _check_company_auto = True
    _order = "equipment_id, position, id"
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
        domain="[('equipment_id', '=', equipment_id)]",
    )
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        index="btree_not_null",
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
    removal_date = fields.Date(string="Removed on")
    supplier_id = fields.Many2one("res.partner", index="btree_not_null")
    supplier_warranty_end = fields.Date()
    replaced_by_id = fields.Many2one(
        "service.equipment.component",
        string="Replaced by",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a component must be positive."
    )

    @api.depends("lot_id.name")
    def _compute_serial_number(self):
        for component in self:
            component.serial_number = component.lot_id.name or component.serial_number

    @api.depends("product_id", "serial_number")
    def _compute_display_name(self):
        for component in self:
            serial = f" ({component.serial_number})" if component.serial_number else ""
            component.display_name = f"{component.product_id.display_name or ''}{serial}"

    @api.constrains("equipment_id", "parent_id")
    def _check_parent(self):
        for component in self.filtered("parent_id"):
            if component.parent_id.equipment_id != component.equipment_id:
                raise ValidationError(
                    self.env._(
                        "The component %(component)s cannot be part of %(parent)s, which belongs "
                        "to another machine.",
                        component=component.display_name,
                        parent=component.parent_id.display_name,
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

    def _replace(self, product, lot=False, date=False, source=False):
        """Close this component and install another one in its place.

        :param product: the product.product that is installed
        :param lot: its stock.lot, required when the product is tracked by serial number
        :param date: day of the replacement (default: today)
        :param source: the record that caused it, linked from the history
        :return: the new component
        :raise UserError: when the component is removed already, or the serial number is missing
        """
        self.ensure_one()
        if self.state == "removed":
            raise UserError(
                self.env._(
                    "The component %(component)s of %(equipment)s has already been removed: choose "
                    "the one that is installed.",
                    component=self.display_name,
                    equipment=self.equipment_id.display_name,
                )
            )
        if product.tracking == "serial" and not lot:
            raise UserError(
                self.env._(
                    "%(product)s is tracked by serial number: give the serial number of the part "
                    "installed in %(equipment)s.",
                    product=product.display_name,
                    equipment=self.equipment_id.display_name,
                )
            )
        date = date or fields.Date.context_today(self)
        successor = self.create(
            {
                "equipment_id": self.equipment_id.id,
                "parent_id": self.parent_id.id,
                "product_id": product.id,
                "lot_id": lot.id if lot else False,
                "quantity": self.quantity,
                "position": self.position,
                "install_date": date,
            }
        )
        self.write({"state": "removed", "removal_date": date, "replaced_by_id": successor.id})
        self.equipment_id._log_event(
            "component_replaced",
            date=date,
            old_value=self.display_name,
            new_value=successor.display_name,
            res_model=source._name if source else False,
            res_id=source.id if source else False,
        )
        return successor
