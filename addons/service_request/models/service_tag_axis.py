from odoo import fields, models


class ServiceTagAxis(models.Model):
    """A question that tags answer: which channel, which site kind, which campaign."""

    _name = "service.tag.axis"
    _description = "Tag Axis"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    exclusive = fields.Boolean(default=True, help="A request has at most one tag of this axis.")
    tag_ids = fields.One2many("service.tag", "axis_id")
