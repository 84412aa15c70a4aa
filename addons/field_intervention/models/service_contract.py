from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .plan_dates import SERVED_STATES

ONE_DAY = timedelta(days=1)


class ServiceContract(models.Model):
    """The preventive visits that a contract promises."""

    _inherit = "service.contract"

    plan_visit_ids = fields.One2many("service.plan.visit", "contract_id", string="Due Visits")
    plan_visit_count = fields.Integer(
        string="Visits Promised",
        compute="_compute_plan_visits",
        help="Preventive visits: done, missed, and to come within the next year.",
    )
    plan_visit_done_count = fields.Integer(string="Visits Done", compute="_compute_plan_visits")
    plan_ids = fields.Many2many(
        "service.plan",
        string="Visit Plans",
        compute="_compute_plan_ids",
        compute_sudo=True,
        help="The plans that make the preventive visits of the contract: its own, and those of its "
        "template.",
    )
    is_plan_pending = fields.Boolean(
        default=True,
        copy=False,
        help="The preventive visits of the contract have to be forecast anew.",
    )

    _plan_pending_idx = models.Index("(id) WHERE is_plan_pending")

    @api.depends("template_id", "company_id")
    def _compute_plan_ids(self):
        plans = self.env["service.plan"].search(
            Domain("contract_id", "in", self._origin.ids)
            | Domain("contract_template_id", "in", self.template_id.ids)
        )
        for contract in self:
            contract.plan_ids = plans.filtered(
                lambda plan, contract=contract: (
                    plan.contract_id == contract._origin
                    if plan.contract_id
                    else plan.contract_template_id == contract.template_id
                    and plan.company_id == contract.company_id
                )
            )

    def _activate(self):
        """The visits of contracts that come into force are forecast at once, not in the night."""
        result = super()._activate()
        if self.plan_ids:
            self.env.ref("field_intervention.ir_cron_generate_visits").sudo()._trigger()
        return result

    def action_plan_visits(self):
        """Open a new plan for the visits of this contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Visit Plan"),
            "res_model": "service.plan",
            "view_mode": "form",
            "context": {
                "default_contract_id": self.id,
                "default_name": self.env._("Visits of %(contract)s", contract=self.display_name),
                "default_date_start": self.date_start,
            },
        }

    def _conformity_facts(self):
        facts = super()._conformity_facts()
        waiting = (
            self.env["service.plan.visit"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "in", self._origin.ids),
                    ("state", "in", ("forecast", "due", "scheduled")),
                ],
                ["contract_id"],
                ["due_date:min"],
            )
        )
        for contract, next_visit in waiting:
            facts[contract.id]["next_visit"] = next_visit
        for contract_id, number in self._origin.sudo()._count_interventions().items():
            facts[contract_id]["interventions"] = number
        return facts

    def _count_interventions(self):
        """How many interventions were done for the requests of these contracts."""
        self.env["service.intervention"].flush_model(["request_id", "state"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT used.contract_id, COUNT(*)
                      FROM (%s) used
                      JOIN service_intervention intervention
                        ON intervention.request_id = used.request_id
                       AND intervention.state IN ('done', 'to_resume')
                  GROUP BY used.contract_id
                    """,
                    self._get_requests_query(),
                )
            )
        )

    def _compute_plan_visits(self):
        counts = {
            (contract, state): number
            for contract, state, number in self.env["service.plan.visit"]
            .sudo()
            ._read_group(
                [("contract_id", "in", self._origin.ids), ("state", "!=", "skipped")],
                ["contract_id", "state"],
                ["__count"],
            )
        }
        for contract in self:
            own = [(state, n) for (owner, state), n in counts.items() if owner == contract._origin]
            contract.plan_visit_count = sum(number for _state, number in own)
            contract.plan_visit_done_count = sum(n for state, n in own if state == "done")

    def write(self, vals):
        """Visits are made while the contract is in force, for the machines that it names."""
        if {"state", "date_start", "date_end", "termination_date", "coverage_ids"} & set(vals):
            vals = {**vals, "is_plan_pending": True}
        result = super().write(vals)
        if vals.get("state", "active") != "active":
            self.sudo().plan_visit_ids._stop()
        if "state" in vals:
            self.sudo()._hand_on_plans()
        if {"state", "date_end", "termination_date"} & set(vals):
            self.sudo()._call_off_visits()
            self.sudo()._call_back_visits()
        return result

    def _look_at_visits(self):
        """Have the daily batch look whom these contracts have visited now."""
        self.filtered(lambda contract: not contract.is_plan_pending).is_plan_pending = True

    def _hand_on_plans(self):
        """The own plans of a contract that is over go on under the one that it was renewed as."""
        followed = (self | self.successor_ids).filtered(
            lambda contract: (
                contract.state == "active"
                and contract.previous_contract_id.state in ("expired", "terminated")
            )
        )
        successor = {contract.previous_contract_id: contract for contract in followed}
        plans = self.env["service.plan"].search(
            [("contract_id", "in", followed.previous_contract_id.ids)]
        )
        for contract, own in plans.grouped("contract_id").items():
            own.contract_id = successor[contract]
        followed.invalidate_recordset(["plan_ids"])

    def _call_off_visits(self):
        """What is to come beyond the last day of these contracts is not owed any more."""
        coming = self.env["service.plan.visit"].search(
            [
                ("contract_id", "in", self.ids),
                ("state", "in", ("forecast", "due", "scheduled")),
            ]
        )
        for contract, visits in coming.grouped("contract_id").items():
            last_day = contract._get_last_visit_day()
            beyond = visits.filtered(
                lambda visit, last_day=last_day: (
                    last_day and visit.due_date and visit.due_date > last_day
                )
            )
            if beyond:
                beyond._call_off(
                    self.env._(
                        "%(contract)s promises no visit after %(day)s.",
                        contract=contract.display_name,
                        day=format_date(self.env, last_day),
                    )
                )
                beyond.exists()._stop()

    def _call_back_visits(self):
        """What was called off and is to come after all is due again: an end that was withdrawn."""
        called_off = self.env["service.plan.visit"].search(
            [
                ("contract_id", "in", self.filtered(lambda c: c.state == "active").ids),
                ("state", "=", "skipped"),
                ("is_called_off", "=", True),
                ("due_date", ">=", fields.Date.context_today(self)),
                ("equipment_id.state", "in", SERVED_STATES),
            ]
        )
        last_day = {contract: contract._get_last_visit_day() for contract in called_off.contract_id}
        called_off.filtered(
            lambda visit: visit.due_date <= (last_day[visit.contract_id] or visit.due_date)
        ).action_reopen()

    def _get_last_visit_day(self):
        """The last day on which a visit may be due; False without an end."""
        self.ensure_one()
        if self.state in ("draft", "suspended"):
            return fields.Date.context_today(self) - ONE_DAY
        ends = (self.date_end, self.termination_date and self.termination_date - ONE_DAY)
        return min(filter(None, ends), default=False)

    def action_view_visits(self):
        """Open the visits that these contracts promise."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_intervention.service_plan_visit_action"
        )
        return {**action, "domain": [("contract_id", "in", self.ids)], "context": {}}
