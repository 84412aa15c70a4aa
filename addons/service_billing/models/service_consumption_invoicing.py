from collections import defaultdict

from odoo import api, models
from odoo.fields import Command
from odoo.tools.misc import format_date

from .service_consumption import SHARES


class ServiceConsumption(models.Model):
    """From consumptions to invoices: who pays what, on which invoice, on which line.

    « Parts » of an invoice are ``{share: service.consumption}``: what of its shares it bills.
    """

    _inherit = "service.consumption"

    def _get_billing_groups(self, grouping):
        """What waits among these consumptions, by the invoice it belongs on.

        :param grouping: ``request``, ``customer`` or ``principal``
        :return: ``{invoice key: parts}``
        :raise ValueError: for another grouping
        """
        if grouping not in ("request", "customer", "principal"):
            raise ValueError(f"Invoices are grouped by request, customer or principal: {grouping}")
        groups = defaultdict(lambda: defaultdict(list))
        terms = {}
        for consumption in self.filtered(lambda c: c.invoice_state == "to_invoice"):
            billed = consumption._get_billed_shares()
            for share, (partner_field, amount_field) in SHARES.items():
                if consumption[amount_field] and share not in billed:
                    key = consumption._get_invoice_key(grouping, consumption[partner_field], terms)
                    groups[key][share].append(consumption.id)
        return {
            key: {share: self.browse(ids) for share, ids in parts.items()}
            for key, parts in groups.items()
        }

    @api.model
    def _sum_parts(self, parts):
        """What an invoice of these parts amounts to, before footer charges and taxes."""
        return sum(sum(part.mapped(SHARES[share][1])) for share, part in parts.items())

    def _get_invoice_key(self, grouping, partner, terms):
        """Shares with the same key stand on one invoice.

        :param partner: res.partner who is invoiced; whoever is not the customer of the request is
            invoiced on terms of their own
        :param terms: dict that remembers those, ``{(company, partner): (position, term)}``
        """
        self.ensure_one()
        request = self.request_id
        payer = self._get_payer(partner)
        position, term = request.fiscal_position_id, request.payment_term_id
        if partner != request.invoice_partner_id:
            whose = (self.company_id, partner)
            if whose not in terms:
                terms[whose] = partner._get_invoicing_terms(self.company_id)
            position, term = terms[whose]
        return (
            self.company_id,
            partner,
            payer,
            request.currency_id,
            position,
            term,
            request.invoice_currency_rate,
            request.price_included,
            request if grouping == "request" else request.browse(),
            request.principal_id if grouping == "principal" else partner.browse(),
        )

    def _get_payer(self, partner):
        """The third party who owes the invoice, when it goes to the customer of the request."""
        request = self.request_id
        return request.payer_id if partner == request.invoice_partner_id else partner.browse()

    def _get_aggregation_key(self, share):
        """Consumptions with the same key share one invoice line."""
        self.ensure_one()
        agency = self.request_id.agency_id
        alone = self.note or agency.invoice_aggregation == "none"
        uom = self._get_invoiced_uom()
        return (
            self.id if alone else 0,
            self.product_id,
            uom,
            self._get_invoiced_price(uom),
            self.request_id.price_included,
            self._get_invoiced_share(share),
            str(self.analytic_distribution or ""),
        )

    def _get_invoiced_uom(self):
        """The unit on the invoice: that of the consumption, or the sales unit of joined lines."""
        self.ensure_one()
        agency = self.request_id.agency_id
        joined = agency.invoice_aggregation == "product" and not self.note
        by_sales_unit = joined and agency.invoice_aggregation_uom == "sales"
        return self.product_id.uom_id if by_sales_unit else self.uom_id

    def _get_invoiced_price(self, uom):
        """Price for one such unit; a conversion of units is exact to the cent only."""
        self.ensure_one()
        if uom == self.uom_id:
            return round(self.price_unit, 6)
        return round(self.uom_id._compute_price(self.price_unit, uom), 2)

    def _get_invoiced_share(self, share):
        """Part of the consumed amount that this share pays, between 0 and 1."""
        self.ensure_one()
        if not self.amount_consumed:
            return 1.0
        return round(self[SHARES[share][1]] / self.amount_consumed, 6)

    def _prepare_invoice_lines(self, share, position):
        """Values of the invoice lines that bill this share of these consumptions.

        :param position: account.fiscal.position of the invoice
        """
        groups = self.grouped(lambda c: c._get_aggregation_key(share))
        return [lines._prepare_invoice_line(share, position) for lines in groups.values()]

    def _prepare_invoice_line(self, share, position):
        """Values of the invoice line for these consumptions (all of one aggregation key).

        The line shows the full quantity at the price that makes the amount of the share. Account,
        taxes, unit and analytic distribution are given: Odoo need not find them line by line.
        """
        first = next(iter(self))
        uom = first._get_invoiced_uom()
        # a line keeps no more digits; at least one step is sold
        quantity = uom.round(
            sum(c.uom_id._compute_quantity(c.quantity, uom, round=False) for c in self)
        )
        quantity = quantity or uom.rounding
        price = sum(self.mapped(SHARES[share][1])) / quantity
        return {
            **first.request_id._prepare_invoice_line_accounting(first.product_id, position),
            **position.map_tax(first._get_own_taxes())._prepare_told_line(
                first.currency_id._get_short_price(price),
                quantity,
                first.request_id.price_included,
                first.currency_id,
                first.product_id,
            ),
            "display_type": "product",
            "product_id": first.product_id.id,
            "name": self._get_invoice_line_text(share),
            "quantity": quantity,
            "product_uom_id": uom.id,
            "analytic_distribution": first.analytic_distribution or False,
            "service_consumption_ids": [Command.set(self.ids)],
            "service_share": share,
        }

    def _get_invoice_line_text(self, share):
        """What was used, for which machine and when, in the language of who is invoiced."""
        first = next(iter(self))
        payer = first[SHARES[share][0]]
        first = first.with_context(lang=payer.lang or self.env.lang)
        origins = []
        for consumption in self.with_context(lang=first.env.lang):
            request = consumption.request_id
            machine = consumption.equipment_line_id.equipment_id.display_name
            day = format_date(first.env, consumption._get_done_day())
            # who pays for somebody else reads for whom
            customer = payer != request.invoice_partner_id and request.partner_id.display_name
            origin = " · ".join(part for part in (request.name, customer, machine, day) if part)
            if origin not in origins:
                origins.append(origin)
        share_text = self.with_context(lang=first.env.lang)._get_share_text(share)
        return "\n".join(
            part
            for part in (first.product_id.display_name, *origins, share_text, first.note)
            if part
        )

    def _get_share_text(self, share):
        """Which part of what was used this share is, where somebody else pays another part."""
        other = "covered_by" if share == "bill_to" else "bill_to"
        if not any(self.mapped(SHARES[other][1])):
            return False
        currency = self.currency_id
        return self.env._(
            "Share of %(share)s out of %(consumed)s",
            share=currency.format(sum(self.mapped(SHARES[share][1]))),
            consumed=currency.format(sum(self.mapped("amount_consumed"))),
        )
