from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL


class ServiceContract(models.Model):
    """What requests used of a contract, which of its commitments were kept, what it cost us."""

    _inherit = "service.contract"

    def _conformity_facts(self):
        facts = super()._conformity_facts()
        contracts_sudo = self._origin.sudo()
        for name, by_contract in (
            ("requests", contracts_sudo._count_requests()),
            ("hours", contracts_sudo._sum_hours()),
            ("judged", contracts_sudo._count_commitments(("met", "failed"))),
            ("kept", contracts_sudo._count_commitments(("met",))),
            ("cost", contracts_sudo._sum_cost()),
        ):
            for contract_id, value in by_contract.items():
                facts[contract_id][name] = value
        return facts

    def _get_requests_query(self):
        """The (contract_id, request_id) of what is, or was, done under these contracts."""
        self.env["service.request.equipment"].flush_model(["contract_id", "request_id"])
        self.env["service.request"].flush_model(["contract_id", "state"])
        self.env["service.consumption"].flush_model(["contract_id", "request_id", "state"])
        return SQL(
            """
            SELECT used.contract_id, used.request_id
              FROM (
                    SELECT contract_id, request_id FROM service_request_equipment
                     WHERE contract_id = ANY(%(ids)s)
                 UNION
                    SELECT contract_id, id FROM service_request WHERE contract_id = ANY(%(ids)s)
                 UNION
                    SELECT contract_id, request_id FROM service_consumption
                     WHERE contract_id = ANY(%(ids)s) AND state != 'cancelled'
                   ) used
              JOIN service_request request ON request.id = used.request_id
             WHERE request.state != 'cancelled'
            """,
            ids=self.ids,
        )

    def _count_requests(self):
        query = SQL(
            "SELECT contract_id, COUNT(*) FROM (%s) asked GROUP BY contract_id",
            self._get_requests_query(),
        )
        return dict(self.env.execute_query(query))

    def _sum_hours(self):
        """Hours of labour that were done, whoever pays them."""
        hour = self.env.ref("uom.product_uom_hour")
        hours = defaultdict(float)
        for contract, uom, quantity in self.env["service.consumption"]._read_group(
            [("contract_id", "in", self.ids), ("kind", "=", "labor"), ("state", "=", "done")],
            ["contract_id", "uom_id"],
            ["quantity:sum"],
        ):
            if uom._has_common_reference(hour):
                hours[contract.id] += uom._compute_quantity(quantity, hour, round=False)
        return hours

    def _count_commitments(self, sla_states):
        """How many requests that these contracts gave a deadline to ended in one of the states."""
        counts = self.env["service.request"]._read_group(
            [("commitment_contract_id", "in", self.ids), ("sla_state", "in", sla_states)],
            ["commitment_contract_id"],
            ["__count"],
        )
        return {contract.id: count for contract, count in counts}

    def _sum_cost(self):
        """What was done under these contracts, at the cost of its products.

        The share that the customer or a third party pays is no cost of the contract. In the
        currency of each contract.
        """
        costs = defaultdict(float)
        rows = self._read_quantities_borne()
        by_company = defaultdict(set)
        for _contract_id, product_id, company_id, _quantity in rows:
            by_company[company_id].add(product_id)
        price = {
            (company_id, product.id): product.standard_price
            for company_id, ids in by_company.items()
            for product in self.env["product.product"].with_company(company_id).browse(ids)
        }
        for contract_id, product_id, company_id, quantity in rows:
            contract = self.browse(contract_id)
            costs[contract_id] += (
                self.env["res.company"]
                .browse(company_id)
                .currency_id._convert(
                    price[company_id, product_id] * quantity,
                    contract.currency_id,
                    contract.company_id,
                    fields.Date.context_today(self),
                    round=False,
                )
            )
        return {
            contract_id: self.browse(contract_id).currency_id.round(cost)
            for contract_id, cost in costs.items()
        }

    def _read_quantities_borne(self):
        """List of (contract id, product id, company id, quantity that we bear ourselves)."""
        self.env["service.consumption"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT used.contract_id, used.product_id, used.company_id,
                       SUM(used.quantity * uom.factor / own.factor
                           * CASE WHEN used.amount_consumed > 0
                                  THEN (used.amount_borne - COALESCE(used.amount_covered, 0)
                                        + COALESCE(used.amount_third_party, 0))
                                       / used.amount_consumed
                                  WHEN used.amount_to_invoice > 0 THEN 0
                                  ELSE 1
                             END)::float8
                  FROM service_consumption used
                  JOIN uom_uom uom ON uom.id = used.uom_id
                  JOIN product_product product ON product.id = used.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                 WHERE used.contract_id = ANY(%s) AND used.state = 'done'
              GROUP BY used.contract_id, used.product_id, used.company_id
                """,
                self.ids,
            )
        )

    def action_view_requests(self):
        """Open the requests that are, or were, done under these contracts."""
        rows = self.env.execute_query(self.sudo()._get_requests_query())
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {**action, "domain": [("id", "in", [row[1] for row in rows])], "context": {}}
