from odoo import fields, models


class ServiceQueue(models.Model):
    """A waiting line of requests that several people serve."""

    _name = "service.queue"
    _description = "Service Queue"
    _check_company_auto = True
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    agency_id = fields.Many2one("service.agency", index="btree_not_null", check_company=True)
    user_ids = fields.Many2many(
        "res.users", "service_queue_res_users_rel", "queue_id", "user_id", string="Members"
    )
    manager_id = fields.Many2one("res.users", index="btree_not_null")
    competence_ids = fields.Many2many(
        "service.competence",
        "service_competence_queue_rel",
        "queue_id",
        "competence_id",
        string="Competences",
        help="Requests of these competences come here when nobody competent can take them.",
    )
    open_count = fields.Integer(string="Open Requests", compute="_compute_open_count")

    _code_company_uniq = models.Constraint(
        "unique(company_id, code)", "Another queue of this company has this code."
    )

    def _compute_open_count(self):
        counts = dict(
            self.env["service.request"]._read_group(
                [("queue_id", "in", self.ids), ("state", "=", "open")], ["queue_id"], ["__count"]
            )
        )
        for queue in self:
            queue.open_count = counts.get(queue, 0)

    def action_view_requests(self):
        """Open the open requests that wait in this queue."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {**action, "domain": [("queue_id", "in", self.ids), ("state", "=", "open")]}
