from odoo import fields, models


class ServiceMeterReading(models.Model):
    _inherit = "service.meter.reading"

    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", readonly=True, ondelete="restrict"
    )
