from odoo import api, fields, models


class ServiceOperationMixin(models.AbstractModel):
    """What a step or a check of an intervention is: to do, or to measure."""

    _name = "service.operation.mixin"
    _description = "Operation"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("check", "Check"), ("measure", "Measure")], required=True, default="check"
    )
    instruction = fields.Text(help="How to do it.")
    planned_hours = fields.Float()
    is_mandatory = fields.Boolean(
        string="Mandatory", help="An intervention cannot be finished without it."
    )
    unit = fields.Char(help="Unit of the measured value: mbar, ppm, °C…")
    value_min = fields.Float(string="At Least", digits=(16, 3))
    value_max = fields.Float(
        string="At Most",
        digits=(16, 3),
        help="Good values lie between the two; there is no upper limit when this is not above the "
        "lower one.",
    )

    limits = fields.Char(string="Good Values", compute="_compute_limits")

    _planned_hours_not_negative = models.Constraint(
        "CHECK (planned_hours >= 0)", "The hours of an operation cannot be negative."
    )

    @api.depends("value_min", "value_max", "unit")
    def _compute_limits(self):
        for operation in self:
            low, high, unit = operation.value_min, operation.value_max, operation.unit or ""
            if high > low:
                text = f"{low:g} – {high:g} {unit}"
            else:
                text = f"≥ {low:g} {unit}" if low else unit
            operation.limits = text.strip()
