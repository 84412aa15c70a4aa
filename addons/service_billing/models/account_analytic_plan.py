from odoo import models


class AccountAnalyticPlan(models.Model):
    _inherit = "account.analytic.plan"

    def _has_mandatory(self):
        """Whether any plan may be mandatory: most companies have none, and need no look at lines."""
        project_plan, other_plans = self._get_all_plans()
        plans = project_plan + other_plans
        return "mandatory" in (
            plans.mapped("default_applicability") + plans.applicability_ids.mapped("applicability")
        )
