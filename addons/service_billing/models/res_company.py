from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    # X3: CLOINV
    service_invoicing_enabled = fields.Boolean(
        string="Service Invoicing",
        default=True,
        help="Switch this off to invoice no requests at all.",
    )
    service_invoice_zero_lines = fields.Boolean(
        string="Show Free Consumptions",
        help="What the customer does not pay stands on the invoice too, at a price of zero.",
    )
    service_invoice_nightly = fields.Boolean(
        string="Invoice Every Night",
        help="Draft invoices of all closed requests are made each night; requests of a principal "
        "wait for the end of the month.",
    )

    def _get_service_journal(self):
        """The sales journal of service invoices: the first one, as for any other invoice."""
        self.ensure_one()
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(self), ("type", "=", "sale")]
        return journals.search(domain, limit=1)

    def _check_service_invoicing(self):
        """Refuse where service invoicing is switched off.

        :raise UserError: naming the companies
        """
        off = self.filtered(lambda company: not company.service_invoicing_enabled)
        if off:
            raise UserError(
                self.env._(
                    "Service invoicing is switched off for %(companies)s: switch it on in the "
                    "settings first.",
                    companies=", ".join(off.mapped("name")),
                )
            )
