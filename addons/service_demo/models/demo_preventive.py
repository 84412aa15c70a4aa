from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from ..catalogue.preventive import OPERATIONS, PLANS

PLANNED = 6  # visits that have a technician and a date already


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_operations(self):
        """What is checked and measured, with the limits of good values; and always reported."""
        operations = self._make(
            "service.operation.template",
            {
                key: {
                    "name": names[0],
                    "instruction": instruction and instruction[0],
                    "kind": "measure" if limits else "check",
                    "unit": limits and limits[0],
                    "value_min": limits and limits[1],
                    "value_max": limits and limits[2],
                    "is_mandatory": is_mandatory,
                    "planned_hours": hours,
                }
                for key, (names, instruction, limits, is_mandatory, hours) in OPERATIONS.items()
            },
            "operation",
        )
        self._translate(operations, [names for names, *_other in OPERATIONS.values()])
        told = {key: texts[1] for key, texts in OPERATIONS.items() if texts[1]}
        self._translate(self._refs("operation", told), told.values(), "instruction")
        natures = self.env["service.intervention.nature"]
        natures.search([("is_report_required", "=", False)]).is_report_required = True

    @api.model
    def _create_plans(self):
        """A plan for each trigger, and what was done before the plans were written down."""
        plans = self._make("service.plan", {key: self._prepare_plan(key) for key in PLANS}, "plan")
        self._translate(plans, [names for names, *_other in PLANS.values()])
        self._remember_past_visits(self._ref("plan_wall_boiler") | self._ref("plan_burner"))
        plans._generate_visits(plans._get_horizon())
        plans._alert_about_missed()
        self._plan_some_visits(plans)

    def _prepare_plan(self, key):
        names, target, rule, (hours, competence, creates), operations, parts = PLANS[key]
        meter = rule.get("meter")
        return {
            "name": names[0],
            "company_id": self._ref("company").id,
            "user_id": self._ref("user_sophie").id,
            "product_id": self._ref(f"product_{target['product']}").id,
            "contract_template_id": "template" in target
            and self._ref(f"template_{target['template']}").id,
            "contract_id": "contract" in target
            and self._ref(f"maintenance_{target['contract']}").id,
            "date_start": self._day(rule.get("since", -400)),
            **{name: value for name, value in rule.items() if name not in ("meter", "since")},
            "meter_type_id": meter
            and self.env.ref(f"installed_base.service_meter_type_{meter}").id,
            "planned_hours": hours,
            "competence_id": self._ref(f"competence_{competence}").id,
            "creates": creates,
            "request_type_id": self.env.ref("service_request.service_request_type_preventive").id,
            "operation_template_ids": [Command.set(self._refs("operation", operations).ids)],
            "part_ids": [
                Command.create({"product_id": self._ref(f"part_{part}").id, "quantity": quantity})
                for part, quantity in parts.items()
            ],
        }

    def _remember_past_visits(self, plans):
        """The last visit of each machine, in the year that is over; two were forgotten since."""
        rng = self._random()
        visits = []
        for plan in plans:
            machines = self._model("service.equipment").search(
                [("product_id", "=", plan.product_id.id), ("state", "=", "in_service")]
            )
            for number, machine in enumerate(machines):
                day = self._day(-390 if number < 2 else -rng.randint(20, 355))
                visits.append(
                    {
                        "plan_id": plan.id,
                        "equipment_id": machine.id,
                        "occurrence": 1,
                        "due_date": day,
                        "state": "done",
                        "done_date": self._day(-rng.randint(0, 6) + (day - self._today()).days),
                    }
                )
        self._model("service.plan.visit").create(visits)

    def _plan_some_visits(self, plans):
        """The dispatchers gave the first visits to their technicians; the others wait."""
        visits = plans.visit_ids.intervention_id.sorted("id")[:PLANNED]
        for number, visit in enumerate(visits):
            mine = visit.with_user(visit.agency_id.manager_id)
            team = self._get_able_technicians(visit.request_id, self._model("hr.employee"))
            start = self._at(self._day(4 + 3 * number), 8)
            technician = team.filtered(
                lambda t, start=start: not t._get_busy_time(start, start + timedelta(hours=3))[t]
            )[:1]
            if technician:
                mine.action_plan(
                    technician.id,
                    start,
                    version=mine.version,
                    conflict_reason=self._get_excuse(mine, technician),
                )
                mine.is_fixed = number % 2 == 0
