from odoo import api, fields, models


class ServiceIndexValue(models.Model):
    """What an index is worth from a day on."""

    _name = "service.index.value"
    _description = "Price Index Value"
    _order = "index_id, date desc"

    index_id = fields.Many2one("service.index", required=True, index=True, ondelete="cascade")
    date = fields.Date(
        string="From", required=True, help="In force from this day to the next value."
    )
    value = fields.Float(required=True, digits=(16, 4))

    _day_uniq = models.Constraint(
        "unique(index_id, date)", "The index has a value of this day already: correct that one."
    )
    _value_positive = models.Constraint(
        "CHECK (value > 0)", "The value of an index must be positive."
    )

    @api.depends("index_id.name", "date")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.index_id.name or ''} {value.date or ''}".strip()
