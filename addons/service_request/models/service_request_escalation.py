from odoo import api, fields, models


class ServiceRequest(models.Model):
    """What happened to a request because it waited too long."""

    _inherit = "service.request"

    escalation_ids = fields.One2many(
        "service.escalation", "request_id", domain=[("escalation_type", "!=", "silent")]
    )
    last_escalation_id = fields.Many2one(
        "service.escalation",
        compute="_compute_last_escalation_id",
        store=True,
        index="btree_not_null",
    )
    last_escalation_code = fields.Char(related="last_escalation_id.code", string="Escalation Code")
    last_escalation_category = fields.Char(
        related="last_escalation_id.category", string="Escalation Category"
    )
    last_escalation_date = fields.Datetime(related="last_escalation_id.date", string="Escalated on")
    last_escalation_type = fields.Selection(
        related="last_escalation_id.escalation_type", string="Escalation Type"
    )
    is_dead_end = fields.Boolean(related="last_escalation_id.is_dead_end")

    @api.depends("escalation_ids")
    def _compute_last_escalation_id(self):
        for request in self:
            request.last_escalation_id = request.escalation_ids.sorted("id")[-1:]

    def _find_escalation_targets(self, rule):
        """Who gets each request by an incremental rule; nobody where there is nobody above.

        :return: ``{request: res.users}``
        """
        nobody = self.env["res.users"]
        if rule.escalation_type != "incremental":
            return dict.fromkeys(self, nobody)
        managers = self._get_managers() if rule.target == "assignee_manager" else {}
        targets = {}
        for request in self:
            agency = request.dispatch_agency_id or request.agency_id
            found = {
                "user": rule.target_user_id,
                "queue_manager": request.queue_id.manager_id,
                "agency_manager": agency.manager_id,
                "assignee_manager": managers.get(request.user_id, nobody)
                if request.user_id
                else request.queue_id.manager_id or agency.manager_id,
            }[rule.target]
            targets[request] = found._filter_workers(request.company_id) - request.user_id
        return targets

    def _get_managers(self):
        """Return ``{assignee: the next one above who is a user}`` along the hierarchy."""
        employees = (
            self.env["hr.employee"].sudo().search([("user_id", "in", self.user_id.ids)], order="id")
        )
        managers = {}
        for employee in employees:
            above, seen = employee.parent_id, employee
            while above and above not in seen and not above.user_id.active:
                seen |= above
                above = above.parent_id
            if above not in seen and above.user_id.active:
                managers.setdefault(employee.user_id.sudo(False), above.user_id.sudo(False))
        return managers
