from odoo import api, fields, models


class ServiceCoverageExaminationLine(models.TransientModel):
    """A contract that may be applied to a request, whatever its scopes say."""

    _inherit = "service.coverage.examination.line"

    can_apply = fields.Boolean(compute="_compute_can_apply")

    @api.depends("examination_id.can_decide", "is_chosen", "contract_id.state")
    def _compute_can_apply(self):
        for line in self:
            line.can_apply = (
                line.examination_id.can_decide
                and line.contract_id.state in ("active", "suspended", "expired")
                and not line.is_chosen
            )

    def action_apply(self):
        """Cover the request, or its machine, by this contract."""
        self.ensure_one()
        return self.examination_id._decide(
            {"coverage_manual": "contract", "coverage_contract_id": self.contract_id.id}
        )
