from odoo import models


class AccountAnalyticPlan(models.Model):
    _inherit = "account.analytic.plan"

    def _has_mandatory(self):
        """Whether any plan may be mandatory; without one no line need be looked at."""
        project_plan, other_plans = self._get_all_plans()
        plans = project_plan + other_plans
        return "mandatory" in (
            plans.mapped("default_applicability") + plans.applicability_ids.mapped("applicability")
        )
