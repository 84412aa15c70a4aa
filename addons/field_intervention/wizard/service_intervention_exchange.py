from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceInterventionExchange(models.TransientModel):
    """Change a part in one gesture: the new one in, the old one out if there was one, recorded."""

    _name = "service.intervention.exchange"
    _description = "Change a Part"

    intervention_id = fields.Many2one("service.intervention", required=True, readonly=True)
    equipment_ids = fields.Many2many(related="intervention_id.equipment_ids")
    component_id = fields.Many2one(
        "service.equipment.component",
        string="Old Part",
        domain="[('equipment_id', 'in', equipment_ids), ('state', '=', 'installed')]",
        help="Empty when the new part is added, and replaces none.",
    )
    equipment_id = fields.Many2one(
        "service.equipment",
        string="Machine",
        compute="_compute_equipment_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', equipment_ids)]",
    )
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
    )
    product_id = fields.Many2one(
        "product.product",
        string="New Part",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('type', '=', 'consu')]",
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot", string="New Serial Number", domain="[('product_id', '=', product_id)]"
    )
    old_number = fields.Char(
        string="Old Serial Number",
        compute="_compute_old_number",
        store=True,
        readonly=False,
        precompute=True,
        help="As it stands on the old part: the machine's record is corrected when it says "
        "otherwise.",
    )
    takes_old_part = fields.Boolean(
        string="Take the Old Part Along",
        default=True,
        help="It comes into the van, among the defective parts; else it stays with the customer.",
    )
    note = fields.Char(help="What was wrong with the old part.")

    @api.depends("component_id", "intervention_id")
    def _compute_equipment_id(self):
        for exchange in self:
            machines = exchange.intervention_id.equipment_ids
            only = machines if len(machines) == 1 else exchange.equipment_id
            exchange.equipment_id = exchange.component_id.equipment_id or only

    @api.depends("component_id")
    def _compute_old_number(self):
        for exchange in self:
            exchange.old_number = exchange.component_id.serial_number

    @api.depends("component_id")
    def _compute_quantity(self):
        for exchange in self:
            exchange.quantity = exchange.component_id.quantity or exchange.quantity or 1.0

    @api.depends("component_id")
    def _compute_product_id(self):
        for exchange in self.filtered("component_id"):
            component = exchange.component_id
            parts = component._find_replacement_parts(fields.Date.context_today(self))
            exchange.product_id = parts.get(component, component.product_id)[:1]

    def action_exchange(self):
        """Use the new part, install it in the machine, and take the old part back.

        :raise UserError: when the new part is tracked and names no lot
        """
        self.ensure_one()
        if self.tracking != "none" and not self.lot_id:
            raise UserError(
                self.env._(
                    "%(product)s is tracked: give the number of the new part.",
                    product=self.product_id.display_name,
                )
            )
        self.intervention_id._ensure_requests()
        consumption = self.env["service.consumption"].create(self._prepare_consumption_values())
        consumption._mark_done()
        if self.component_id:
            self.component_id._correct_number((self.old_number or "").strip())
            self.intervention_id._exchange_part(
                self.component_id, self.product_id, self.lot_id, self.takes_old_part
            )
        else:
            self._add_part()
        return True

    def _add_part(self):
        component = self.component_id.create(self._prepare_component_values())
        component.write(
            component._prepare_supplier_warranty(
                self.product_id, self.lot_id, component.install_date
            )
        )

    def _prepare_component_values(self):
        return {
            "equipment_id": self.equipment_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": self.quantity,
            "install_date": fields.Date.context_today(self),
            "res_model": self.intervention_id._name,
            "res_id": self.intervention_id.id,
        }

    def _prepare_consumption_values(self):
        return {
            "intervention_id": self.intervention_id.id,
            "request_id": self.intervention_id.request_id.id,
            "equipment_line_id": self.intervention_id._get_request_line(self.equipment_id).id,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "lot_ids": [Command.set(self.lot_id.ids)],
            "note": self.note,
        }
