from odoo import fields, models


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    prefer_points_on_partial = fields.Boolean(
        string="Prefer Points to Partial Cover",
        help="When a warranty or maintenance contract covers only a part, take the points of a "
        "points contract instead.",
    )

    def _get_tz(self):
        """Name of the time zone this agency works in, False when nothing says."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz
