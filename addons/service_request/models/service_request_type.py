from odoo import fields, models

EQUIPMENT_MODES = [("listed", "Listed"), ("filtered", "By a Filter")]


class ServiceRequestType(models.Model):
    """A kind of request, with what it fills in by itself (X3: entry transaction)."""

    _name = "service.request.type"
    _description = "Request Type"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    severity_id = fields.Many2one("service.severity")
    competence_id = fields.Many2one("service.competence")
    equipment_mode = fields.Selection(
        EQUIPMENT_MODES,
        string="Machines Given",
        help="How machines are named on requests of this type; empty: one by one.",
    )

    _code_uniq = models.Constraint("unique(code)", "Another request type has this code.")
