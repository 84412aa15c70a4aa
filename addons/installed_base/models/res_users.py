from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    service_agency_ids = fields.Many2many(
        "service.agency",
        "service_agency_res_users_rel",
        "user_id",
        "agency_id",
        string="Agencies",
    )

    def write(self, vals):
        result = super().write(vals)
        if "service_agency_ids" in vals:
            self.env["service.agency"]._forget_staff_rules()
        return result
