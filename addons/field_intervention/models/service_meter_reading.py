from odoo import api, fields, models


class ServiceMeterReading(models.Model):
    _inherit = "service.meter.reading"

    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", readonly=True, ondelete="restrict"
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
