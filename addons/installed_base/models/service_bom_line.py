from odoo import api, fields, models


class ServiceBomLine(models.Model):
    """One kind of part in a service BOM."""

    _name = "service.bom.line"
    _description = "Service BOM Line"
    _order = "bom_id, position, id"
    _rec_names_search = ["product_id", "position"]

    bom_id = fields.Many2one(
        "service.bom", string="BOM", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", string="Component", required=True, index=True)
    quantity = fields.Float(digits="Product Unit", default=1.0)
    position = fields.Char(help="Where the part sits in the machine, as on the drawing.")
    is_wear_part = fields.Boolean(
        string="Wear Part", help="Wears out in normal use; often excluded from warranties."
    )
    substitute_ids = fields.One2many(
        "service.bom.line.substitute",
        "bom_line_id",
        string="Substitutes",
        help="Parts that supersede this one, or that may be installed as well as this one.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a component must be positive."
    )

    @api.depends("product_id.display_name", "position")
    def _compute_display_name(self):
        for line in self:
            position = f" ({line.position})" if line.position else ""
            line.display_name = f"{line.product_id.display_name or ''}{position}"

    def _get_replacement_parts(self, date):
        """The parts to install in the place of this one on a day, the best first.

        :return: product.product: what supersedes it (the latest first), the part itself, and what
            is interchangeable with it
        """
        self.ensure_one()
        interchangeable = self.substitute_ids.filtered(lambda part: not part.supersedes)
        superseding = (self.substitute_ids - interchangeable).filtered(
            lambda part: part.supersedes <= date
        )
        latest_first = superseding.sorted("supersedes", reverse=True)
        return latest_first.product_id | self.product_id | interchangeable.product_id
