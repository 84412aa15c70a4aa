from odoo import fields, models

ACCOUNT_READERS = "account.group_account_invoice,installed_base.group_service_manager"


class ServiceAnalyticOwner(models.AbstractModel):
    """What has an analytic account of its own, where the company has a plan for such things."""

    _name = "service.analytic.owner"
    _description = "Owner of an Analytic Account"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNT_READERS,
        help="Made by itself when something is to be counted there first.",
    )

    def _get_analytic_plan(self, company):
        """The account.analytic.plan of these in a company, or none."""
        return company.env["account.analytic.plan"]

    def _prepare_analytic_account(self):
        """Further values of the account of one of these."""
        self.ensure_one()
        return {}

    def _open_analytic_accounts(self, company):
        """Give an account to those that have none yet.

        :param company: res.company whose plan counts
        """
        plan = self._get_analytic_plan(company.sudo())
        # whoever takes a call or puts a contract into force need not have rights on accounting
        new_sudo = self.sudo().filtered(lambda owner: plan and not owner.analytic_account_id)
        if not new_sudo:
            return
        accounts_sudo = self.env["account.analytic.account"].sudo()
        accounts_sudo = accounts_sudo.create(
            [
                {
                    "name": owner.display_name,
                    "plan_id": plan.id,
                    "company_id": owner.company_id.id,
                    **owner._prepare_analytic_account(),
                }
                for owner in new_sudo
            ]
        )
        for owner, account in zip(new_sudo, accounts_sudo, strict=True):
            owner.analytic_account_id = account


class AnalyticMixin(models.AbstractModel):
    _inherit = "analytic.mixin"

    def _get_distribution_with(self, accounts):
        """The distribution with each account in the parts that have none of its plan yet.

        :param accounts: account.analytic.account
        :return: dict, or False for nothing at all
        """
        self.ensure_one()
        if not accounts:
            return self.analytic_distribution
        everything = accounts.sudo()
        distribution = {}
        for ids, percent in (self.analytic_distribution or {"": 100}).items():
            part = everything.browse(int(one) for one in ids.split(",") if one)
            for account in accounts.sudo():
                if account.root_plan_id not in part.root_plan_id:
                    part += account
            key = ",".join(map(str, part.ids))
            distribution[key] = distribution.get(key, 0.0) + percent
        return distribution

    def _get_distribution_without(self, accounts):
        """The distribution with none of some accounts in its parts; False when nothing is left.

        :param accounts: account.analytic.account
        """
        self.ensure_one()
        dropped = set(accounts.ids)
        distribution = {}
        for ids, percent in (self.analytic_distribution or {}).items():
            key = ",".join(one for one in ids.split(",") if int(one) not in dropped)
            if key:
                distribution[key] = distribution.get(key, 0.0) + percent
        return distribution or False

    def _lacks_plan(self, plan):
        """Whether some part of the distribution has no account of a plan."""
        self.ensure_one()
        accounts = self.env["account.analytic.account"].sudo()
        return not self.analytic_distribution or any(
            plan.root_id not in accounts.browse(map(int, ids.split(","))).root_plan_id
            for ids in self.analytic_distribution
        )
