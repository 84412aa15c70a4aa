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
    # X3: INVSREUOM
    invoice_aggregation_uom = fields.Selection(
        [("sales", "Sales Unit"), ("consumption", "Unit of the Consumption")],
        string="Unit of Joined Lines",
        default="sales",
        required=True,
        help="Sales unit: 30 minutes and 2 hours of the same labour become one line of 2.5 hours. "
        "Otherwise only what was consumed in the same unit shares a line.",
    )
