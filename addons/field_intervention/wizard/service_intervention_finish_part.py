from odoo import fields, models


class ServiceInterventionFinishPart(models.TransientModel):
    """One part that the next visit needs."""

    _name = "service.intervention.finish.part"
    _description = "Part to Order"

    finish_id = fields.Many2one(
        "service.intervention.finish", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, domain="[('type', '=', 'consu')]"
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Order at least something of each part."
    )

    def _prepare_consumption(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "is_to_order": True,
        }
