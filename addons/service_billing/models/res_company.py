from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_invoicing_enabled = fields.Boolean(
        string="Service Invoicing",
        default=True,
        help="Switch this off to keep all invoicing of requests away (X3: CLOINV).",
    )
