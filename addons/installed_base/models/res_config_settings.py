from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_agency_count = fields.Integer(
        string="Number of Agencies", compute="_compute_service_agency_count"
    )

    def _compute_service_agency_count(self):
        counts = dict(self.env["service.agency"]._read_group([], ["company_id"], ["__count"]))
        for settings in self:
            settings.service_agency_count = counts.get(settings.company_id, 0)
