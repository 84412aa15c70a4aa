from odoo import api, fields, models


class ServiceMeterReplace(models.TransientModel):
    """Exchange of a counter: what the old one reads last, and the new one first."""

    _name = "service.meter.replace"
    _description = "Replace Meter"

    meter_id = fields.Many2one("service.meter", required=True, ondelete="cascade")
    uom_id = fields.Many2one(related="meter_id.uom_id")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    old_value = fields.Float(
        string="Last Value of the Old Meter",
        digits=(16, 3),
        compute="_compute_old_value",
        store=True,
        readonly=False,
        required=True,
    )
    new_value = fields.Float(string="First Value of the New Meter", digits=(16, 3), required=True)
    serial_number = fields.Char(string="Serial Number of the New Meter")
    note = fields.Char()

    @api.depends("meter_id")
    def _compute_old_value(self):
        for wizard in self:
            wizard.old_value = wizard.meter_id.value

    def action_replace(self):
        """Record both values and the exchange in the history of the machine."""
        self.ensure_one()
        self.meter_id._replace(
            self.old_value,
            self.new_value,
            date=self.date,
            serial_number=self.serial_number,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}
