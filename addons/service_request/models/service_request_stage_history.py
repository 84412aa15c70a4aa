from odoo import api, fields, models


class ServiceRequestStageHistory(models.Model):
    """When a request came to a stage (X3: SRESAT). Append-only."""

    _name = "service.request.stage.history"
    _description = "Request Stage History"
    _inherit = ["service.append.only"]
    _order = "date, id"
    _rec_name = "stage_id"

    request_id = fields.Many2one(
        "service.request", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    stage_id = fields.Many2one(
        "service.request.stage", required=True, index=True, ondelete="restrict", readonly=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.uid, readonly=True
    )
    duration = fields.Float(
        string="Hours",
        compute="_compute_duration",
        help="Hours until the next stage; until now for the current one.",
    )

    @api.depends("date", "request_id.stage_history_ids.date")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for history in self.request_id.mapped("stage_history_ids").grouped("request_id").values():
            ends = [*history.mapped("date")[1:], now]
            for step, end in zip(history, ends, strict=True):
                step.duration = (end - step.date).total_seconds() / 3600
