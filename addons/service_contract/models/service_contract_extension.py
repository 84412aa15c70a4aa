from odoo import models


class ServiceContract(models.Model):
    """A warranty contract is extended line by line."""

    _inherit = "service.contract"

    def action_extend_warranty(
        self, months=0, date=False, reason=False, res_model=False, res_id=False
    ):
        """Extend all lines of these warranties, see the same method of the coverage line."""
        self._check_state("active", "suspended", "expired")
        lines = self.coverage_ids.filtered(lambda line: not line.is_exclusion)
        return lines.action_extend_warranty(months, date, reason, res_model, res_id)
