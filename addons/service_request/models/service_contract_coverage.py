from odoo import models

LIMITS = {"requests": "request_limit", "hours": "hour_limit", "amount": "amount_limit"}


class ServiceContractCoverage(models.Model):
    _inherit = "service.contract.coverage"

    def _answer_by_hand(self, used):
        """What this line promises to somebody who chose it, as an answer of ``_cover``.

        :param used: what is used of its limits: ``requests``, ``hours``, ``amount``
        """
        self.ensure_one()
        remaining = {
            name: self[limit] - used.get(name, 0) if self[limit] else None
            for name, limit in LIMITS.items()
        }
        by_points = self.contract_id.kind == "points"
        rates = {
            kind: 100.0 if by_points else self[f"{kind}_rate"]
            for kind in ("parts", "labor", "travel")
        }
        if any(left is not None and left <= 0 for left in remaining.values()):
            rates = dict.fromkeys(rates, 0.0)
        return {
            "contract_id": self.contract_id.id,
            "coverage_id": self.id,
            "covered_by_id": self.covered_by_id.id,
            "rates": rates,
            "points": self.points_per_request if any(rates.values()) else 0.0,
            "free_hours": self.free_hours,
            "deductible": self.deductible,
            "remaining": remaining,
        }
