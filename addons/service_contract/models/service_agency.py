from odoo import fields, models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    prefer_points_on_partial = fields.Boolean(
        string="Prefer Points to Partial Cover",
        help="When a warranty or maintenance contract covers only a part, take the points of a "
        "points contract instead.",
    )
