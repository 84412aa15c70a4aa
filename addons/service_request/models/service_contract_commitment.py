from odoo import api, fields, models


class ServiceContractCommitment(models.Model):
    _inherit = "service.contract.commitment"

    severity_id = fields.Many2one(
        "service.severity",
        index="btree_not_null",
        help="Leave empty for every severity of the same kind (blocking or not).",
    )

    @api.depends("severity_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for commitment in self.filtered("severity_id"):
            commitment.display_name = commitment.severity_id.name
        return result

    def _match(self, severity):
        """A promise for this very severity goes before the one for its kind."""
        if isinstance(severity, bool) or severity._name != "service.severity":
            return super()._match(severity)
        exact = self.filtered(lambda commitment: commitment.severity_id == severity)
        general = self.filtered(lambda commitment: not commitment.severity_id)
        return (severity and exact[:1]) or super(ServiceContractCommitment, general)._match(
            severity._is_blocking()
        )
