from odoo import fields, models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    invoice_aggregation = fields.Selection(
        [("none", "One line for each consumption"), ("product", "One line for each product")],
        default="none",
        required=True,
        help="A consumption with a note always keeps its own line (X3: INVSREMOD).",
    )
