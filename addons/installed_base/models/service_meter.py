from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ServiceMeter(models.Model):
    """A counter or a gauge of a machine: its operating hours, its pages, its temperature.

    It stays the same when the device is exchanged: what was consumed goes on.
    """

    _name = "service.meter"
    _description = "Meter"
    _order = "equipment_id, type_id, id"
    _rec_names_search = ["equipment_id", "type_id", "name"]

    equipment_id = fields.Many2one(
        "service.equipment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="equipment_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="equipment_id.partner_id", store=True, precompute=True, index=True
    )
    type_id = fields.Many2one("service.meter.type", required=True, index=True, ondelete="restrict")
    uom_id = fields.Many2one(related="type_id.uom_id")
    is_cumulative = fields.Boolean(related="type_id.is_cumulative")
    name = fields.Char(
        string="Label",
        help="Tells meters of one type apart on one machine: « Zone 1 », « Cold water ».",
    )
    serial_number = fields.Char(help="Of the counter itself.")
    active = fields.Boolean(default=True)
    reading_ids = fields.One2many("service.meter.reading", "meter_id", string="Readings")
    reading_count = fields.Integer(compute="_compute_reading_count")
    value = fields.Float(
        digits=(16, 3), compute="_compute_last_reading", store=True, help="The last reading."
    )
    last_reading_date = fields.Datetime(
        string="Last Reading", compute="_compute_last_reading", store=True
    )
    last_is_outlier = fields.Boolean(
        string="Unusual",
        compute="_compute_last_reading",
        store=True,
        help="The last reading is far from what the readings before it let expect.",
    )
    average_per_day = fields.Float(
        compute="_compute_average_per_day",
        store=True,
        help="Slope of the straight line that fits best (least squares) the readings of the twelve "
        "months before the last one. Without any, the one before them counts.",
    )

    _label_uniq = models.UniqueIndex(
        "(equipment_id, type_id, COALESCE(name, '')) WHERE active",
        "This machine has a meter of this type already: give each a label of its own.",
    )

    @api.depends_context("lang")
    @api.depends("equipment_id.code", "type_id.name", "name")
    def _compute_display_name(self):
        for meter in self:
            label = meter.name or meter.type_id.name or ""
            meter.display_name = f"{meter.equipment_id.code or ''}: {label}"

    @api.model
    def _search_display_name(self, operator, value):
        """The exact name, as an import gives it, may begin with the serial number instead."""
        if operator == "in":
            return Domain.OR(self._get_named_domain(name) for name in value if name)
        return super()._search_display_name(operator, value)

    @api.model
    def _get_named_domain(self, name):
        machine, _separator, label = name.rpartition(": ")
        equipment = Domain("equipment_id.code", "=", machine)
        equipment |= Domain("equipment_id.serial_number", "=", machine)
        unlabelled = Domain("name", "=", False) & Domain("type_id.name", "=", label)
        return equipment & (Domain("name", "=", label) | unlabelled)

    def _compute_reading_count(self):
        counts = dict(
            self.env["service.meter.reading"]._read_group(
                [("meter_id", "in", self.ids)], ["meter_id"], ["__count"]
            )
        )
        for meter in self:
            meter.reading_count = counts.get(meter, 0)

    @api.depends(
        "reading_ids.date", "reading_ids.value", "reading_ids.active", "reading_ids.is_outlier"
    )
    def _compute_last_reading(self):
        last = self._get_last_readings()
        for meter in self:
            reading = last[meter]
            meter.value = reading.value
            meter.last_reading_date = reading.date
            meter.last_is_outlier = reading.is_outlier

    @api.depends(
        "last_reading_date", "reading_ids.date", "reading_ids.consumed", "reading_ids.active"
    )
    def _compute_average_per_day(self):
        trends = self.env["service.meter.reading"]._get_trends(
            [(meter._origin.id, meter.last_reading_date, False) for meter in self]
        )
        for meter, trend in zip(self, trends, strict=True):
            meter.average_per_day = trend.slope

    def _get_last_readings(self):
        """Return ``{meter: its last reading}`` in one query."""
        readings = self.env["service.meter.reading"]
        readings.flush_model(["meter_id", "date", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last.id
                  FROM unnest(%s::int[]) AS meter (id)
                 CROSS JOIN LATERAL (
                        SELECT reading.id
                          FROM service_meter_reading reading
                         WHERE reading.meter_id = meter.id AND reading.active
                         ORDER BY reading.date DESC, reading.id DESC
                         LIMIT 1
                       ) last
                """,
                self._origin.ids,
            )
        )
        last = {reading.meter_id: reading for reading in readings.browse(id_ for (id_,) in rows)}
        return {meter: last.get(meter._origin, readings) for meter in self}

    def _serialize_readings(self):
        """Let readings of the same meter come one after the other.

        Without this, two that are entered at the same moment would not see each other, and might
        contradict each other. PostgreSQL refuses the second one, and Odoo tries it again.
        """
        if self:
            self.env.cr.execute(
                SQL("UPDATE service_meter SET active = active WHERE id IN %s", tuple(self.ids))
            )

    def write(self, vals):
        if "type_id" in vals:
            self._refuse_other_type(vals["type_id"])
        if "equipment_id" in vals and not self.env.su:
            self._refuse_other_machine(vals["equipment_id"])
        return super().write(vals)

    def _refuse_other_machine(self, equipment_id):
        for meter in self.filtered(
            lambda m: m.equipment_id.id != equipment_id and m.last_reading_date
        ):
            raise UserError(
                self.env._(
                    "%(meter)s has readings of %(machine)s: add a meter to the other machine "
                    "instead.",
                    meter=meter.display_name,
                    machine=meter.equipment_id.display_name,
                )
            )

    def _refuse_other_type(self, type_id):
        for meter in self.filtered(lambda m: m.type_id.id != type_id and m.last_reading_date):
            raise UserError(
                self.env._(
                    "%(meter)s has readings: its type cannot change. Archive it and add a meter of "
                    "the other type.",
                    meter=meter.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        readings = self.env["service.meter.reading"].sudo().with_context(active_test=False)
        reading = readings.search([("meter_id", "in", self.ids)], limit=1)
        if reading:
            raise UserError(
                self.env._(
                    "%(meter)s has readings, which are never lost: archive it instead of deleting "
                    "it.",
                    meter=reading.meter_id.display_name,
                )
            )

    def action_view_readings(self):
        """Open the readings of these meters."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "installed_base.service_meter_reading_action"
        )
        return {
            **action,
            "domain": [("meter_id", "in", self.ids)],
            "context": {"default_meter_id": self.id if len(self) == 1 else False},
        }

    def action_new_reading(self):
        """Open the form of a new reading."""
        self.ensure_one()
        return self._open_new_reading()

    def _open_new_reading(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "installed_base.service_meter_reading_action_new"
        )
        return {
            **action,
            "context": {
                "default_meter_id": self.id if len(self) == 1 else False,
                "equipment_ids": self.equipment_id.ids,
            },
        }

    def _predict_date(self, value):
        """Say when the meter will read a value, if it goes on as on average.

        :param value: in the unit of the meter. Beyond the rollover value it goes on counting:
            105000 is 5000 of the next round of a counter that starts again at 100000.
        :return: a date; the day of the last reading where a meter that counts up is there already;
            False where the value will never be reached, or nothing is known
        """
        self.ensure_one()
        if not self.last_reading_date:
            return False
        last = fields.Datetime.context_timestamp(self, self.last_reading_date)
        missing = value - self.value
        if not missing or (missing < 0 and self.is_cumulative):
            return last.date()
        if missing * self.average_per_day <= 0:
            return False
        try:
            return (last + timedelta(days=missing / self.average_per_day)).date()
        except OverflowError:  # after the end of the calendar
            return False

    def _replace(self, old_value, new_value, date=False, serial_number=False, note=False):
        """Exchange the counter: the old one stops at a value, the new one goes on from another.

        :param old_value: what the old counter reads when it is taken out
        :param new_value: what the new counter reads when it is put in
        :param date: moment of the exchange (default: now)
        :param serial_number: of the new counter
        :param note: why
        :return: the first reading of the new counter
        """
        self.ensure_one()
        date = date or fields.Datetime.now()
        values = {"meter_id": self.id, "date": date, "note": note}
        readings = self.env["service.meter.reading"].create(
            [
                {**values, "value": old_value},
                {**values, "value": new_value, "kind": "replacement"},
            ]
        )
        self.serial_number = serial_number
        return readings[-1]
