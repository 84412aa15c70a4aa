from odoo import api, models


class ServiceRequest(models.Model):
    """Where the company has an analytic plan for requests, each that uses something has an account.

    It stands in the distribution of the request beside those of its contract and its customer.
    """

    _name = "service.request"
    _inherit = ["service.request", "service.analytic.owner"]

    def _get_analytic_plan(self, company):
        return company.service_request_plan_id

    def _prepare_analytic_account(self):
        return {"name": self.name, "partner_id": self.partner_id.id}

    @api.depends("partner_id")
    def _compute_analytic_distribution(self):
        result = super()._compute_analytic_distribution()
        for request in self:
            request.analytic_distribution = request._get_distribution_with(
                request.sudo()._get_own_accounts()
            )
        return result

    def _get_own_accounts(self):
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return self.analytic_account_id + customer._get_customer_account(self.company_id)

    def _count_on_own_accounts(self):
        """Count what these bring in and cost for themselves and for their customers."""
        for company, requests in self.sudo().grouped("company_id").items():
            if not company.service_request_plan_id and not company.service_customer_plan_id:
                continue
            requests._open_analytic_accounts(company)
            requests.partner_id.commercial_partner_id._open_analytic_accounts(company)
            for request in requests:
                distribution = request._get_distribution_with(request._get_own_accounts())
                # what is written here goes on to the consumptions, over what is typed there
                if request.analytic_distribution != distribution:
                    request.analytic_distribution = distribution
