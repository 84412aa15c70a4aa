from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_points = fields.Float(
        help="Selling one of these refills a points contract of the customer by so many points.",
    )

    _service_points_not_negative = models.Constraint(
        "CHECK (service_points >= 0)", "The points of a pack cannot be negative."
    )
