from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_cover_blocked_customer = fields.Boolean(
        string="Cover Blocked Customers",
        help="Contracts cover a customer even while service is blocked for it.",
    )
    service_cover_over_credit = fields.Boolean(
        string="Cover Customers Over Their Credit Limit",
        default=True,
        help="Contracts cover a customer even while it owes more than its credit limit.",
    )
