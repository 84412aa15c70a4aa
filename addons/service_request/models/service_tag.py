from odoo import fields, models


class ServiceTag(models.Model):
    """A statistical family of requests (X3: table 445)."""

    _name = "service.tag"
    _description = "Request Tag"
    _order = "axis_id, sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer(string="Colour")
    axis_id = fields.Many2one("service.tag.axis", required=True, index=True, ondelete="cascade")

    _name_uniq = models.Constraint(
        "unique(axis_id, name)", "Another tag of this axis has this name."
    )
