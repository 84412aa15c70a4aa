from odoo import models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command


class ServiceRequest(models.Model):
    """Making the invoices of requests by hand; service.billing.run makes those of many."""

    _inherit = "service.request"

    def action_invoice(self):
        """Make the draft invoices of these closed requests, and open them.

        :return: window action on the new ``account.move``, or a notice for a user who may not read
            invoices
        :raise UserError: see :meth:`_create_service_invoices`
        """
        invoices = self._create_service_invoices()
        if invoices.has_access("read"):
            return invoices._get_invoices_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Draft invoices made: %(count)s. Accounting will check and send them.",
                    count=len(invoices),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _create_service_invoices(self, grouping="request"):
        """Make draft invoices of everything that waits on these requests, each thing once.

        :param grouping: ``"request"``, one invoice for each request and payer, ``"customer"``, one
            for each customer to be invoiced, or ``"principal"``, one for each of them and principal
        :return: the new account.move
        :raise AccessError: for users without the right to invoice requests
        :raise ValueError: for another grouping
        :raise UserError: when the switch is off, a request is still open, somebody else invoices it
            at this moment, something stands in the way, or there is nothing to invoice
        """
        self._check_invoicing()
        consumptions = self.sudo().consumption_ids
        groups = consumptions._get_billing_groups(grouping)
        if not groups:
            raise UserError(
                self.env._(
                    "There is nothing to invoice on %(requests)s: everything is covered, invoiced "
                    "or not done.",
                    requests=", ".join(self.mapped("name")),
                )
            )
        self._lock_parts(groups)
        return consumptions._create_invoices(groups).sudo(False)

    def _lock_parts(self, groups):
        """Let nobody else invoice the same at the same moment."""
        parts = [part for parts in groups.values() for part in parts.values()]
        try:
            self.env["service.consumption"].union(*parts).lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is invoicing %(requests)s at this moment: look again in a "
                    "minute.",
                    requests=", ".join(self.mapped("name")),
                )
            ) from error

    def _check_invoicing(self):
        if not self.env.su and not self.env.user.has_group("service_billing.group_service_invoice"):
            raise AccessError(
                self.env._("You may not invoice requests: ask your manager for this right.")
            )
        self.company_id.sudo()._check_service_invoicing()
        unfinished = self.filtered(lambda r: r.state != "closed")
        if unfinished:
            raise UserError(
                self.env._(
                    "Not closed yet: %(requests)s. Close before invoicing.",
                    requests=", ".join(unfinished.mapped("name")),
                )
            )

    def _prepare_charge_lines(self, partner, base):
        """Values of the footer charges of these requests on their customer's invoice.

        The same charge of several requests is taken once.

        :param partner: res.partner who is invoiced: only the invoiced customer bears charges
        :param base: what the lines above make, with or without taxes as these requests say
        """
        charges = {}
        for request in self.filtered(lambda r: r.invoice_partner_id == partner):
            for charge in request.billing_charge_ids:
                charges.setdefault(charge._get_identity(), (charge, request))
        language = partner.lang or self.env.lang
        return [
            {
                **request._prepare_invoice_line_accounting(
                    charge.product_id, request.fiscal_position_id
                ),
                **request._get_product_taxes(
                    charge.product_id, request.fiscal_position_id
                )._prepare_told_line(
                    charge._get_amount(base, request.currency_id),
                    1.0,
                    request.price_included,
                    request.currency_id,
                    charge.product_id,
                ),
                "display_type": "product",
                "product_id": charge.product_id.id,
                "name": charge.product_id.with_context(lang=language).display_name,
                "quantity": 1,
                "product_uom_id": charge.product_id.uom_id.id,
                "analytic_distribution": request.analytic_distribution or False,
            }
            for charge, request in charges.values()
        ]

    def _prepare_invoice_line_accounting(self, product, position):
        """Account and taxes of a line for this product, as Odoo itself would find them.

        :param position: account.fiscal.position of the invoice
        """
        self.ensure_one()
        product = product.with_company(self.company_id)
        accounts = product.product_tmpl_id.get_product_accounts(position)
        account = accounts["income"]
        return {
            **({"account_id": account.id} if account else {}),
            "tax_ids": [Command.set(self._get_product_taxes(product, position).ids)],
        }

    def _get_product_taxes(self, product, position):
        """The taxes that this product is invoiced with."""
        return position.map_tax(product.taxes_id._filter_taxes_by_company(self.company_id))
