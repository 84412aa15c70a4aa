from odoo import api, fields, models, tools


class ServiceAgency(models.Model):
    _inherit = "service.agency"

    prefer_points_on_partial = fields.Boolean(
        string="Prefer Points to Partial Cover",
        help="When a warranty or maintenance contract covers only a part, take the points of a "
        "points contract instead.",
    )

    tz = fields.Char(
        string="Time Zone",
        compute="_compute_tz",
        store=True,
        help="Whose days and hours count here: that of the opening hours, else of the address, "
        "else of the company's working hours.",
    )

    @api.depends("resource_calendar_id.tz", "partner_id.tz", "company_id.resource_calendar_id.tz")
    def _compute_tz(self):
        for agency in self:
            agency.tz = (
                agency.resource_calendar_id.tz
                or agency.partner_id.tz
                or agency.company_id.resource_calendar_id.tz
                or "UTC"
            )
        self.env.registry.clear_cache()  # of _get_tz

    @tools.ormcache("self.id")
    def _get_tz(self):
        """Name of the time zone of this agency, which every request asks for."""
        return self.sudo().tz
