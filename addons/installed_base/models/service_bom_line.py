from odoo import fields, models


class ServiceBomLine(models.Model):
    """One kind of part in a service BOM."""

    _name = "service.bom.line"
    _description = "Service BOM Line"
    _order = "bom_id, position, id"

    bom_id = fields.Many2one(
        "service.bom", string="BOM", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", string="Component", required=True, index=True)
    quantity = fields.Float(digits="Product Unit", default=1.0)
    position = fields.Char(help="Where the part sits in the machine, as on the drawing.")
    is_wear_part = fields.Boolean(
        string="Wear Part", help="Wears out in normal use; often excluded from warranties."
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a component must be positive."
    )
