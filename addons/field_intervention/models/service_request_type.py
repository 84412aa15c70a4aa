from odoo import fields, models


class ServiceRequestType(models.Model):
    _inherit = "service.request.type"

    operation_template_ids = fields.Many2many(
        "service.operation.template",
        string="Operations",
        help="What technicians do on every intervention for such a request.",
    )
