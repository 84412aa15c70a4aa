from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceMeterReading(models.Model):
    _inherit = "service.meter.reading"

    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", readonly=True, ondelete="restrict"
    )

    @api.constrains("meter_id", "intervention_id")
    def _check_machine_of_intervention(self):
        for reading in self.filtered("intervention_id"):
            if reading.meter_id.equipment_id not in reading.intervention_id.equipment_ids:
                raise ValidationError(
                    self.env._(
                        "%(meter)s is not on a machine of %(intervention)s: choose a meter of its "
                        "machines, or add the machine to the intervention first.",
                        meter=reading.meter_id.display_name,
                        intervention=reading.intervention_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A new reading tells better when visits by the meter are due."""
        readings = super().create(vals_list)
        visits = (
            self.env["service.plan.visit"]
            .sudo()
            .search(
                [
                    ("equipment_id", "in", readings.equipment_id.ids),
                    ("state", "=", "forecast"),
                    ("plan_id.meter_type_id", "in", readings.type_id.ids),
                    ("plan_id.trigger", "in", ("meter", "interval_or_meter")),
                ]
            )
        )
        visits._forecast_next()
        return readings
