from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # X3: CLOINV
    service_invoicing_enabled = fields.Boolean(
        string="Service Invoicing",
        default=True,
        help="Switch this off to invoice no requests at all.",
    )
