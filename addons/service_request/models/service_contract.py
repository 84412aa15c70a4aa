from odoo import models


class ServiceContract(models.Model):
    _inherit = "service.contract"

    def _manual_rates(self):
        """Rates of a contract that somebody chose by hand, whatever its scopes say.

        The best promise of the contract applies; a contract without promises covers all.

        :return: dict of percents ``{"parts", "labor", "travel"}``
        """
        promises = self.coverage_ids.filtered(lambda coverage: not coverage.is_exclusion)
        if not promises:
            return {"parts": 100.0, "labor": 100.0, "travel": 100.0}
        best = max(promises, key=lambda c: (c.parts_rate + c.labor_rate + c.travel_rate, -c.id))
        return {"parts": best.parts_rate, "labor": best.labor_rate, "travel": best.travel_rate}
