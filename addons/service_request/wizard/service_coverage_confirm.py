from odoo import fields, models

from ..models.service_coverage_mixin import MANUAL_COVERAGES


class ServiceCoverageConfirm(models.TransientModel):
    """Confirms a provisional coverage after the repair, or changes it."""

    _name = "service.coverage.confirm"
    _description = "Confirm the Coverage"

    line_id = fields.Many2one(
        "service.request.equipment", string="Machine", required=True, ondelete="cascade"
    )
    coverage_label = fields.Char(related="line_id.coverage_label")
    coverage = fields.Selection(
        MANUAL_COVERAGES, string="Change It to", help="Leave empty to confirm what was found."
    )
    reason = fields.Char(required=True, help="What the repair showed.")

    def action_confirm(self):
        """Confirm or change the coverage of the machine."""
        self.line_id.action_confirm_coverage(self.reason, self.coverage)
        return {"type": "ir.actions.act_window_close"}
