from odoo import api, fields, models


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    meter_ids = fields.One2many("service.meter", "equipment_id", string="Meters")

    meter_reading_ids = fields.One2many(
        "service.meter.reading", "equipment_id", string="Meter Readings"
    )

    @api.model
    def _get_history_fields(self):
        return [*super()._get_history_fields(), "meter_reading_ids"]

    def _merge_into(self, survivor):
        kept = super()._merge_into(survivor)
        readings_sudo = survivor.sudo().meter_reading_ids
        readings_sudo._check_order()
        readings_sudo.modified(["value"])  # what each consumed depends on the one before
        return kept

    def action_new_meter_reading(self):
        """Open the form of a new reading of one of the machine's meters."""
        self.ensure_one()
        return self.meter_ids._open_new_reading()

    def action_view_meter_readings(self):
        """Open the readings of the machine's meters."""
        return self.meter_ids.action_view_readings()
