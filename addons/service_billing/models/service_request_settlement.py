from odoo import api, fields, models


class ServiceRequest(models.Model):
    """When the invoices of a request are due, and what was paid of them."""

    _inherit = "service.request"

    due_line_ids = fields.Many2many(
        "account.move.line",
        string="Due Dates",
        compute="_compute_settlement",
        compute_sudo=True,
        groups="account.group_account_invoice",
    )
    payment_ids = fields.Many2many(
        "account.payment",
        string="Payments",
        compute="_compute_settlement",
        compute_sudo=True,
        groups="account.group_account_invoice",
    )

    @api.depends("invoice_ids")
    def _compute_settlement(self):
        for request in self:
            posted = request.invoice_ids.filtered(lambda move: move.state == "posted")
            due = posted.line_ids.filtered(lambda line: line.display_type == "payment_term")
            request.due_line_ids = due.sorted("date_maturity")
            request.payment_ids = posted.reconciled_payment_ids.sorted("date")
