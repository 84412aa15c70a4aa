from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_field_lock_days = fields.Integer(
        string="Lock Devices After",
        default=14,
        help="Days without contact after which the technician's app asks for a connection before "
        "it shows anything. 0: never. What waits to be sent is kept.",
    )

    _service_field_lock_days_not_negative = models.Constraint(
        "CHECK (service_field_lock_days >= 0)",
        "The days after which devices are locked cannot be negative.",
    )
