from .common import InstalledBaseCommon


class MeterCommon(InstalledBaseCommon):
    """A boiler with an hour counter of five digits, an energy meter and a thermometer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment = cls._create_equipment(serial_number="B20-77")
        cls.hours_type = cls.env["service.meter.type"].create(
            {
                "name": "Burner Hours",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "rollover_value": 100000,
            }
        )
        cls.energy_type = cls.env.ref("installed_base.service_meter_type_energy")
        cls.temperature_type = cls.env.ref("installed_base.service_meter_type_temperature")
        cls.hours = cls._create_meter(cls.hours_type)
        cls.energy = cls._create_meter(cls.energy_type)
        cls.temperature = cls._create_meter(cls.temperature_type)

    @classmethod
    def _create_meter(cls, meter_type, equipment=None, **values):
        equipment = equipment or cls.equipment
        return cls.env["service.meter"].create(
            {"equipment_id": equipment.id, "type_id": meter_type.id, **values}
        )

    @classmethod
    def _read(cls, meter, *readings, **values):
        """Enter readings ``(date, value)`` or ``(date, value, kind)`` in one batch."""
        return meter.env["service.meter.reading"].create(
            [
                {
                    "meter_id": meter.id,
                    "date": date if " " in date else f"{date} 08:00:00",
                    "value": value,
                    "kind": kind[0] if kind else "reading",
                    **values,
                }
                for date, value, *kind in readings
            ]
        )
