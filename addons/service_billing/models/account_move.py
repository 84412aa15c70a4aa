from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    service_request_ids = fields.Many2many(
        "service.request", string="Service Requests", compute="_compute_service_request_ids"
    )
    service_request_count = fields.Integer(compute="_compute_service_request_ids")

    @api.depends("invoice_line_ids.service_consumption_ids")
    def _compute_service_request_ids(self):
        for move in self:
            move.service_request_ids = move.invoice_line_ids.service_consumption_ids.request_id
            move.service_request_count = len(move.service_request_ids)

    def action_view_service_requests(self):
        """Open the requests that this invoice bills."""
        return self.service_request_ids._get_records_action(name=self.env._("Requests"))
