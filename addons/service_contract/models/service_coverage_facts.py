from odoo import api, models
from odoo.tools import SQL

from odoo.addons.installed_base.models.planned_query import PlannedQuery

from .coverage_rules import OTHERS_LISTED
from .service_coverage_lines import LINES
from .service_coverage_subjects import ITEM_KEYS, SUBJECTS

# What is asked of a contract as soon as it covers.
PROMISED = (
    "agency_id",
    "analytic_distribution",
    "commitment_terms",
    "company_id",
    "kind",
    "name",
    "resource_calendar_id",
)
FACTS = PlannedQuery(
    "service_cover_facts",
    SQL(
        "partner_ids int[], equipment_ids int[], component_ids int[], component_product_ids int[], "
        "competence_ids int[], site_ids int[], agency_ids int[], company_ids int[], "
        "own_company_id int, others int"
    ),
    SQL("subjects json, systems json, lines json"),
    SQL(
        """
        WITH RECURSIVE subject AS MATERIALIZED (%(subjects)s),
        owner AS (
            SELECT DISTINCT partner_id AS id FROM subject WHERE partner_id IS NOT NULL
        ),
        -- each machine, the system it is part of, the system of that, and so on
        machine AS (
            SELECT machine_id AS id, parent_id FROM subject WHERE machine_id IS NOT NULL
         UNION
            SELECT system.id, system.parent_id
              FROM machine
              JOIN service_equipment system ON system.id = machine.parent_id
        )
        SELECT (SELECT json_agg(subject) FROM subject),
               (SELECT json_agg(json_build_array(id, parent_id)) FROM machine),
               (SELECT json_agg(line) FROM (%(lines)s) line)
        """,
        subjects=SUBJECTS,
        lines=LINES,
    ),
)


class ServiceCoverageEngine(models.AbstractModel):
    """What the coverage engine reads: all that the rules decide on, in one query."""

    _inherit = "service.coverage.engine"

    def init(self):
        if not self._abstract:  # contracts
            FACTS.install(self)
        return super().init()

    @api.model
    def _read_cover_facts(self, items):
        """What the engine has to know of each item, and all coverage lines that may concern them.

        :return: the rows of ``SUBJECTS`` in the order of the items, and those of ``LINES``
        """
        self._flush_cover_facts()
        columns = [[item.get(key) or None for item in items] for key in ITEM_KEYS]
        [facts] = FACTS.get_rows(self.env, *columns, self.env.company.id, OTHERS_LISTED)
        subjects, lines = facts["subjects"], facts["lines"] or []
        self._complete_cover_subjects(subjects, items, dict(facts["systems"] or ()))
        self._complete_cover_lines(lines)
        self._remember_contracts(lines)
        return subjects, lines

    @api.model
    def _remember_contracts(self, lines):
        """Keep what was read of the contracts, so that it is not read again for what they cover."""
        contracts = self.env["service.contract"].browse(line["contract_id"] for line in lines)
        for name in PROMISED:
            contracts._fields[name]._insert_cache(contracts, [line[name] for line in lines])

    @api.model
    def _flush_cover_facts(self):
        """Write pending changes of what the query of the engine reads."""
        for model, names in {
            "service.contract": None,
            "service.contract.coverage": None,
            "service.contract.suspension": None,
            "service.competence": ["parent_path"],
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
