from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceBomLineSubstitute(models.Model):
    """A part that may take the place of the part of a service BOM line."""

    _name = "service.bom.line.substitute"
    _description = "Substitute Part"
    _order = "bom_line_id, supersedes desc, sequence, id"
    _rec_name = "product_id"

    bom_line_id = fields.Many2one("service.bom.line", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", string="Part", required=True, index=True)
    supersedes = fields.Date(
        string="Supersedes From",
        help="From this day on the part replaces that of the line, which is installed no more. "
        "Empty: one may be installed as well as the other.",
    )

    _part_uniq = models.Constraint(
        "unique(bom_line_id, product_id)", "This part is a substitute of the line already."
    )

    @api.constrains("product_id", "bom_line_id")
    def _check_other_part(self):
        for substitute in self:
            if substitute.product_id == substitute.bom_line_id.product_id:
                raise ValidationError(
                    self.env._(
                        "%(part)s cannot substitute itself: choose another part.",
                        part=substitute.product_id.display_name,
                    )
                )
