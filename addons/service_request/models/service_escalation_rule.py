import ast
import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_request_deadline import AT_RISK

_logger = logging.getLogger(__name__)


class ServiceEscalationRule(models.Model):
    """When a request has waited too long, and what happens then."""

    _name = "service.escalation.rule"
    _description = "Escalation Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for all companies.")
    category = fields.Char(translate=True, help="Shown beside the code on the request.")
    severity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], required=True, default="medium"
    )
    escalation_type = fields.Selection(
        [("silent", "Silent"), ("logged", "Logged"), ("incremental", "Incremental")],
        required=True,
        default="logged",
        help="Silent: only the action runs. Logged: it is seen in the history of the request. "
        "Incremental: the request is also given to somebody with more responsibility.",
    )
    domain = fields.Char(default="[]", required=True, help="Which requests the rule is about.")
    trigger = fields.Selection(
        [
            ("overdue", "Overdue by (% of the time allowed)"),
            ("unassigned", "Without assignee for (hours)"),
            ("stage", "In the same stage for (hours)"),
            ("response", "Without response for (hours)"),
        ],
        required=True,
        default="overdue",
    )
    threshold = fields.Float(
        help="Hours, or percent of the time between call and deadline: 0 when the deadline is "
        "over, 50 when half of that time has gone since, -25 when a quarter of it is left."
    )
    condition = fields.Char(
        string="When",
        compute="_compute_condition",
        help="What the trigger and its threshold mean, in words.",
    )
    action_server_id = fields.Many2one(
        "ir.actions.server",
        string="Action",
        domain="[('model_id.model', '=', 'service.request')]",
        help="Runs for all requests that the rule finds at once.",
    )
    target = fields.Selection(
        [
            ("assignee_manager", "Manager of the assignee"),
            ("queue_manager", "Manager of the queue"),
            ("agency_manager", "Manager of the agency"),
            ("user", "A user"),
        ],
        default="assignee_manager",
        help="Who gets the request of an incremental escalation.",
    )
    target_user_id = fields.Many2one("res.users", domain="[('share', '=', False)]")
    once = fields.Boolean(
        default=True,
        help="Only once in the life of a request; otherwise again after a new deadline, "
        "assignment or stage.",
    )
    last_error = fields.Char(readonly=True, help="Why the rule failed when it ran last.")

    _code_uniq = models.Constraint("unique(code)", "Another escalation rule has this code.")
    _target_given = models.Constraint(
        "CHECK (escalation_type != 'incremental' OR target IS NOT NULL"
        " AND (target != 'user' OR target_user_id IS NOT NULL))",
        "An incremental escalation needs somebody to escalate to.",
    )

    @api.depends_context("lang")
    @api.depends("trigger", "threshold")
    def _compute_condition(self):
        for rule in self:
            rule.condition = rule._explain_condition()

    def _explain_condition(self):
        """When this rule finds a request, in words."""
        self.ensure_one()
        if self.trigger == "unassigned":
            return self.env._("Without assignee for %(hours)g h", hours=self.threshold)
        if self.trigger == "stage":
            return self.env._("In the same stage for %(hours)g h", hours=self.threshold)
        if self.trigger == "response":
            return self.env._("Without response for %(hours)g h", hours=self.threshold)
        if self.threshold < 0:
            return self.env._("%(left)g %% of the time is left", left=-self.threshold)
        if self.threshold:
            return self.env._("Late by %(late)g %% of the time allowed", late=self.threshold)
        return self.env._("The deadline is over")

    @api.model
    def _cron_escalate(self):
        """Escalate what each rule finds; a rule that fails says so and does not stop the others."""
        for rule in self.search([("active", "=", True)]):
            try:
                with self.env.cr.savepoint():
                    rule._escalate()
                    self.env.flush_all()
                error = False
            except Exception as exception:
                self.env.invalidate_all(flush=False)
                _logger.exception("Escalation rule %s failed", rule.code)
                error = str(exception)
            if rule.last_error != error:
                rule.last_error = error

    def _escalate(self):
        """Run this rule: act on the requests that it finds, and remember that it did."""
        self.ensure_one()
        causes = self._find_causes()
        requests = self.env["service.request"].browse(causes)
        if not requests:
            return
        targets = requests._find_escalation_targets(self)
        self.env["service.escalation"].create(
            [
                {
                    "rule_id": self.id,
                    "request_id": request.id,
                    "cause": causes[request.id],
                    "from_user_id": request.user_id.id,
                    "to_user_id": targets[request].id,
                    "is_dead_end": self.escalation_type == "incremental" and not targets[request],
                    "action_taken": self.action_server_id.name,
                }
                for request in requests
            ]
        )
        for user, group in requests.grouped(targets.get).items():
            if user:
                group.write({"assignment": "user", "user_id": user.id, "queue_id": False})
                group.assigned_by_hand = True
        if self.action_server_id:
            self.action_server_id.with_context(
                active_model="service.request", active_ids=requests.ids, active_id=requests.ids[0]
            ).run()

    def _find_causes(self):
        """Requests that this rule must act on now, in one query.

        :return: ``{request id: cause}``; for the same cause a rule acts only once
        """
        self.env["service.request"].flush_model()
        self.env["service.escalation"].flush_model()
        self.env["service.request.stage.history"].flush_model()
        query = self.env["service.request"]._search(self._get_request_domain())
        cause = SQL("'once'") if self.once else self._get_cause_sql()
        query.add_where(self._get_trigger_sql())
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT 1 FROM service_escalation e
                     WHERE e.request_id = service_request.id AND e.rule_id = %s AND e.cause = %s
                )""",
                self.id,
                cause,
            )
        )
        query.order = SQL("service_request.id")
        return dict(self.env.execute_query(query.select(SQL("service_request.id"), cause)))

    def _get_request_domain(self):
        domain = Domain("state", "=", "open") & Domain(ast.literal_eval(self.domain))
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        if self.trigger != "stage":
            # while we wait for the customer only the waiting itself may be too long
            domain &= Domain("paused_since", "=", False)
        if self.trigger == "unassigned":
            domain &= Domain("user_id", "=", False) & Domain("assignment", "!=", "sales")
        elif self.trigger == "response":
            domain &= Domain("first_response_date", "=", False)
        elif self.trigger == "overdue" and self.threshold >= 0:
            domain &= Domain("deadline", "<=", fields.Datetime.now())
        return domain

    def _get_trigger_sql(self):
        now, threshold = fields.Datetime.now(), self.threshold
        since = {
            "unassigned": SQL("COALESCE(service_request.assign_date, service_request.date)"),
            "response": SQL("service_request.date"),
            "stage": SQL(
                "(SELECT max(h.date) FROM service_request_stage_history h"
                " WHERE h.request_id = service_request.id)"
            ),
        }
        if self.trigger == "overdue":
            return SQL("%s <= %s", self._get_overdue_sql(), now)
        return SQL("%s + %s * interval '1 hour' <= %s", since[self.trigger], threshold, now)

    def _get_overdue_sql(self):
        """When the share of the time allowed is over, by the calendar that promised it.

        Before the deadline the calendar is known by the date from which the request is at risk.
        """
        share, last = self.threshold / 100, 1 - AT_RISK
        columns = {
            name: SQL.identifier("service_request", name)
            for name in ("date", "at_risk_date", "deadline")
        }
        if share < -last:
            return SQL(
                "%(date)s + (%(at_risk_date)s - %(date)s) * %(share)s",
                share=(1 + share) / AT_RISK,
                **columns,
            )
        start = columns["at_risk_date" if share < 0 else "date"]
        return SQL(
            "%(deadline)s + (%(deadline)s - %(start)s) * %(share)s",
            start=start,
            share=share / last if share < 0 else share,
            **columns,
        )

    def _get_cause_sql(self):
        return {
            "overdue": SQL("service_request.deadline::text"),
            "unassigned": SQL("COALESCE(service_request.assign_date, service_request.date)::text"),
            "response": SQL("service_request.date::text"),
            "stage": SQL(
                "(SELECT max(h.id)::text FROM service_request_stage_history h"
                " WHERE h.request_id = service_request.id)"
            ),
        }[self.trigger]
