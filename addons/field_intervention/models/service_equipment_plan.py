from odoo import fields, models


class ServiceEquipment(models.Model):
    """The preventive visits of a machine."""

    _inherit = "service.equipment"

    plan_visit_ids = fields.One2many("service.plan.visit", "equipment_id", string="Due Visits")
    is_plan_pending = fields.Boolean(
        default=True,
        copy=False,
        help="The preventive visits of the machine have to be forecast anew.",
    )

    _plan_pending_idx = models.Index("(id) WHERE is_plan_pending")

    def write(self, vals):
        """What changes the state, the beginning or the coverage of a machine changes its visits."""
        watched = {
            "state",
            "active",
            "product_id",
            "partner_id",
            "site_id",
            "parent_id",
            "delivery_date",
            "installation_date",
            "commissioning_date",
        }
        if watched & set(vals):
            vals = {**vals, "is_plan_pending": True}
        result = super().write(vals)
        if vals.get("state") in ("returned", "retired") or vals.get("active") is False:
            visits = self.env["service.plan.visit"].sudo()
            visits = visits.search(
                [("equipment_id", "in", self.ids), ("state", "not in", ("done", "skipped"))]
            )
            visits._stop()
            visits.exists()._call_off(self.env._("The machine is not served any more."))
        return result
