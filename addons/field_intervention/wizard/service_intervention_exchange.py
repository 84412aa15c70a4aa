from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceInterventionExchange(models.TransientModel):
    """Exchange a part in one gesture: the new one in, the old one out, both recorded."""

    _name = "service.intervention.exchange"
    _description = "Exchange a Part"

    intervention_id = fields.Many2one("service.intervention", required=True, readonly=True)
    equipment_ids = fields.Many2many(related="intervention_id.equipment_ids")
    component_id = fields.Many2one(
        "service.equipment.component",
        string="Old Part",
        required=True,
        domain="[('equipment_id', 'in', equipment_ids), ('state', '=', 'installed')]",
    )
    product_id = fields.Many2one(
        "product.product",
        string="New Part",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot", string="New Serial Number", domain="[('product_id', '=', product_id)]"
    )
    takes_old_part = fields.Boolean(
        string="Take the Old Part Along",
        default=True,
        help="It comes into the van, among the defective parts; else it stays with the customer.",
    )
    note = fields.Char(help="What was wrong with the old part.")

    @api.depends("component_id")
    def _compute_product_id(self):
        for exchange in self:
            component = exchange.component_id
            parts = component._find_replacement_parts(fields.Date.context_today(self))
            exchange.product_id = parts.get(component, component.product_id)[:1]

    def action_exchange(self):
        """Use the new part, replace the component, and take the old part back.

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
        intervention, component = self.intervention_id, self.component_id
        intervention._ensure_requests()
        consumption = self.env["service.consumption"].create(self._prepare_consumption_values())
        consumption.action_mark_done()
        old_product, old_lot = component.product_id, component.lot_id
        component._replace(self.product_id, self.lot_id, source=intervention)
        if self.takes_old_part and old_product.is_storable:
            intervention._take_back_defective(old_product, old_lot, component.quantity)
        return True

    def _prepare_consumption_values(self):
        line = self.intervention_id.request_id.equipment_line_ids.filtered(
            lambda line: line.equipment_id == self.component_id.equipment_id
        )
        return {
            "intervention_id": self.intervention_id.id,
            "request_id": self.intervention_id.request_id.id,
            "equipment_line_id": line[:1].id,
            "product_id": self.product_id.id,
            "quantity": self.component_id.quantity,
            "lot_ids": [Command.set(self.lot_id.ids)],
            "note": self.note,
        }
