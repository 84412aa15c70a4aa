from markupsafe import Markup

from odoo import models


class ServiceMeterReading(models.Model):
    """What readings leave in the history and in the chatter of their machines."""

    _inherit = "service.meter.reading"

    def _log_replacements(self):
        """Write to the history of the machines that a counter was replaced."""
        first = self.filtered(lambda r: r.kind == "replacement")
        self.env["service.equipment.event"].sudo().create(
            [
                {
                    "equipment_id": reading.equipment_id.id,
                    "event_type": "meter_replaced",
                    "date": reading.date,
                    "description": reading._describe_replacement(),
                    "old_value": before._format_value() if before else False,
                    "new_value": reading._format_value(),
                    "res_model": reading._name,
                    "res_id": reading.id,
                }
                for reading, (before, _after) in first._get_neighbours().items()
            ]
        )

    def _describe_replacement(self):
        self.ensure_one()
        meter = self.meter_id.name or self.meter_id.type_id.name
        return f"{meter}: {self.note}" if self.note else meter

    def _log_outliers(self):
        """Ask in the chatter of the machines to check these readings."""
        self._log_notes(
            {
                reading: self.env._(
                    "Unusual reading, please check it: %(reading)s, where about %(expected)s was "
                    "expected.",
                    reading=reading._describe(),
                    expected=reading._format_value(reading.expected_value),
                )
                for reading in self
            }
        )

    def _log_corrections(self, before):
        """Keep in the chatter of the machines what was corrected.

        :param before: ``{reading: its description until now}``
        """
        self._log_notes(
            {
                reading: self.env._(
                    "Meter reading corrected: %(old)s → %(new)s", old=old, new=reading._describe()
                )
                for reading, old in before.items()
                if old != reading._describe()
            }
        )

    def _log_notes(self, notes):
        """Log ``{reading: sentence}``, one note a machine."""
        equipment = self.env["service.equipment"]
        bodies = {}
        for reading, sentence in notes.items():
            equipment |= reading.equipment_id
            bodies.setdefault(reading.equipment_id.id, []).append(sentence)
        if bodies:
            equipment._message_log_batch(
                {key: Markup("<br/>").join(sentences) for key, sentences in bodies.items()}
            )

    def _describe(self):
        """The reading in a few words."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        words = [self.meter_id.display_name, self._format_value(), self._format_date()]
        if self.kind != "reading":
            words.append(labels[self.kind])
        if not self.active:
            words.append(self.env._("Archived"))
        return " · ".join(words)
