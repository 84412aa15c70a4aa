from odoo import api, fields, models


class ServiceCoverageExamination(models.TransientModel):
    """Opened from a request, the examination also decides what covers it."""

    _inherit = "service.coverage.examination"

    request_id = fields.Many2one("service.request", readonly=True, ondelete="cascade")
    request_line_id = fields.Many2one(
        "service.request.equipment",
        string="Machine of the Request",
        readonly=True,
        ondelete="cascade",
        help="What is decided is decided for this machine only; empty: for the whole request.",
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_reset = fields.Boolean(compute="_compute_can_decide")

    @api.depends("request_id.state", "request_id.coverage_manual", "request_line_id")
    def _compute_can_decide(self):
        for examination in self:
            subject = examination.request_line_id or examination.request_id
            examination.can_decide = examination.request_id.state == "open"
            examination.can_reset = examination.can_decide and subject.coverage_manual

    def _get_item(self):
        """What the request uses already does not count against it."""
        request = self.request_id
        if not request:
            return super()._get_item()
        return {
            **super()._get_item(),
            "request_id": request.id,
            "company_id": request.company_id.id,
            "agency_id": request.agency_id.id,
        }

    def action_goodwill(self):
        """Give the service free; the manager of whoever does so is told."""
        return self._decide({"coverage_manual": "goodwill"})

    def action_direct(self):
        """The customer agreed to pay."""
        return self._decide({"coverage_manual": "direct"})

    def action_automatic(self):
        """Forget what was decided by hand."""
        return self._decide({"coverage_manual": False})

    def _decide(self, values):
        self.ensure_one()
        emptied = {"coverage_contract_id": False, "coverage_sale_id": False}
        (self.request_line_id or self.request_id).write({**emptied, **values})
        return {"type": "ir.actions.act_window_close"}
