from odoo import api, fields, models

from ..models.service_consumption import PERFORMER_TYPES


class ServiceConsumptionPlan(models.TransientModel):
    """Asks when consumptions are to be done, and by whom."""

    _name = "service.consumption.plan"
    _description = "Plan Consumptions"

    consumption_ids = fields.Many2many("service.consumption", required=True)
    date = fields.Datetime(string="Planned on", required=True, default=fields.Datetime.now)
    performer_type = fields.Selection(
        PERFORMER_TYPES, compute="_compute_performer", store=True, readonly=False, required=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collaborator",
        compute="_compute_performer",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Who does it; proposed is who has the request.",
    )
    vendor_id = fields.Many2one(
        "res.partner",
        string="Subcontractor",
        compute="_compute_performer",
        store=True,
        readonly=False,
    )

    @api.depends("consumption_ids")
    def _compute_performer(self):
        for wizard in self:
            consumption = wizard.consumption_ids[:1]
            wizard.performer_type = consumption.performer_type or "internal"
            wizard.user_id = consumption.user_id or consumption.request_id.user_id
            wizard.vendor_id = consumption.vendor_id

    def action_plan(self):
        """Plan the consumptions for this date, with this collaborator or subcontractor."""
        self.ensure_one()
        external = self.performer_type == "external"
        self.consumption_ids.write(
            {
                "performer_type": self.performer_type,
                "user_id": False if external else self.user_id.id,
                "vendor_id": external and self.vendor_id.id,
            }
        )
        self.consumption_ids.action_plan(self.date)
        return {"type": "ir.actions.act_window_close"}
