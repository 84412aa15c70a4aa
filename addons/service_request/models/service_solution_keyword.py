from odoo import fields, models


class ServiceSolutionKeyword(models.Model):
    """A word under which solutions are filed."""

    _name = "service.solution.keyword"
    _description = "Solution Keyword"
    _order = "name"

    name = fields.Char(required=True)
    color = fields.Integer(string="Colour")

    _name_uniq = models.Constraint("unique(name)", "This keyword exists already.")
