from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.installed_base.models.planned_query import PlannedQuery

from .coverage_rules import path_upwards

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
# (The LIMIT 1 of a primary key keeps the planner from reading a whole table because many items are
# asked about.)
SUBJECTS = PlannedQuery(
    "service_cover_subjects",
    # those of ITEM_KEYS, and where an item names no company
    SQL(
        "partner_ids int[], equipment_ids int[], component_ids int[], component_product_ids int[], "
        "competence_ids int[], site_ids int[], agency_ids int[], company_ids int[], "
        "own_company_id int"
    ),
    SQL(
        "partner_id int, customer varchar, blocked boolean, block_reason varchar, "
        "company_id int, covers_blocked boolean, covers_over_credit boolean, "
        "prefers_points boolean, site_id int, product_id int, category_path varchar, "
        "machine_id int, parent_id int, component_id int, "
        "component_category_path varchar, competence_id int, competence_path varchar"
    ),
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
                 FROM unnest(
                          partner_ids, equipment_ids, component_ids, component_product_ids,
                          competence_ids, site_ids, agency_ids, company_ids)
                      WITH ORDINALITY AS raw (
                          partner_id, equipment_id, component_id, component_product_id,
                          competence_id, site_id, agency_id, company_id, position)
            LEFT JOIN LATERAL (
                           SELECT equipment_id, product_id
                             FROM service_equipment_component
                            WHERE id = raw.component_id
                            LIMIT 1
                      ) component ON TRUE
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
                  competence.parent_path AS competence_path
             FROM item
        LEFT JOIN LATERAL (
                       SELECT * FROM service_equipment WHERE id = item.equipment_id LIMIT 1
                  ) machine ON TRUE
        LEFT JOIN product_category category ON category.id = machine.product_categ_id
        LEFT JOIN LATERAL (
                       SELECT commercial_partner_id, service_agency_id
                         FROM res_partner
                        WHERE id = COALESCE(item.partner_id, machine.partner_id)
                        LIMIT 1
                  ) partner ON TRUE
        LEFT JOIN LATERAL (
                       SELECT * FROM res_partner WHERE id = partner.commercial_partner_id
                        LIMIT 1
                  ) owner ON TRUE
        LEFT JOIN res_company company
               ON company.id = COALESCE(item.company_id, machine.company_id, own_company_id)
        LEFT JOIN service_agency agency
               ON agency.id = COALESCE(
                   item.agency_id, machine.agency_id, partner.service_agency_id)
        LEFT JOIN LATERAL (
                       SELECT template.categ_id
                         FROM product_product product
                         JOIN product_template template
                           ON template.id = product.product_tmpl_id
                        WHERE product.id = item.component_id
                        LIMIT 1
                  ) component ON TRUE
        LEFT JOIN product_category component_category
               ON component_category.id = component.categ_id
        LEFT JOIN service_competence competence ON competence.id = item.competence_id
         ORDER BY item.position
        """
    ),
)


class ServiceCoverageEngine(models.AbstractModel):
    """What the coverage engine is asked about: machines, their places, their owners."""

    _inherit = "service.coverage.engine"

    def init(self):
        if not self._abstract:  # contracts
            SUBJECTS.install(self)
        return super().init()

    @api.model
    def _read_cover_subjects(self, items):
        """What the engine has to know of each item, in one query."""
        self._flush_cover_facts()
        columns = [[item.get(key) or None for item in items] for key in ITEM_KEYS]
        rows = SUBJECTS.get_rows(self.env, *columns, self.env.company.id)
        parents = self._read_cover_systems(rows)
        for row, item in zip(rows, items, strict=True):
            row["used_up"] = frozenset(item.get("used_up", ()))
            row["spent"] = item.get("spent", {})
            row["lineage"] = _climb(row.pop("machine_id"), parents)
            row["categories"] = path_upwards(row.pop("category_path"))
            row["component_categories"] = path_upwards(row.pop("component_category_path"))
            row["competences"] = set(path_upwards(row.pop("competence_path")))
            row["over_credit"] = False
            row["meters"] = {}
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


def _climb(machine, parents):
    """A machine, the system it is part of, the system of that, and so on."""
    lineage = []
    while machine and machine not in lineage:
        lineage.append(machine)
        machine = parents.get(machine)
    return lineage
