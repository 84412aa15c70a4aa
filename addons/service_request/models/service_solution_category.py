from odoo import fields, models


class ServiceSolutionCategory(models.Model):
    """A shelf of the knowledge base."""

    _name = "service.solution.category"
    _description = "Solution Category"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
