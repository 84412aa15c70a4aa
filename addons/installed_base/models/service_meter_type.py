from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceMeterType(models.Model):
    """What a meter counts or measures, and how."""

    _name = "service.meter.type"
    _description = "Meter Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", required=True, ondelete="restrict")
    is_cumulative = fields.Boolean(
        string="Counts Up",
        default=True,
        help="The meter only counts up, like operating hours. Leave it empty for a gauge that goes "
        "up and down, like a temperature.",
    )
    rollover_value = fields.Float(
        digits=(16, 3),
        help="The value at which the meter starts again at zero: 100000 for a counter of five "
        "digits. 0 if it never does.",
    )
    outlier_percent = fields.Float(
        string="Unusual Beyond (%)",
        default=200.0,
        help="A reading is marked as unusual when it is further than this from what the twelve "
        "months before it let expect: 200 allows for three times the usual use. It is kept all "
        "the same. 0 marks nothing.",
    )

    _rollover_value_check = models.Constraint(
        "CHECK (rollover_value = 0 OR (rollover_value > 0 AND is_cumulative))",
        "Only a meter that counts up has a rollover value, and it must be positive.",
    )
    _outlier_percent_positive = models.Constraint(
        "CHECK (outlier_percent >= 0)", "The percentage for unusual readings cannot be negative."
    )

    @api.onchange("is_cumulative")
    def _onchange_is_cumulative(self):
        if not self.is_cumulative:
            self.rollover_value = 0

    def write(self, vals):
        before = {meter_type: meter_type._get_meaning() for meter_type in self}
        result = super().write(vals)
        self._refuse_other_meaning(before)
        return result

    def _get_meaning(self):
        """What the values of the readings rest on."""
        self.ensure_one()
        return self.is_cumulative, self.uom_id, self.rollover_value

    def _refuse_other_meaning(self, before):
        readings = self.env["service.meter.reading"].sudo().with_context(active_test=False)
        for meter_type in self.filtered(lambda t: t._get_meaning() != before[t]):
            domain = [("type_id", "=", meter_type.id)]
            if before[meter_type] == (meter_type.is_cumulative, meter_type.uom_id, 0):
                # so far no meter of the type could start again: only values beyond it contradict
                domain.append(("value", ">=", meter_type.rollover_value))
            reading = readings.search(domain, limit=1)
            if reading:
                raise UserError(
                    self.env._(
                        "%(meter)s has readings already, such as %(reading)s: create another meter "
                        "type instead of changing what %(type)s means.",
                        meter=reading.meter_id.display_name,
                        reading=reading._format_value(),
                        type=meter_type.name,
                    )
                )
