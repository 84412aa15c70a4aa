from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date

from .periods import following


class ServiceContract(models.Model):
    """How a contract goes on after its end."""

    _inherit = "service.contract"

    next_renewal_date = fields.Date(
        compute="_compute_next_renewal_date",
        store=True,
        index="btree_not_null",
        help="When the renewal has to be prepared: the notice before the end.",
    )
    previous_contract_id = fields.Many2one(
        "service.contract",
        string="Renewal of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    successor_ids = fields.One2many("service.contract", "previous_contract_id", string="Renewals")
    successor_id = fields.Many2one(
        "service.contract", string="Renewed as", compute="_compute_successor_id"
    )
    renewal_line_ids = fields.One2many(
        "sale.order.line", "service_renewed_contract_id", string="Renewal Offers"
    )
    renewal_order_id = fields.Many2one(
        "sale.order",
        string="Renewal Quotation",
        compute="_compute_renewal_order_id",
        compute_sudo=True,
    )

    @api.depends("date_end", "renewal", "notice_days")
    def _compute_next_renewal_date(self):
        for contract in self:
            contract.next_renewal_date = (
                contract.date_end - timedelta(days=contract.notice_days)
                if contract.date_end and contract.renewal != "none"
                else False
            )

    @api.depends("successor_ids.state")
    def _compute_successor_id(self):
        for contract in self:
            contract.successor_id = contract.successor_ids.filtered(
                lambda successor: successor.state != "terminated"
            )[:1]

    @api.depends("renewal_line_ids.state")
    def _compute_renewal_order_id(self):
        for contract in self:
            offers = contract.renewal_line_ids.filtered(lambda line: line.state != "cancel")
            contract.renewal_order_id = offers.order_id[:1]

    def action_renew(self):
        """Prepare the contracts that follow these: the same promise, the next period.

        :return: action that opens the new drafts
        :raise UserError: when a contract is a draft, is terminated, has no end, is renewed, or
            covers nothing any more
        """
        return self._renew()._get_records_action(name=self.env._("Renewals"))

    def action_quote_renewal(self):
        """Offer the customers the next period of these contracts, at the indexed price.

        Confirming the quotation makes the contract that follows.

        :return: action that opens the quotations
        :raise AccessError: for who may not write quotations
        :raise UserError: when a contract cannot be renewed or names no product to invoice
        """
        self.env["sale.order"].check_access("create")
        return self._quote_renewal()._get_records_action(name=self.env._("Renewal Quotations"))

    def action_view_renewal_order(self):
        """Open the quotations that offer the next period of these contracts."""
        return self.renewal_order_id._get_records_action()

    def action_view_successor(self):
        """Open the contracts that these were renewed as."""
        return self.successor_id._get_records_action()

    def _renew(self):
        """Create the successors of these contracts and return them."""
        self._check_renewable()
        return self.create([contract._prepare_renewal_values() for contract in self])

    def _quote_renewal(self):
        """Create the quotations that offer the next period; return the sale.order records."""
        self._check_renewable()
        without_product = self.filtered(lambda contract: not contract.product_id)
        if without_product:
            raise UserError(
                self.env._(
                    "%(contracts)s: no quotation can be made without an invoiced product. Choose "
                    "it on the contract.",
                    contracts=", ".join(without_product.mapped("name")),
                )
            )
        orders = self.env["sale.order"].create(
            [contract._prepare_renewal_order_values() for contract in self]
        )
        self.env["sale.order.line"].create(
            [
                contract._prepare_renewal_line_values(order)
                for contract, order in zip(self, orders, strict=True)
            ]
        )
        return orders

    def _withdraw_renewals(self):
        """Terminate the drafts that would follow contracts that are terminated.

        What a customer ordered stays. Should the contract go on after all, it is renewed anew.
        """
        for contract in self:
            drafts = contract.successor_ids.filtered(
                lambda successor: successor.state == "draft" and not successor.sale_line_id
            )
            if not drafts:
                continue
            drafts.action_terminate(
                reason=self.env._(
                    "%(contract)s, which it was to follow, is terminated.", contract=contract.name
                )
            )
            drafts.previous_contract_id = False
            contract.message_post(
                body=self.env._(
                    "Its renewal %(renewals)s was a draft: it is terminated too.",
                    renewals=Markup(", ").join(draft._get_html_link() for draft in drafts),
                )
            )

    def _withdraw_renewal_offers(self):
        """Cancel the quotations that offer the next period of contracts that are terminated.

        Whatever else a salesperson offers with them stays offered. Nothing says any more that the
        contract was offered: should it go on after all, it is offered anew.
        """
        # whoever terminates a contract need not see quotations
        offers_sudo = self.sudo().renewal_line_ids.filtered(
            lambda line: line.state in ("draft", "sent")
        )
        for order_sudo, lines_sudo in offers_sudo.grouped("order_id").items():
            contracts = lines_sudo.service_renewed_contract_id
            order_sudo.message_post(
                body=self.env._(
                    "%(contracts)s is terminated: its renewal is offered no longer.",
                    contracts=Markup(", ").join(c._get_html_link() for c in contracts),
                )
            )
            if order_sudo.order_line.filtered(lambda line: not line.display_type) == lines_sudo:
                lines_sudo.service_renewed_contract_id = False
                order_sudo._action_cancel()
            else:
                lines_sudo.unlink()

    def _check_renewable(self):
        self._check_state("active", "suspended", "expired")
        self._check_not_announced()
        for contract in self:
            if contract.successor_id:
                raise UserError(
                    self.env._(
                        "%(contract)s has already been renewed: see %(successor)s.",
                        contract=contract.name,
                        successor=contract.successor_id.name,
                    )
                )
            if not contract.date_end or not contract.date_start:
                raise UserError(
                    self.env._(
                        "%(contract)s has no end and needs no renewal: give it an end first.",
                        contract=contract.name,
                    )
                )
            if contract.coverage_ids and not contract._get_lasting_lines():
                raise UserError(
                    self.env._(
                        "%(contract)s covers nothing any more: its machines are retired or belong "
                        "to others. Terminate it, or add what it is to cover.",
                        contract=contract.name,
                    )
                )

    def _get_lasting_lines(self):
        """The promises but those about machines that are retired, or that others own by now."""
        self.ensure_one()
        return self.coverage_ids.filtered(
            lambda line: (
                not line.equipment_id
                or line.equipment_id.state != "retired"
                and line.equipment_id.partner_id.commercial_partner_id in self.party_ids
            )
        )

    def _prepare_renewal_values(self):
        """Values of the contract that follows this one, at the indexed price."""
        self.ensure_one()
        start, end = following(self.date_start, self.date_end)
        promises = self._get_lasting_lines().copy_data({"contract_id": False})
        return self.copy_data(
            {
                "previous_contract_id": self.id,
                "date_start": start,
                "date_end": end,
                "price": self._get_indexed_price(start),
                "coverage_ids": [Command.create(values) for values in promises],
            }
        )[0]

    def _prepare_renewal_order_values(self):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "partner_invoice_id": self.invoice_partner_id.id or self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "origin": self.name,
        }

    def _prepare_renewal_line_values(self, order):
        """Values of the line of a quotation that offers the next period of this contract.

        :param order: the sale.order, whose currency the price is given in
        """
        self.ensure_one()
        start, end = following(self.date_start, self.date_end)
        customer_self = self.with_context(lang=self.partner_id.lang)
        name = customer_self.env._(
            "%(product)s: renewal of %(contract)s from %(start)s to %(end)s",
            product=customer_self.product_id.display_name,
            contract=self.name,
            start=format_date(customer_self.env, start),
            end=format_date(customer_self.env, end),
        )
        price = self.currency_id._convert(
            self._get_indexed_price(start), order.currency_id, self.company_id, start
        )
        return {
            "order_id": order.id,
            "product_id": self.product_id.id,
            "product_uom_qty": 1,
            "name": name,
            "price_unit": price,
            "service_renewed_contract_id": self.id,
        }
