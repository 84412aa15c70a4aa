from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    meter_ids = fields.One2many("service.meter", "equipment_id", string="Meters")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        readings = self.env["service.meter.reading"].sudo().with_context(active_test=False)
        reading = readings.search([("equipment_id", "in", self.ids)], limit=1)
        if reading:
            raise UserError(
                self.env._(
                    "The meters of %(equipment)s were read, and readings are never lost: archive "
                    "the machine instead of deleting it.",
                    equipment=reading.equipment_id.display_name,
                )
            )

    def action_new_meter_reading(self):
        """Open the form of a new reading of one of the machine's meters."""
        self.ensure_one()
        return self.meter_ids._open_new_reading()

    def action_view_meter_readings(self):
        """Open the readings of the machine's meters."""
        return self.meter_ids.action_view_readings()
