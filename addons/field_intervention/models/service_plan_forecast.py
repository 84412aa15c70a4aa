from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .plan_dates import SERVED_STATES, Rule, Situation, forecast, read_months

SEED_SIZE = 5000


class ServicePlan(models.Model):
    """Forecast visits: which machines a plan is for, and when each will be due.

    Machines and contracts carry a mark when their visits have to be looked at, so that the daily
    batch reads what changed and what is due, not all the machines there are.
    """

    _inherit = "service.plan"

    @api.model
    def _get_horizon(self):
        """How far visits are forecast: one year."""
        return fields.Date.context_today(self) + relativedelta(years=1)

    def _seed(self, until):
        """Forecast the visits of machines that are new to these plans, and give up the others."""
        self.env.flush_all()
        changed = self.filtered("is_pending")
        pairs = changed._find_pairs() + (self - changed)._find_pairs(only_new=True)
        self._give_up_visits(pairs)
        for chunk in split_every(SEED_SIZE, pairs, list):
            self._forecast(chunk, until)
        changed.is_pending = False

    def _give_up_visits(self, pairs):
        """Call off what these plans do not ask for any more: the machine is another product, the
        contract does not cover it, or the plan is for something else.

        :param pairs: what was found of plans, machines and contracts that changed
        """
        gone = self._find_given_up(pairs)
        if gone:
            gone._call_off(self.env._("Its plan does not ask for this visit any more."))
            # who is not visited now is not expected later either
            self._find_given_up(pairs)._stop()

    def _find_given_up(self, pairs):
        """The open visits of what changed that are none of the pairs.

        What is still to be made under a contract that is over stays.
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT visit.id
                  FROM service_plan_visit visit
                  JOIN service_plan plan ON plan.id = visit.plan_id
                  LEFT JOIN service_contract contract ON contract.id = visit.contract_id
                 WHERE visit.id IN (
                       SELECT visit.id FROM service_plan_visit visit
                         JOIN service_plan plan ON plan.id = visit.plan_id AND plan.is_pending
                    UNION ALL
                       SELECT visit.id FROM service_plan_visit visit
                         JOIN service_equipment machine
                           ON machine.id = visit.equipment_id AND machine.is_plan_pending
                    UNION ALL
                       SELECT visit.id FROM service_plan_visit visit
                         JOIN service_contract contract
                           ON contract.id = visit.contract_id AND contract.is_plan_pending)
                   AND visit.plan_id IN %(plans)s
                   AND visit.state NOT IN ('done', 'skipped')
                   AND (contract.id IS NULL OR contract.state = 'active')
                   AND NOT EXISTS (
                       SELECT FROM unnest(%(found)s::int[], %(machines)s::int[],
                                          %(contracts)s::int[])
                                   AS pair (plan_id, equipment_id, contract_id)
                        WHERE pair.plan_id = visit.plan_id
                              AND pair.equipment_id = visit.equipment_id
                              -- of a plan that changed all are found, under any contract
                              AND (plan.is_pending
                                   OR COALESCE(pair.contract_id, 0)
                                      = COALESCE(visit.contract_id, 0)))
                """,
                plans=tuple(self.ids) or (0,),
                found=[pair[0] for pair in pairs],
                machines=[pair[1] for pair in pairs],
                contracts=[pair[2] or None for pair in pairs],
            )
        )
        return self.env["service.plan.visit"].browse(id_ for (id_,) in found)

    def _find_pairs(self, only_new=False):
        """The machines that these plans are for.

        :param only_new: of machines and contracts that changed since the last time only
        :return: list of (plan id, equipment id, contract id or None)
        """
        by_contract = self.filtered(lambda p: p.contract_template_id or p.contract_id)
        pairs = by_contract._find_contract_pairs(only_new)
        others = self - by_contract
        if others:
            pairs += self.env.execute_query(
                SQL(
                    """
                    SELECT plan.id, machine.id, NULL::int
                      FROM service_plan plan
                      JOIN service_equipment machine
                        ON machine.product_id = plan.product_id
                       AND machine.company_id = plan.company_id
                     WHERE plan.id IN %(plans)s AND machine.active
                       AND machine.state IN %(served)s AND %(new)s
                    """,
                    plans=tuple(others.ids),
                    served=SERVED_STATES,
                    new=SQL("machine.is_plan_pending") if only_new else SQL("TRUE"),
                )
            )
        return pairs

    def _find_contract_pairs(self, only_new):
        if not self:
            return []
        contracts = self.env.execute_query(
            SQL(
                """
                SELECT plan.id, contract.id, contract.is_plan_pending
                  FROM service_plan plan
                  JOIN service_contract contract
                    ON contract.id = plan.contract_id
                    OR contract.template_id = plan.contract_template_id
                       AND contract.company_id = plan.company_id
                 WHERE plan.id IN %(plans)s AND contract.state = 'active' AND %(new)s
                """,
                plans=tuple(self.ids),
                new=self._get_changed_contracts_sql() if only_new else SQL("TRUE"),
            )
        )
        found = self.env["service.contract"].browse({id_ for _plan, id_, _new in contracts})
        covered = found.coverage_ids._find_equipment()
        machines = self.env["service.equipment"].search(
            [
                ("id", "in", [id_ for ids in covered.values() for id_ in ids]),
                ("state", "in", SERVED_STATES),
            ]
        )
        served = {machine.id: machine for machine in machines}
        plans = {plan.id: plan for plan in self}
        return [
            (plan_id, machine_id, contract_id)
            for plan_id, contract_id, is_new in contracts
            for machine_id in covered.get(contract_id, ())
            if machine_id in served
            and (is_new or not only_new or served[machine_id].is_plan_pending)
            and plans[plan_id].product_id
            in (served[machine_id].product_id, self.env["product.product"])
        ]

    def _get_changed_contracts_sql(self):
        """Contracts that changed, and those of the machines that did."""
        return SQL(
            """(contract.is_plan_pending OR contract.id IN (
                   SELECT party.contract_id
                     FROM service_equipment machine
                     JOIN service_contract_party_rel party
                       ON party.partner_id = machine.partner_id
                    WHERE machine.is_plan_pending
                UNION
                   SELECT coverage.contract_id
                     FROM service_equipment machine
                     JOIN service_contract_coverage coverage
                       ON coverage.equipment_id IN (machine.id, machine.parent_id)
                    WHERE machine.is_plan_pending
                UNION
                   SELECT visit.contract_id
                     FROM service_equipment machine
                     JOIN service_plan_visit visit ON visit.equipment_id = machine.id
                    WHERE machine.is_plan_pending))"""
        )

    def _forecast(self, pairs, until):
        """Replace the forecasts of machines by what is to be expected now.

        :param pairs: list of (plan id, equipment id, contract id or None)
        :param until: last day of the horizon; the next visit is forecast even if it is later
        """
        if not pairs:
            return
        self.env.flush_all()
        today = fields.Date.context_today(self)
        rules = {plan.id: plan._get_rule() for plan in self.browse({pair[0] for pair in pairs})}
        rows = []
        for plan_id, machine_id, contract_id, *situation in self._read_situations(pairs):
            for visit in forecast(rules[plan_id], Situation(*situation), today, until):
                rows.append((plan_id, machine_id, contract_id, *visit))
        self._write_forecasts(pairs, rows)

    def _get_rule(self):
        self.ensure_one()
        return Rule(
            self.trigger,
            self.date_start,
            self.interval,
            self.interval_unit,
            self.meter_step,
            read_months(self.season),
            self.is_regulatory,
            self.tolerance_days,
            self.visit_limit,
        )

    def _read_situations(self, pairs):
        """Rows of (plan id, equipment id, contract id, \\*Situation), in one query.

        A machine that is not served any more, or whose contract is not in force, has none.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT pair.plan_id, machine.id, contract.id,
                       COALESCE(machine.commissioning_date, machine.installation_date,
                                machine.delivery_date),
                       contract.date_start,
                       LEAST(contract.date_end, contract.termination_date - 1),
                       COALESCE(last.occurrence, 0), last.due_date, last.done_date,
                       COALESCE(last.done_meter, last.due_meter),
                       COALESCE(made.number, 0),
                       meter.value::float, meter.last_reading_date::date,
                       COALESCE(meter.average_per_day, 0)::float,
                       planned.due_meter::float
                  FROM unnest(%(plans)s::int[], %(machines)s::int[], %(contracts)s::int[])
                       AS pair (plan_id, equipment_id, contract_id)
                  JOIN service_plan plan ON plan.id = pair.plan_id AND plan.active
                  JOIN service_equipment machine
                    ON machine.id = pair.equipment_id AND machine.active
                   AND machine.state IN %(served)s
                  LEFT JOIN service_contract contract ON contract.id = pair.contract_id
                  LEFT JOIN LATERAL (
                        SELECT occurrence, due_date, done_date, done_meter, due_meter
                          FROM service_plan_visit visit
                         WHERE visit.plan_id = pair.plan_id
                               AND visit.equipment_id = pair.equipment_id
                               AND visit.state <> 'forecast'
                         ORDER BY occurrence DESC
                         LIMIT 1
                       ) last ON TRUE
                  LEFT JOIN LATERAL (
                        SELECT due_meter
                          FROM service_plan_visit visit
                         WHERE visit.plan_id = pair.plan_id
                               AND visit.equipment_id = pair.equipment_id
                               AND visit.state = 'forecast'
                         ORDER BY occurrence
                         LIMIT 1
                       ) planned ON TRUE
                  LEFT JOIN LATERAL (
                        SELECT COUNT(*) AS number
                          FROM service_plan_visit visit
                         WHERE pair.contract_id IS NOT NULL
                               AND visit.plan_id = pair.plan_id
                               AND visit.equipment_id = pair.equipment_id
                               AND visit.contract_id = pair.contract_id
                               AND visit.state NOT IN ('forecast', 'skipped')
                       ) made ON TRUE
                  LEFT JOIN LATERAL (
                        SELECT value, last_reading_date, average_per_day
                          FROM service_meter
                         WHERE equipment_id = pair.equipment_id AND active
                               AND type_id = plan.meter_type_id
                               AND last_reading_date IS NOT NULL
                         ORDER BY id
                         LIMIT 1
                       ) meter ON TRUE
                 WHERE pair.contract_id IS NULL OR contract.state = 'active'
                """,
                plans=[pair[0] for pair in pairs],
                machines=[pair[1] for pair in pairs],
                contracts=[pair[2] or None for pair in pairs],
                served=SERVED_STATES,
            )
        )

    def _write_forecasts(self, pairs, rows):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM service_plan_visit visit
                 USING unnest(%s::int[], %s::int[]) AS pair (plan_id, equipment_id)
                 WHERE visit.plan_id = pair.plan_id AND visit.equipment_id = pair.equipment_id
                       AND visit.state = 'forecast'
                """,
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
            )
        )
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO service_plan_visit (
                           plan_id, equipment_id, contract_id, occurrence, due_date, due_meter,
                           company_id, partner_id, site_id, agency_id, release_date, latest_date,
                           state, create_uid, create_date, write_uid, write_date)
                    SELECT row.plan_id, machine.id, row.contract_id, row.occurrence, row.due_date,
                           row.due_meter, machine.company_id, machine.partner_id, machine.site_id,
                           machine.agency_id, row.due_date - plan.lead_days,
                           row.due_date + plan.tolerance_days, 'forecast',
                           %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM unnest(%(plans)s::int[], %(machines)s::int[], %(contracts)s::int[],
                                  %(occurrences)s::int[], %(dates)s::date[], %(meters)s::numeric[])
                           AS row (plan_id, equipment_id, contract_id, occurrence, due_date,
                                   due_meter)
                      JOIN service_plan plan ON plan.id = row.plan_id
                      JOIN service_equipment machine ON machine.id = row.equipment_id
                        ON CONFLICT (plan_id, equipment_id, occurrence) DO NOTHING
                    """,
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                    plans=columns[0],
                    machines=columns[1],
                    contracts=columns[2],
                    occurrences=columns[3],
                    dates=columns[4],
                    meters=columns[5],
                )
            )
        self.env["service.plan.visit"].invalidate_model(flush=False)
        self.invalidate_recordset(["visit_ids"], flush=False)

    @api.model
    def _forget_marks(self):
        """The machines and contracts that changed were looked at."""
        self.env.flush_all()
        for model in ("service.equipment", "service.contract"):
            # all the machines of an import are not read to forget that they are new
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET is_plan_pending = FALSE WHERE is_plan_pending",
                    SQL.identifier(self.env[model]._table),
                )
            )
            self.env[model].invalidate_model(["is_plan_pending"], flush=False)
