from odoo import models


class ServiceContract(models.Model):
    """Where the company has an analytic plan for contracts, each has its own account."""

    _inherit = "service.contract"

    def _activate(self):
        result = super()._activate()
        self._open_analytic_accounts()
        return result

    def _open_analytic_accounts(self):
        """Give an account to those that have no distribution yet."""
        # whoever puts a contract into force need not have rights on accounting
        new_sudo = self.sudo().filtered(
            lambda c: c.company_id.service_contract_plan_id and not c.analytic_distribution
        )
        accounts_sudo = self.env["account.analytic.account"].sudo()
        accounts_sudo = accounts_sudo.create(
            [
                {
                    "name": contract.name,
                    "plan_id": contract.company_id.service_contract_plan_id.id,
                    "partner_id": contract.partner_id.id,
                    "company_id": contract.company_id.id,
                }
                for contract in new_sudo
            ]
        )
        for contract, account in zip(new_sudo, accounts_sudo, strict=True):
            contract.analytic_distribution = {str(account.id): 100}
