from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    service_claim_id = fields.Many2one(
        "service.warranty.claim",
        string="Supplier Claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The defective parts of this claim, or what the supplier sends for them.",
    )
