from odoo import fields, models


class ServiceWarrantyExtend(models.TransientModel):
    """Asks how much longer the warranty of machines runs, and why."""

    _name = "service.warranty.extend"
    _description = "Extend Warranties"

    equipment_ids = fields.Many2many("service.equipment", string="Machines", required=True)
    months = fields.Integer(help="How many months longer; or give the new last day.")
    date = fields.Date(string="New Last Day")
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Extend the warranties as said."""
        self.ensure_one()
        self.equipment_ids.action_extend_warranty(self.months, self.date, self.reason)
