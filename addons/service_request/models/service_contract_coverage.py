from odoo import models

from odoo.addons.service_contract.models.coverage_rules import RATES

LIMITS = {"requests": "request_limit", "hours": "hour_limit", "amount": "amount_limit"}


class ServiceContractCoverage(models.Model):
    """What coverage lines promise to those who chose their contract by hand."""

    _inherit = "service.contract.coverage"

    def _answer_by_hand(self, used, used_up=False):
        """What this line promises, as an answer of ``_judge``; nothing once a limit is used up.

        :param used: what is used of its limits: ``requests``, ``hours``, ``amount``
        :param used_up: others asked before for the last requests
        """
        self.ensure_one()
        remaining = {
            name: self[limit] - used.get(name, 0) if self[limit] else None
            for name, limit in LIMITS.items()
        }
        if used_up:
            remaining["requests"] = 0
        over = [name for name, left in remaining.items() if left is not None and left <= 0]
        if over:
            return self._refuse_by_hand(LIMITS[over[0]])
        by_points = self.contract_id.kind == "points"
        rates = {kind: 100.0 if by_points else self[f"{kind}_rate"] for kind in RATES}
        return {
            "status": "contract",
            "contract_id": self.contract_id.id,
            "coverage_id": self.id,
            "covered_by_id": self.covered_by_id.id,
            "rates": rates,
            "points": self.points_per_request if any(rates.values()) else 0.0,
            "free_hours": self.free_hours,
            "deductible": self.deductible,
            "remaining": remaining,
        }

    def _refuse_by_hand(self, limit):
        """The answer once a limit is used up: it uses nothing of this line."""
        argument = {"request_limit": "limit", "hour_limit": "hours", "amount_limit": "amount"}
        return {
            "status": "contract",
            "contract_id": self.contract_id.id,
            "coverage_id": False,
            "rates": dict.fromkeys(RATES, 0.0),
            "remaining": dict.fromkeys(LIMITS),
            "reason_code": limit,
            "reason_args": {"contract": self.contract_id.name, argument[limit]: self[limit]},
        }
