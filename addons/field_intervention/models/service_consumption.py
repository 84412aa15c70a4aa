from odoo import api, fields, models


class ServiceConsumption(models.Model):
    _inherit = "service.consumption"

    intervention_id = fields.Many2one(
        "service.intervention",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('request_id', '=', request_id)]",
    )
    request_id = fields.Many2one(
        compute="_compute_request_id", store=True, readonly=False, precompute=True
    )

    @api.depends("intervention_id")
    def _compute_request_id(self):
        for consumption in self:
            consumption.request_id = (
                consumption.intervention_id.request_id or consumption.request_id
            )

    def _get_issue_location(self):
        """Parts that a technician uses leave the technician's van."""
        van = self.intervention_id.sudo().technician_id.stock_location_id
        return van if van and not self.move_ids else super()._get_issue_location()
