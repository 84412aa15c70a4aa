from odoo import fields, models


class ServicePlanPart(models.Model):
    """A part that every visit of a plan uses: a filter, a gasket kit."""

    _name = "service.plan.part"
    _description = "Planned Part"

    plan_id = fields.Many2one("service.plan", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True)
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a planned part must be positive."
    )
