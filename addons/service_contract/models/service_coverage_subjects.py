from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

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
# Each item with what the rules have to know of it, out of arrays of ITEM_KEYS and the company where
# an item names none. (The LIMIT 1 of a primary key keeps the planner from reading a whole table
# because many items are asked about.)
SUBJECTS = SQL(
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
)


class ServiceCoverageEngine(models.AbstractModel):
    """What the coverage engine is asked about: machines, their places, their owners."""

    _inherit = "service.coverage.engine"

    @api.model
    def _complete_cover_subjects(self, subjects, items, parents):
        """Put the item and the systems of its machine on each row of ``SUBJECTS``.

        :param parents: ``{machine id: id of the system it is part of}``
        """
        for subject, item in zip(subjects, items, strict=True):
            subject["used_up"] = frozenset(item.get("used_up", ()))
            subject["spent"] = item.get("spent", {})
            subject["lineage"] = _climb(subject.pop("machine_id"), parents)
            subject["categories"] = path_upwards(subject.pop("category_path"))
            subject["component_categories"] = path_upwards(subject.pop("component_category_path"))
            subject["competences"] = set(path_upwards(subject.pop("competence_path")))
            subject["over_credit"] = False
            subject["meters"] = {}

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
