from odoo import api, fields, models


class ServiceRequestClose(models.TransientModel):
    """Asks what becomes of the consumptions that are not done when requests are closed."""

    _name = "service.request.close"
    _description = "Close Requests"

    request_ids = fields.Many2many("service.request", string="Requests", required=True)
    consumption_ids = fields.Many2many(
        "service.consumption", string="Not Done", compute="_compute_consumption_ids"
    )
    undone = fields.Selection(
        [("done", "They are done"), ("cancel", "Cancel them")],
        string="What should happen to them?",
        required=True,
        default="done",
    )

    @api.depends("request_ids")
    def _compute_consumption_ids(self):
        for wizard in self:
            wizard.consumption_ids = wizard.request_ids._get_undone_consumptions()

    def action_close(self):
        """Close the requests as answered."""
        self.request_ids.action_close(undone=self.undone)
        return {"type": "ir.actions.act_window_close"}
