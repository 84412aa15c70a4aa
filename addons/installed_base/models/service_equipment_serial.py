from odoo import api, models
from odoo.exceptions import ValidationError


class ServiceEquipment(models.Model):
    """The serial number of a machine: that of its lot, or typed, and never twice."""

    _inherit = "service.equipment"

    @api.depends("lot_id.name")
    def _compute_serial_number(self):
        for equipment in self:
            equipment.serial_number = equipment.lot_id.name or equipment.serial_number

    @api.constrains("lot_id", "product_id", "serial_number")
    def _check_lot(self):
        for equipment in self.filtered("lot_id"):
            if equipment.serial_number != equipment.lot_id.name:
                raise ValidationError(
                    self.env._(
                        "The serial number of %(equipment)s is that of its lot, %(lot)s: correct "
                        "it there.",
                        equipment=equipment.display_name,
                        lot=equipment.lot_id.name,
                    )
                )
            if equipment.lot_id.product_id != equipment.product_id:
                raise ValidationError(
                    self.env._(
                        "%(lot)s is a number of %(other)s, not of %(product)s: choose a number of "
                        "the product.",
                        lot=equipment.lot_id.name,
                        other=equipment.lot_id.product_id.display_name,
                        product=equipment.product_id.display_name,
                    )
                )

    @api.constrains("quantity", "product_id", "serial_number")
    def _check_quantity(self):
        for equipment in self:
            is_one = equipment.serial_number and equipment.product_id.tracking == "serial"
            if is_one and equipment.product_id.uom_id.compare(equipment.quantity, 1) != 0:
                raise ValidationError(
                    self.env._(
                        "%s has a serial number of its own: its quantity is 1. Enter each machine "
                        "by itself.",
                        equipment.display_name,
                    )
                )

    @api.constrains("serial_number", "lot_id", "product_id", "company_id", "active", "partner_id")
    def _check_serial_unique(self):
        numbered = self.filtered(lambda e: e.serial_number and e.active)
        twins = self.search(
            [
                ("serial_number", "in", numbered.mapped("serial_number")),
                ("product_id", "in", numbered.product_id.ids),
            ]
        )
        by_key = twins.grouped(lambda e: e._serial_key())
        for equipment in numbered:
            others = by_key.get(equipment._serial_key(), equipment) - equipment
            if others:
                raise ValidationError(
                    self.env._(
                        "The serial number %(serial)s of %(product)s is already that of the "
                        "machine %(code)s (%(customer)s): open that one instead, or correct the "
                        "number.",
                        serial=equipment.serial_number,
                        product=equipment.product_id.display_name,
                        code=others[0].code,
                        customer=others[0].partner_id.display_name,
                    )
                )

    def _serial_key(self):
        """What must be unique: a serial, or a lot at one customer."""
        self.ensure_one()
        by_lot = self.product_id.tracking == "lot"
        return (
            self.company_id,
            self.product_id,
            self.serial_number,
            self.partner_id if by_lot else None,
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._strip_serial(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._strip_serial(vals))

    @api.model
    def _strip_serial(self, vals):
        """A number that was pasted with a space is the same number."""
        if not vals.get("serial_number"):
            return vals
        return {**vals, "serial_number": vals["serial_number"].strip()}
