from collections import Counter

from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_intervention_count = fields.Integer(
        string="Interventions",
        compute="_compute_service_intervention_count",
        groups="installed_base.group_service_user,installed_base.group_service_technician",
    )

    def _compute_service_intervention_count(self):
        interventions = self.env["service.intervention"]
        counts = Counter(
            dict(
                interventions._read_group(
                    [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
                )
            )
        )
        for site, customer, count in interventions._read_group(
            [("site_id", "in", self.ids)], ["site_id", "partner_id"], ["__count"]
        ):
            if site != customer:
                counts[site] += count
        for partner in self:
            partner.service_intervention_count = counts[partner]

    def action_view_service_interventions(self):
        """Open the interventions of these customers, or at these sites, planned and past."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_intervention.service_intervention_action"
        )
        domain = Domain("partner_id", "in", self.ids) | Domain("site_id", "in", self.ids)
        return {**action, "domain": list(domain), "context": {}}

    def _get_service_position(self):
        """Return ``(latitude, longitude)`` in degrees; None when nobody located the address."""
        if self.partner_latitude or self.partner_longitude:
            return (self.partner_latitude, self.partner_longitude)
        return None
