import ast

from odoo import fields, models


class ServiceQueue(models.Model):
    """A waiting line of requests that several people serve."""

    _name = "service.queue"
    _description = "Service Queue"
    _inherit = ["mail.alias.mixin.optional"]
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
    alias_id = fields.Many2one(help="An e-mail to this address becomes a request in the queue.")
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

    def write(self, vals):
        result = super().write(vals)
        if {"agency_id", "company_id"} & set(vals):
            for queue in self.filtered("alias_id"):
                queue.alias_id.sudo().alias_defaults = queue._prepare_alias_defaults()
        return result

    def action_view_requests(self):
        """Open the open requests that wait in this queue."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {**action, "domain": [("queue_id", "in", self.ids), ("state", "=", "open")]}

    def _filter_best(self, request):
        """The queue among these that a request goes to: one of its own agency first."""
        company, agency = request.company_id, request.agency_id
        return self.filtered(lambda q: q.active and q.company_id == company).sorted(
            lambda q: (q.agency_id != agency, bool(q.agency_id), q.sequence, q.id)
        )[:1]

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("service.request")
        if self.id:
            values["alias_defaults"] = self._prepare_alias_defaults()
        return values

    def _prepare_alias_defaults(self):
        """What a request that comes by e-mail starts with."""
        defaults = ast.literal_eval(self.alias_defaults or "{}")
        defaults.update(queue_id=self.id, company_id=self.company_id.id)
        # an empty agency would keep the request from finding its own
        defaults.pop("agency_id", None)
        if self.agency_id:
            defaults["agency_id"] = self.agency_id.id
        return defaults
