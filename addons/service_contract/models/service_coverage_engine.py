"""The coverage engine: what do the contracts cover on a day, for how much, and why.

:meth:`ServiceCoverageEngine._cover` reads the facts of all items, then all coverage lines that may
concern them, each in one query; the rules (``coverage_rules``) decide on what was read. The answer
depends on the data and the date only, and no item's answer depends on another item.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .coverage_rules import OTHERS_LISTED, costs_points, decide, path_upwards, refusal_of_life
from .coverage_sentences import CoverageSentences

ITEM_KEYS = (
    "partner_id",
    "equipment_id",
    "component_id",
    "component_product_id",
    "competence_id",
    "site_id",
    "agency_id",
    "company_id",
)
# Empty numbers are NULL in the database.
LINE_NUMBERS = (
    "parts_rate",
    "labor_rate",
    "travel_rate",
    "request_limit",
    "hour_limit",
    "amount_limit",
    "free_hours",
    "deductible",
    "points_per_request",
    "points_per_hour",
    "points_per_amount",
    "points_balance",
    "priority",
)


class ServiceCoverageEngine(models.AbstractModel):
    """What the contracts cover: ``self.env["service.contract"]._cover(items, date)``."""

    _name = "service.coverage.engine"
    _description = "Coverage Engine"

    @api.model
    def _cover(self, items, date):
        """Say what the contracts cover.

        Reads with the rights of the system: the answer holds ids and sentences, no prices.

        :param items: list of dicts of ids with the keys ``partner_id``, ``equipment_id``,
            ``component_product_id``, ``component_id``, ``competence_id``, ``site_id``, all optional
            (a machine gives its customer and site, a component its product and machine); further
            ``company_id`` and ``agency_id`` (default: the machine's, else the environment's company
            and the customer's agency); other keys are for upper addons: they say who asks
        :param date: the day to judge
        :return: list of dicts, one for each item in its order: ``status`` (``full``, ``partial``,
            ``none``), ``coverage_id``, ``contract_id``, ``covered_by_id`` (ids or False), ``rates``
            (``parts``, ``labor``, ``travel`` in percent), ``points`` (flat), ``free_hours``,
            ``deductible``, ``remaining`` (``requests``, ``hours``, ``amount``; None: no limit),
            ``reason`` (a sentence) and ``rejected``, a list of dicts with ``contract_id``,
            ``coverage_id``, ``code`` (``coverage_rules.REJECTIONS``) and ``reason``
        """
        if not items:
            return []
        date = fields.Date.to_date(date)
        subjects = self._read_cover_subjects(items)
        lines = self._read_cover_lines(subjects)
        self._read_cover_usage(lines, date, items)
        self._read_cover_debts(subjects)
        book = self._index_cover_lines(lines)
        say = CoverageSentences(self.env)
        return [decide(subject, book, date, say) for subject in subjects]

    @api.model
    def _coverage_usage(self, coverage_ids, period):
        """What has been used of the limits of coverage lines; upper addons add to it.

        :param coverage_ids: list of ids of service.contract.coverage
        :param period: ``{coverage id: (first day, last day or None)}``, the days that count
        :return: ``{coverage id: {"requests": int, "hours": float, "amount": float}}``
        """
        return {
            coverage_id: {"requests": 0, "hours": 0.0, "amount": 0.0}
            for coverage_id in coverage_ids
        }

    @api.model
    def _coverage_own_usage(self, coverage_ids, period, items):
        """What those who ask used themselves of the limits; upper addons add to it.

        :param items: items of ``_cover``
        :return: as of ``_coverage_usage``, lines of which nothing was used left out
        """
        return {}

    @api.model
    def _coverage_used_by_others(self, coverage_ids, period, items):
        """What has been used of the limits, apart from what those who ask used themselves."""
        usage = self._coverage_usage(coverage_ids, period)
        for coverage_id, own in self._coverage_own_usage(coverage_ids, period, items).items():
            for name, value in own.items():
                usage[coverage_id][name] -= value
        return usage

    @api.model
    def _coverage_reserved_points(self, contract_ids, items):
        """Points that those who ask hold already; upper addons add to it.

        :param contract_ids: list of ids of service.contract
        :param items: items of ``_cover``
        :return: ``{contract id: points}``
        """
        return {}

    # === WHAT IS ASKED === #

    @api.model
    def _read_cover_subjects(self, items):
        """What the engine has to know of each item, in one query."""
        self._flush_cover_facts()
        company = self.env.company.id
        columns = [[item.get(key) or None for item in items] for key in ITEM_KEYS]
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH item AS (
                    SELECT raw.position,
                           raw.partner_id,
                           raw.competence_id,
                           raw.site_id,
                           raw.agency_id,
                           raw.company_id,
                           COALESCE(raw.equipment_id, component.equipment_id) AS equipment_id,
                           COALESCE(raw.component_product_id, component.product_id) AS component_id
                      FROM unnest(%(columns)s) WITH ORDINALITY AS raw (
                               partner_id, equipment_id, component_id, component_product_id,
                               competence_id, site_id, agency_id, company_id, position)
                 LEFT JOIN service_equipment_component component ON component.id = raw.component_id
                )
                SELECT owner.id AS partner_id,
                       owner.name AS customer,
                       COALESCE(owner.service_blocked, FALSE) AS blocked,
                       owner.service_block_reason AS block_reason,
                       company.id AS company_id,
                       company.service_cover_blocked_customer AS covers_blocked,
                       company.service_cover_over_credit
                           OR NOT COALESCE(company.account_use_credit_limit, FALSE)
                           AS covers_over_credit,
                       COALESCE(agency.prefer_points_on_partial, FALSE) AS prefers_points,
                       COALESCE(item.site_id, machine.site_id) AS site_id,
                       machine.product_id,
                       category.parent_path AS category_path,
                       machine.id AS machine_id,
                       machine.parent_id,
                       item.component_id,
                       component_category.parent_path AS component_category_path,
                       item.competence_id,
                       competence.parent_path AS competence_path,
                       %(competence_name)s AS competence
                  FROM item
             LEFT JOIN service_equipment machine ON machine.id = item.equipment_id
             LEFT JOIN product_category category ON category.id = machine.product_categ_id
             LEFT JOIN res_partner partner
                    ON partner.id = COALESCE(item.partner_id, machine.partner_id)
             LEFT JOIN res_partner owner ON owner.id = partner.commercial_partner_id
             LEFT JOIN res_company company
                    ON company.id = COALESCE(item.company_id, machine.company_id, %(company)s)
             LEFT JOIN service_agency agency
                    ON agency.id = COALESCE(
                        item.agency_id, machine.agency_id, partner.service_agency_id)
             LEFT JOIN product_product component ON component.id = item.component_id
             LEFT JOIN product_template component_template
                    ON component_template.id = component.product_tmpl_id
             LEFT JOIN product_category component_category
                    ON component_category.id = component_template.categ_id
             LEFT JOIN service_competence competence ON competence.id = item.competence_id
              ORDER BY item.position
                """,
                columns=SQL(", ").join(SQL("%s::int[]", column) for column in columns),
                company=company,
                competence_name=self.env["service.competence"]._field_to_sql("competence", "name"),
            )
        )
        parents = self._read_cover_systems(rows)
        for row in rows:
            row["lineage"] = _climb(row.pop("machine_id"), parents)
            row["categories"] = path_upwards(row.pop("category_path"))
            row["component_categories"] = path_upwards(row.pop("component_category_path"))
            row["competences"] = set(path_upwards(row.pop("competence_path")))
            row["over_credit"] = False
        return rows

    @api.model
    def _read_cover_systems(self, rows):
        """Return ``{machine id: id of the system it is part of}`` for machines and their systems.

        One query for each level of systems, none where no machine is part of one. (A recursive
        query would be one for all, but is estimated so badly that PostgreSQL compiles it.)
        """
        parents = {row["machine_id"]: row["parent_id"] for row in rows}
        while unknown := sorted(set(filter(None, parents.values())) - set(parents)):
            query = SQL("SELECT id, parent_id FROM service_equipment WHERE id = ANY(%s)", unknown)
            parents.update(self.env.execute_query(query))
        return parents

    @api.model
    def _flush_cover_facts(self):
        """Write pending changes of what the two queries of the engine read."""
        for model, names in {
            "service.contract": None,
            "service.contract.coverage": None,
            "service.competence": ["name", "parent_path"],
            "service.agency": ["prefer_points_on_partial"],
            "service.equipment": [
                "agency_id",
                "company_id",
                "parent_id",
                "partner_id",
                "product_categ_id",
                "product_id",
                "site_id",
            ],
            "service.equipment.component": ["equipment_id", "product_id"],
            "res.partner": [
                "commercial_partner_id",
                "name",
                "service_agency_id",
                "service_block_reason",
                "service_blocked",
            ],
            "res.company": [
                "account_use_credit_limit",
                "service_cover_blocked_customer",
                "service_cover_over_credit",
            ],
            "product.product": ["product_tmpl_id"],
            "product.template": ["categ_id"],
            "product.category": ["parent_path"],
        }.items():
            self.env[model].flush_model(names)

    @api.model
    def _read_cover_debts(self, subjects):
        """Mark the customers over their credit limit, where the company does not cover them."""
        by_company = defaultdict(list)
        for subject in subjects:
            if subject["partner_id"] and not subject["covers_over_credit"]:
                by_company[subject["company_id"]].append(subject)
        for company_id, asking in by_company.items():
            company = self.env["res.company"].browse(company_id)
            owners = self.env["res.partner"].browse({s["partner_id"] for s in asking})
            # what customers owe is for accounting: only the verdict leaves this method
            owners_sudo = owners.sudo().with_company(company)
            debtors = {
                owner.id
                for owner in owners_sudo
                if owner.credit_limit and owner.credit > owner.credit_limit
            }
            for subject in asking:
                subject["over_credit"] = subject["partner_id"] in debtors

    # === WHAT IS PROMISED === #

    @api.model
    def _read_cover_lines(self, subjects):
        """All coverage lines that may concern the subjects, in one query.

        These are the lines that name one of the machines or its systems, the lines of the
        customers' contracts that name no machine, and a few lines about other machines of the
        customers, which are only listed as such. (The LIMIT 1 of a primary key keeps the planner
        from reading a whole table because many lines were found.)
        """
        owners = sorted({subject["partner_id"] for subject in subjects} - {None})
        machines = sorted({machine for subject in subjects for machine in subject["lineage"]})
        if not owners:
            return []
        lines = self.env.execute_query_dict(
            SQL(
                """
                WITH found AS (
                    SELECT id FROM service_contract_coverage WHERE equipment_id = ANY(%(machines)s)
                 UNION
                    SELECT coverage.id
                      FROM service_contract_party_rel party
                      JOIN service_contract_coverage coverage
                        ON coverage.contract_id = party.contract_id
                       AND coverage.scope != 'equipment'
                     WHERE party.partner_id = ANY(%(owners)s)
                 UNION
                    SELECT other.id
                      FROM unnest(%(owners)s) owner (id)
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
                             LIMIT %(others)s
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
                                   coverage.date_end,
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
                                   contract.name,
                                   contract.kind,
                                   contract.state,
                                   contract.company_id,
                                   contract.priority,
                                   contract.suspension_date,
                                   contract.suspension_reason,
                                   contract.termination_date,
                                   contract.termination_reason,
                                   contract.points_balance,
                                   contract.allow_overdraft,
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
                """,
                owners=owners,
                machines=machines,
                others=OTHERS_LISTED,
            )
        )
        for line in lines:
            line.update({name: line[name] or 0 for name in LINE_NUMBERS})
        return lines

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
    def _index_cover_lines(self, lines):
        """Lines by (company, party, scope, target), and by (company, party)."""
        targets = {
            "equipment": "equipment_id",
            "product": "product_id",
            "category": "product_category_id",
        }
        book = defaultdict(list)
        for line in lines:
            target = line[targets[line["scope"]]] if line["scope"] in targets else False
            for party in line["party_ids"]:
                book[line["company_id"], party].append(line)
                book[line["company_id"], party, line["scope"], target].append(line)
        return book


def _climb(machine, parents):
    """A machine, the system it is part of, the system of that, and so on."""
    lineage = []
    while machine and machine not in lineage:
        lineage.append(machine)
        machine = parents.get(machine)
    return lineage
