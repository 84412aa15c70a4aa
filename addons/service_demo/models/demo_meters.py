from datetime import datetime, timedelta

from odoo import api, models

# product: type of the meter, average of a day in winter, share of it in summer
METERS = {
    "wall_boiler": ("hours", 7.5, 0.5),
    "floor_boiler": ("hours", 11.0, 0.5),
    "heat_pump": ("hours", 9.0, 0.5),
    "pool_heat_pump": ("hours", 3.0, 2.0),
    "burner": ("cycles", 36.0, 0.5),
}
MONTHS = 14


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _read_meters(self):
        """Once a month somebody reads the hours of the machines that heat."""
        rng = self._random()
        readings = []
        for key, (kind, winter, summer) in METERS.items():
            product = self._ref(f"product_{key}")
            machines = self._model("service.equipment").search(
                [("product_id", "=", product.id), ("state", "=", "in_service")], limit=12
            )
            meter_type = self.env.ref(f"installed_base.service_meter_type_{kind}")
            meters = self._model("service.meter").create(
                [{"equipment_id": machine.id, "type_id": meter_type.id} for machine in machines]
            )
            for meter in meters:
                value = rng.randrange(500, 4000)
                for month in range(MONTHS, 0, -1):
                    day = self._day(-30 * month + rng.randint(-3, 3))
                    share = summer if day.month in (5, 6, 7, 8, 9) else 1
                    value += round(30 * winter * share * rng.uniform(0.85, 1.15))
                    noon = datetime(day.year, day.month, day.day, 12) + timedelta(
                        minutes=rng.randrange(0, 240)
                    )
                    readings.append(
                        {
                            "meter_id": meter.id,
                            "date": noon,
                            "value": value,
                            "source": "technician",
                        }
                    )
        self._model("service.meter.reading").create(readings)
