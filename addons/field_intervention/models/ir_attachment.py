from odoo import fields, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    service_photo_kind = fields.Selection(
        [("before", "Before the Work"), ("after", "After the Work")],
        string="Photo Taken",
        help="Where the photo stands in the report of an intervention.",
    )
