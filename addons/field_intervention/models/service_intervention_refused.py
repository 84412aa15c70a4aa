from odoo import models
from odoo.exceptions import ValidationError


class ServiceIntervention(models.Model):
    """A reading that a meter cannot have does not keep the rest of a report from being saved."""

    _inherit = "service.intervention"

    def web_save(self, vals, specification, next_id=None):
        """Save what was entered in the web client, also when it leaves the page.

        Of the meter readings those that are refused are left out, and the chatter and a notice
        say which they are.

        :return: as ``web_read``
        """
        commands = vals.get("meter_reading_ids")
        if not self or not commands:
            return super().web_save(vals, specification, next_id=next_id)
        self.write({name: value for name, value in vals.items() if name != "meter_reading_ids"})
        self._save_readings(commands)
        return super().web_save({}, specification, next_id=next_id)

    def _save_readings(self, commands):
        """Save readings one by one, since each may be refused; a visit has few."""
        refused = []
        for command in commands:
            try:
                with self.env.cr.savepoint():
                    self.write({"meter_reading_ids": [command]})
            except ValidationError as error:
                refused.append(error.args[0])
        for reason in refused:
            self._message_log(body=self.env._("Meter reading not saved: %s", reason))
        if refused:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "danger",
                    "sticky": True,
                    "title": self.env._("Enter the Meter Reading Again"),
                    "message": "\n".join(refused),
                },
            )
