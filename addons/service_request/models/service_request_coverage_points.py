from collections import defaultdict

from odoo import api, models
from odoo.tools import float_compare


class ServiceRequest(models.Model):
    """Requests that ask at once share the points of a contract: first come, first covered."""

    _inherit = "service.request"

    @api.model
    def _find_poor(self, requests, items, answers):
        """Who comes too late for the points of a contract. (Who chose it by hand is told later.)

        :param requests: list of the request of each item
        :param items: items of ``_decide_coverage``
        :param answers: what they were answered
        :return: ``{position: {"spent": points}}``, to be added to the items that are asked again
        """
        costs = {
            position: cost
            for position, request in self._sort_by_turn(requests)
            if (cost := request._get_flat_cost(items[position], answers[position]))
        }
        if len(costs) < 2:
            return {}
        contracts_sudo = (
            self.env["service.contract"]
            .sudo()
            .browse({answers[position]["contract_id"] for position in costs})
        )
        held = contracts_sudo._coverage_reserved_points(contracts_sudo.ids, items)
        left = {
            contract.id: contract.points_balance + held.get(contract.id, 0.0)
            for contract in contracts_sudo
            if not contract.allow_overdraft
        }
        taken = defaultdict(float)
        poor = {}
        for position, cost in costs.items():
            item, contract_id = items[position], answers[position]["contract_id"]
            needed = taken[contract_id] + cost
            if (
                contract_id in left
                and "chosen_id" not in item
                and float_compare(needed, left[contract_id], precision_digits=2) > 0
            ):
                poor[position] = {
                    "spent": {**item.get("spent", {}), contract_id: taken[contract_id]}
                }
            else:
                taken[contract_id] = needed
        return poor

    def _get_flat_cost(self, item, answer):
        """The points that this request reserves for an item: components cost none of their own."""
        self.ensure_one()
        if self.state == "cancelled" or item.get("component_product_id"):
            return 0.0
        return answer.get("points", 0.0)
