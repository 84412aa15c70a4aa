from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round, format_datetime, formatLang

DECIMALS = 3


class ServiceMeterReading(models.Model):
    """What a meter read at a moment. A fact: it may be corrected or cancelled, never deleted."""

    _name = "service.meter.reading"
    _description = "Meter Reading"
    _order = "date desc, id desc"

    meter_id = fields.Many2one("service.meter", required=True, index=True, ondelete="restrict")
    equipment_id = fields.Many2one(
        related="meter_id.equipment_id", store=True, precompute=True, index=True
    )
    type_id = fields.Many2one(related="meter_id.type_id", store=True, precompute=True)
    company_id = fields.Many2one(related="meter_id.company_id", store=True, precompute=True)
    uom_id = fields.Many2one(related="meter_id.uom_id")
    is_cumulative = fields.Boolean(related="meter_id.is_cumulative")
    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    value = fields.Float(digits=(16, DECIMALS), required=True, aggregator="max")
    kind = fields.Selection(
        [
            ("reading", "Reading"),
            ("rollover", "Started Again at Zero"),
            ("replacement", "First of a New Meter"),
        ],
        required=True,
        default="reading",
        help="What happened since the reading before: nothing special; the counter passed its end "
        "and started again at zero; or another counter was put in.",
    )
    source = fields.Selection(
        [
            ("manual", "Manual"),
            ("technician", "Technician"),
            ("portal", "Portal"),
            ("import", "Import"),
            ("api", "Interface"),
        ],
        required=True,
        default=lambda self: self._default_source(),
    )
    note = fields.Char()
    active = fields.Boolean(
        default=True, help="A reading that was cancelled counts nowhere, and is kept."
    )
    consumed = fields.Float(
        digits=(16, DECIMALS),
        compute="_compute_consumed",
        store=True,
        help="Difference to the reading before, across a counter that started again at zero. "
        "Nothing for the first reading of a counter.",
    )
    expected_value = fields.Float(
        digits=(16, DECIMALS),
        compute="_compute_expected_value",
        store=True,
        aggregator=None,
        help="What the readings of the twelve months before let expect: the average use since the "
        "last of them, or the average of a gauge. Known from the fourth reading on.",
    )
    is_outlier = fields.Boolean(
        string="Unusual",
        compute="_compute_expected_value",
        store=True,
        help="The value is further from what was expected than the type of meter allows.",
    )

    # its first columns also find the reading before and the reading after
    _once = models.UniqueIndex(
        "(meter_id, date, value, (kind = 'replacement')) WHERE active",
        "The meter has a reading of this value at this time already.",
    )

    @api.model
    def _default_source(self):
        user = self.env.user
        in_the_office = user.has_group("installed_base.group_service_user")
        in_the_field = user.has_group("installed_base.group_service_technician")
        return "technician" if in_the_field and not in_the_office else "manual"

    @api.depends("meter_id", "value")
    def _compute_display_name(self):
        for reading in self:
            meter = reading.meter_id.display_name or ""
            reading.display_name = f"{meter} {reading._format_value()}"

    @api.depends("meter_id", "date", "value", "kind", "active")
    def _compute_consumed(self):
        for reading, (before, _after) in self._get_neighbours().items():
            if not reading.active or not before or reading.kind == "replacement":
                reading.consumed = 0
            elif reading.kind == "rollover" and reading.value < before.value:
                rollover = reading.meter_id.type_id.rollover_value
                reading.consumed = rollover - before.value + reading.value
            else:
                reading.consumed = reading.value - before.value

    @api.depends("meter_id", "date", "value", "kind", "active", "consumed")
    def _compute_expected_value(self):
        neighbours = self._get_neighbours()
        trends = self._get_trends(
            [(reading.meter_id._origin.id, reading.date, reading._origin.id) for reading in self]
        )
        for reading, trend in zip(self, trends, strict=True):
            low = high = reading.value
            reading.expected_value = 0
            before = neighbours[reading][0]
            if trend.count >= 3 and reading.active and reading.kind != "replacement":
                reading.expected_value, low, high = reading._get_expectation(before, trend)
            meter_type = reading.meter_id.type_id
            reading.is_outlier = meter_type.outlier_percent and not low <= reading.value <= high

    def _get_expectation(self, before, trend):
        """Return the value to expect, the lowest and the highest that are not unusual."""
        self.ensure_one()
        share = self.meter_id.type_id.outlier_percent / 100
        if self.is_cumulative:
            start = self.value - self.consumed
            days = (self.date - before.date).total_seconds() / 86400
            expected = start + trend.slope * days
            low = start + trend.slope * days * (1 - share)
            # machines do not run evenly over the day: the use of one day is never too much
            high = start + trend.slope * max(days, 1) * (1 + share)
        else:
            expected, margin = trend.mean, abs(trend.mean) * share
            low, high = expected - margin, expected + margin
        return tuple(float_round(number, DECIMALS) for number in (expected, low, high))

    @api.onchange("meter_id", "date", "value", "kind")
    def _onchange_impossible(self):
        """Say while it is typed what would be refused: a whole report may be saved with it."""
        if not self.meter_id or not self.date or not self.value:
            return None
        try:
            self._check_not_in_future()
            self._check_possible()
            self._check_order()
        except ValidationError as error:
            title = self.env._("This Reading Would Be Refused")
            return {"warning": {"title": title, "message": error.args[0]}}
        return None

    @api.constrains("date")
    def _check_not_in_future(self):
        now = fields.Datetime.now()
        for reading in self.filtered(lambda r: r.date > now):
            raise ValidationError(
                self.env._(
                    "%(meter)s cannot have been read on %(date)s, which is in the future: correct "
                    "the date.",
                    meter=reading.meter_id.display_name,
                    date=reading._format_date(),
                )
            )

    @api.constrains("meter_id", "value", "kind")
    def _check_possible(self):
        for reading in self.filtered("is_cumulative"):
            if reading.value < 0:
                raise ValidationError(
                    self.env._(
                        "%(meter)s counts up from zero and cannot read %(value)s: correct the "
                        "value.",
                        meter=reading.meter_id.display_name,
                        value=reading._format_value(),
                    )
                )
            rollover = reading.meter_id.type_id.rollover_value
            if rollover and reading.value >= rollover:
                raise ValidationError(
                    self.env._(
                        "%(meter)s starts again at zero instead of %(rollover)s and cannot read "
                        "%(value)s: correct the value.",
                        meter=reading.meter_id.display_name,
                        rollover=reading._format_value(rollover),
                        value=reading._format_value(),
                    )
                )

    @api.constrains("meter_id", "kind")
    def _check_rollover(self):
        for reading in self.filtered(lambda r: r.kind == "rollover"):
            meter_type = reading.meter_id.type_id
            if not meter_type.rollover_value:
                raise ValidationError(
                    self.env._(
                        "%(meter)s cannot have started again at zero: its type %(type)s has no "
                        "rollover value. Have it set on the meter type, or declare a new meter.",
                        meter=reading.meter_id.display_name,
                        type=meter_type.name,
                    )
                )

    @api.constrains("meter_id", "date", "value", "kind", "active")
    def _check_order(self):
        counting = self.filtered(lambda r: r.active and r.is_cumulative)
        for reading, (before, after) in counting._get_neighbours().items():
            if reading.kind == "reading" and before and before.value > reading.value:
                raise ValidationError(
                    self.env._(
                        "%(meter)s cannot read %(value)s on %(date)s: it read %(before)s already "
                        "on %(date_before)s. Correct the value or the date, or say that the meter "
                        "started again at zero or was replaced.",
                        meter=reading.meter_id.display_name,
                        value=reading._format_value(),
                        date=reading._format_date(),
                        before=before._format_value(),
                        date_before=before._format_date(),
                    )
                )
            if after.kind == "reading" and after.value < reading.value:
                raise ValidationError(
                    self.env._(
                        "%(meter)s cannot read %(value)s on %(date)s: it read only %(after)s later "
                        "on %(date_after)s. Correct the value or the date, or first say of the "
                        "later reading that the meter started again at zero or was replaced.",
                        meter=reading.meter_id.display_name,
                        value=reading._format_value(),
                        date=reading._format_date(),
                        after=after._format_value(),
                        date_after=after._format_date(),
                    )
                )

    @api.model
    def get_import_templates(self):
        """Return the spreadsheet that the import screen offers, with the columns to fill in."""
        return [
            {
                "label": self.env._("Import Template for Meter Readings"),
                "template": "/installed_base/static/xlsx/service_meter_reading_template.xlsx",
            }
        ]

    @api.model
    def load(self, fields, data):
        return super(ServiceMeterReading, self.with_context(default_source="import")).load(
            fields, data
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Enter readings; what is known already (same meter, time and value) is entered once.

        :return: one reading for each of ``vals_list``: the new one, or the one that was known
        """
        defaults = self.default_get(["meter_id", "date", "value", "kind"])
        keys = [self._get_key({**defaults, **vals}) for vals in vals_list]
        found = self._find_known(keys)
        new = {}
        for key, vals in zip(keys, vals_list, strict=True):
            if key not in found:
                new.setdefault(key, {"date": key[1], **vals})
        readings = super().create(list(new.values()))
        readings.meter_id._serialize_readings()
        readings._get_successors().modified(["value"])
        readings._log_replacements()
        readings.filtered("is_outlier")._log_outliers()
        found.update(zip(new, readings, strict=True))
        return self.browse(found[key].id for key in keys)

    def write(self, vals):
        if not {"meter_id", "date", "value", "kind", "active"} & vals.keys():
            return super().write(vals)
        before = {reading: reading._describe() for reading in self}
        left_behind = self._get_successors()
        meters = self.meter_id
        result = super().write(vals)
        (meters | self.meter_id)._serialize_readings()
        left_behind._check_order()
        (left_behind | self._get_successors()).modified(["value"])
        self._log_corrections(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fact(self):
        raise UserError(
            self.env._("A meter reading is never deleted: have a manager correct or archive it.")
        )

    @api.model
    def _get_key(self, vals):
        """What is the same in a reading that was entered twice."""
        if vals.get("value", False) is False:
            raise ValidationError(self.env._("A meter reading needs a value: type what it reads."))
        return (
            vals.get("meter_id"),
            fields.Datetime.to_datetime(vals.get("date")),
            float_round(float(vals["value"]), DECIMALS),
            vals.get("kind") == "replacement",
        )

    @api.model
    def _find_known(self, keys):
        """Return ``{key: reading}`` of those that are known already, in one query."""
        meters, dates, _values, _replaced = zip(*keys, strict=True) if keys else ((), (), (), ())
        known = self.search_fetch(
            [
                ("meter_id", "in", list(set(meters))),
                ("date", "in", list(set(dates))),
                ("active", "=", True),
            ],
            ["meter_id", "date", "value", "kind"],
        )
        by_key = {
            (r.meter_id.id, r.date, float_round(r.value, DECIMALS), r.kind == "replacement"): r
            for r in known
        }
        return {key: by_key[key] for key in keys if key in by_key}

    def _get_successors(self):
        """The readings after these: what they consumed depends on these."""
        return self.browse(after.id for _before, after in self._get_neighbours().values())

    def _format_value(self, value=None):
        self.ensure_one()
        value = self.value if value is None else value
        digits = 0 if value == int(value) else DECIMALS
        return f"{formatLang(self.env, value, digits)} {self.uom_id.name or ''}".strip()

    def _format_date(self):
        self.ensure_one()
        return format_datetime(self.env, self.date, dt_format="short")
