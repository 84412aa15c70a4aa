from odoo import api, models


class ServiceRequest(models.Model):
    """What is done for a principal is invoiced to the principal, on its conditions."""

    _inherit = "service.request"

    @api.depends("principal_id")
    def _compute_billing_partners(self):
        result = super()._compute_billing_partners()
        for request in self.filtered("principal_id"):
            principal = request.principal_id.with_company(request.company_id)
            invoiced = principal.service_invoice_partner_id or principal.browse(
                principal.address_get(["invoice"])["invoice"]
            )
            request.invoice_partner_id = invoiced
            request.payer_id = principal.service_payer_id
            request.pricelist_id = principal.property_product_pricelist
            request.payment_term_id = invoiced.property_payment_term_id
        return result
