from odoo import fields, models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    # X3: INVSREMOD
    invoice_aggregation = fields.Selection(
        [("none", "One Line per Consumption"), ("product", "One Line per Product")],
        default="none",
        required=True,
        help="A consumption with a note always keeps its own line.",
    )
