from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .coverage_rules import costs_points, refusal_of_life

# Empty numbers are NULL in the database.
COUNTS = ("request_limit", "priority")
AMOUNTS = (
    "parts_rate",
    "labor_rate",
    "travel_rate",
    "hour_limit",
    "amount_limit",
    "free_hours",
    "deductible",
    "points_per_request",
    "points_per_hour",
    "points_per_amount",
    "points_balance",
    "meter_limit",
)
DAYS = ("date_start", "date_end", "termination_date")

# What may concern each ``machine`` and ``owner``, tables of the query around this: the lines that
# name the machine, the lines of the owner's contracts that name no machine, and a few lines about
# other machines of the owner, which are only listed as such. (The LIMIT 1 of a primary key keeps
# the planner from reading a whole table because many lines were found.)
LINES = SQL(
    """
        WITH found AS (
            SELECT id
              FROM service_contract_coverage
             WHERE equipment_id = ANY(ARRAY(SELECT id FROM machine))
         UNION
            SELECT coverage.id
              FROM owner
              JOIN service_contract_party_rel party ON party.partner_id = owner.id
              JOIN service_contract_coverage coverage
                ON coverage.contract_id = party.contract_id
               AND coverage.scope != 'equipment'
         UNION
            SELECT other.id
              FROM owner
        CROSS JOIN LATERAL (
                    SELECT coverage.id
                      FROM service_contract_party_rel party
                      JOIN service_contract contract
                        ON contract.id = party.contract_id AND contract.state = 'active'
                      JOIN service_contract_coverage coverage
                        ON coverage.contract_id = contract.id
                       AND coverage.scope = 'equipment'
                     WHERE party.partner_id = owner.id
                  ORDER BY party.contract_id, coverage.id
                     LIMIT others
                   ) other
        )
        SELECT line.*
          FROM found
    CROSS JOIN LATERAL (
                    SELECT coverage.id,
                           coverage.contract_id,
                           coverage.scope,
                           coverage.equipment_id,
                           coverage.product_id,
                           coverage.product_category_id,
                           coverage.component_category_id,
                           coverage.is_exclusion,
                           coverage.site_id,
                           coverage.date_start,
                           LEAST(coverage.date_end, contract.termination_date - 1)
                               AS date_end,
                           coverage.covered_by_id,
                           coverage.parts_rate,
                           coverage.labor_rate,
                           coverage.travel_rate,
                           coverage.request_limit,
                           coverage.hour_limit,
                           coverage.amount_limit::float8 AS amount_limit,
                           coverage.free_hours,
                           coverage.deductible::float8 AS deductible,
                           coverage.points_per_request,
                           coverage.points_per_hour,
                           coverage.points_per_amount,
                           coverage.meter_type_id,
                           coverage.meter_limit::float8 AS meter_limit,
                           contract.name,
                           contract.kind,
                           contract.state,
                           contract.company_id,
                           contract.priority,
                           contract.agency_id,
                           contract.resource_calendar_id,
                           contract.analytic_distribution,
                           contract.commitment_terms,
                           contract.termination_date,
                           contract.termination_reason,
                           contract.points_balance,
                           contract.allow_overdraft,
                           (SELECT json_agg(json_build_array(date_start, date_end, reason))
                              FROM service_contract_suspension
                             WHERE contract_id = contract.id) AS suspensions,
                           ARRAY(SELECT partner_id FROM service_contract_party_rel
                                  WHERE contract_id = contract.id) AS party_ids,
                           ARRAY(SELECT competence_id
                                   FROM service_contract_coverage_competence_rel
                                  WHERE coverage_id = coverage.id) AS competence_ids,
                           ARRAY(SELECT product_id
                                   FROM service_contract_coverage_component_rel
                                  WHERE coverage_id = coverage.id) AS component_ids
                      FROM service_contract_coverage coverage
                      JOIN service_contract contract ON contract.id = coverage.contract_id
                     WHERE coverage.id = found.id
                     LIMIT 1
                   ) line
      ORDER BY line.id
    """
)


class ServiceCoverageEngine(models.AbstractModel):
    """What the coverage engine knows of the promises: coverage lines, their use, their meters."""

    _inherit = "service.coverage.engine"

    @api.model
    def _complete_cover_lines(self, lines):
        """Make rows of ``LINES`` what the rules calculate with: numbers and days."""
        for line in lines:
            line.update({name: line[name] or 0 for name in COUNTS})
            line.update({name: float(line[name] or 0) for name in AMOUNTS})
            line.update({name: _get_day(line[name]) for name in DAYS})
            line["suspensions"] = [
                (_get_day(start), _get_day(end), reason)
                for start, end, reason in line["suspensions"] or ()
            ]

    @api.model
    def _read_cover_usage(self, lines, date, items):
        """Put what is used of its limits on each line that has limits and is in force.

        Points that those who ask hold already are still theirs to use.
        """
        costing = [line for line in lines if costs_points(line)]
        if costing:
            contracts = sorted({line["contract_id"] for line in costing})
            held = self._coverage_reserved_points(contracts, items)
            for line in costing:
                line["points_balance"] += held.get(line["contract_id"], 0.0)
        limited = {
            line["id"]: line
            for line in lines
            if (line["request_limit"] or line["hour_limit"] or line["amount_limit"])
            and not refusal_of_life(line, date)
        }
        if not limited:
            return
        period = {
            coverage_id: (line["date_start"], line["date_end"])
            for coverage_id, line in limited.items()
        }
        for coverage_id, used in self._coverage_used_by_others(
            list(limited), period, items
        ).items():
            limited[coverage_id]["used"] = used

    @api.model
    def _read_cover_meters(self, subjects, lines, date):
        """Put what the meters read on a day on each subject, where a line asks for it.

        What counts is all that the machine has run, across counters that were exchanged or started
        again at zero. Of several meters of a type the highest counts; a machine without one takes
        that of its system.
        """
        types = sorted({line["meter_type_id"] for line in lines if line["meter_limit"]} - {None})
        machines = sorted({machine for subject in subjects for machine in subject["lineage"]})
        if not types or not machines:
            return
        readings = self.env["service.meter"]._read_totals(machines, types, date)
        for subject in subjects:
            for machine in reversed(subject["lineage"]):
                subject["meters"].update(readings.get(machine, {}))


def _get_day(text):
    return date.fromisoformat(text) if text else None
