from odoo import fields, models


class ServiceEscalation(models.Model):
    """That a rule acted on a request, once for each cause. Append-only."""

    _name = "service.escalation"
    _description = "Escalation"
    _inherit = ["service.append.only"]
    _order = "id desc"
    _rec_name = "rule_id"

    request_id = fields.Many2one(
        "service.request", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    rule_id = fields.Many2one(
        "service.escalation.rule", required=True, index=True, ondelete="restrict", readonly=True
    )
    code = fields.Char(related="rule_id.code")
    category = fields.Char(related="rule_id.category")
    escalation_type = fields.Selection(related="rule_id.escalation_type", store=True)
    cause = fields.Char(
        required=True, readonly=True, help="The rule does not act twice for the same cause."
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    from_user_id = fields.Many2one("res.users", string="From", readonly=True)
    to_user_id = fields.Many2one("res.users", string="To", readonly=True)
    action_taken = fields.Char(readonly=True)
    is_dead_end = fields.Boolean(
        string="Dead End", readonly=True, help="There was nobody above to escalate to."
    )

    _cause_uniq = models.Constraint(
        "unique(request_id, rule_id, cause)", "This rule acted for this cause already."
    )
