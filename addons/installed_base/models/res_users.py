from odoo import fields, models, tools


class ResUsers(models.Model):
    _inherit = "res.users"

    service_agency_ids = fields.Many2many(
        "service.agency",
        "service_agency_res_users_rel",
        "user_id",
        "agency_id",
        string="Agencies",
    )

    def _get_staff_agencies(self):
        """The agencies that this user works for; none means all."""
        return self.env["service.agency"].browse(self._get_staff_agency_ids())

    @tools.ormcache("self.id")
    def _get_staff_agency_ids(self):
        return tuple(self.sudo().service_agency_ids.ids)

    def write(self, vals):
        result = super().write(vals)
        if "service_agency_ids" in vals:
            # record rules name the agencies of their user, and Odoo caches a rule's domain
            self.env.registry.clear_cache()
        return result
