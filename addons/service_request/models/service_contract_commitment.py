from odoo import api, fields, models


class ServiceContractCommitment(models.Model):
    _inherit = "service.contract.commitment"

    severity_id = fields.Many2one(
        "service.severity",
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty for every severity of the same kind (blocking or not).",
    )

    @api.depends("severity_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for commitment in self.filtered("severity_id"):
            commitment.display_name = commitment.severity_id.name
        return result

    def _prepare_terms(self):
        return {**super()._prepare_terms(), "severity_id": self.severity_id.id}


class ServiceContract(models.Model):
    _inherit = "service.contract"

    @api.depends("commitment_ids.severity_id")
    def _compute_commitment_terms(self):
        return super()._compute_commitment_terms()

    @api.model
    def _match_terms(self, terms, severity):
        """A promise for this very severity goes before the one for its kind."""
        if isinstance(severity, bool) or severity._name != "service.severity":
            return super()._match_terms(terms, severity)
        exact = (promise for promise in terms if promise["severity_id"] == severity.id)
        general = [promise for promise in terms if not promise["severity_id"]]
        return (severity and next(exact, None)) or super()._match_terms(
            general, severity._is_blocking()
        )
