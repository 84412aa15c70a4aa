from odoo import models


class ServiceContract(models.Model):
    """Where the company has an analytic plan for contracts, each in force has an account."""

    _name = "service.contract"
    _inherit = ["service.contract", "service.analytic.owner"]

    def _get_analytic_plan(self, company):
        return company.service_contract_plan_id

    def _prepare_analytic_account(self):
        return {"partner_id": self.partner_id.id}

    def copy_data(self, default=None):
        """A copy, a renewal or a successor gets accounts of its own once it is in force."""
        data = super().copy_data(default)
        for contract, values in zip(self.sudo(), data, strict=True):
            if values.get("analytic_distribution") == contract.analytic_distribution:
                customer = contract.partner_id.commercial_partner_id
                values["analytic_distribution"] = contract._get_distribution_without(
                    contract.analytic_account_id
                    + customer._get_customer_account(contract.company_id)
                )
        return data

    def _activate(self):
        result = super()._activate()
        self._count_on_own_accounts()
        return result

    def _count_on_own_accounts(self):
        """Count what these bring in and cost for themselves and for their customers."""
        for company, contracts in self.sudo().grouped("company_id").items():
            plan = company.service_contract_plan_id
            contracts.filtered(lambda c, p=plan: c._lacks_plan(p))._open_analytic_accounts(company)
            customers = contracts.partner_id.commercial_partner_id
            customers._open_analytic_accounts(company)
            for contract in contracts:
                customer = contract.partner_id.commercial_partner_id
                contract.analytic_distribution = contract._get_distribution_with(
                    contract.analytic_account_id + customer._get_customer_account(company)
                )
