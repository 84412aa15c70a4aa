from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_amount, format_date

from .service_consumption import SHARES

# Chatter of thousands of drafts is written in one go afterwards
QUIETLY = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
}


class ServiceConsumption(models.Model):
    """The invoice around the lines: its header, its foot, and what stands in its way."""

    _inherit = "service.consumption"

    def _create_invoices(self, groups, **header):
        """Draft the invoices of these groups in one go.

        :param groups: ``{invoice key: parts}`` of :meth:`_get_billing_groups`
        :param header: values for all of them: ``invoice_date``, ``journal_id``
        :return: account.move, in the order of the groups
        :raise UserError: naming what stands in the way of the first that cannot be invoiced
        """
        obstacles = self._get_obstacles(groups, **header)
        if obstacles:
            raise UserError(next(iter(obstacles.values())))
        self._read_together(groups)
        journals = {c: c._get_service_journal() for c in {key[0] for key in groups}}
        values = [
            {
                "journal_id": journals[key[0]].id,
                **self._prepare_service_invoice(key, parts),
                **header,
            }
            for key, parts in groups.items()
        ]
        moves = self.env["account.move"].sudo().with_context(**QUIETLY).create(values)
        self._log_both_ways(dict(zip(moves, groups.values(), strict=True)))
        return self.env["account.move"].sudo().browse(moves.ids)

    def _log_both_ways(self, parts):
        """Let each invoice name its requests, and each request its invoices.

        :param parts: ``{account.move: parts}``
        """
        requests = {
            move: self.browse().union(*part.values()).request_id for move, part in parts.items()
        }
        invoices = defaultdict(list)
        for move, billed in requests.items():
            for request in billed:
                invoices[request].append(move)
        env = {move: self._in_words_of(move.company_id).env for move in parts}
        self.env["account.move"].union(*parts)._message_log_batch(
            bodies={
                move.id: env[move]._(
                    "Made from service requests %s",
                    Markup(", ").join(request._get_html_link() for request in billed),
                )
                for move, billed in requests.items()
            }
        )
        self.env["service.request"].union(*invoices)._message_log_batch(
            bodies={
                request.id: env[moves[0]]._(
                    "Invoices made: %s",
                    Markup(", ").join(
                        move._get_html_link(title=move.partner_id.display_name) for move in moves
                    ),
                )
                for request, moves in invoices.items()
            }
        )

    def _in_words_of(self, company):
        """These in the language of the user; of the company when nobody is there, at night."""
        return self.with_context(lang=self.env.lang or company.partner_id.lang)

    def _read_together(self, groups):
        """Read at once what is then used invoice by invoice."""
        parts = [part for parts in groups.values() for part in parts.values()]
        consumptions = self.browse().union(*parts)
        for name in ("billing_charge_ids", "salesperson_ids"):
            consumptions.request_id.mapped(name)
        for lang in {key[1].lang for key in groups}:
            named = consumptions.with_context(lang=lang or self.env.lang)
            named.product_id.mapped("display_name")
            named.equipment_line_id.equipment_id.mapped("display_name")

    def _prepare_service_invoice(self, key, parts):
        """Values of the draft invoice that bills these parts (all of one invoice key)."""
        company, partner, payer, currency, position, term, rate, *_grouping = key
        consumptions = self.browse().union(*parts.values())
        requests = consumptions.request_id
        request = next(iter(requests))
        parts = {**parts, **self._get_free_part(parts, partner)}
        lines = [
            values
            for share, part in parts.items()
            for values in part._prepare_invoice_lines(share, position)
        ]
        lines += requests._prepare_charge_lines(partner, self._sum_parts(parts))
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_shipping_id": request.site_id.id or partner.id,
            "service_payer_id": payer.id if payer != partner else False,
            "service_group_partner_id": request.group_partner_id.id,
            "currency_id": currency.id,
            "service_currency_rate": rate,
            "fiscal_position_id": position.id,
            "invoice_payment_term_id": term.id,
            "invoice_origin": ", ".join(requests.mapped("name")),
            **self._prepare_salespersons(requests),
            "invoice_line_ids": [Command.create(values) for values in lines],
        }

    def _prepare_salespersons(self, requests):
        salespersons = requests.salesperson_ids
        if not salespersons:
            return {}
        return {
            "invoice_user_id": salespersons[:1].id,
            "service_salesperson_ids": [Command.set(salespersons.ids)],
        }

    def _get_free_part(self, parts, partner):
        """The customer's part together with what is free, where that is to be shown."""
        mine = parts.get("bill_to", self.browse())
        requests = mine.request_id.filtered(
            lambda r: r.company_id.service_invoice_zero_lines and r.invoice_partner_id == partner
        )
        free = requests.consumption_ids.filtered(
            lambda c: (
                c.state == "done"
                and not c.amount_to_invoice
                and not c.sale_line_id  # the order bills it
                and not c._get_billed_shares()
            )
        )
        return {"bill_to": mine | free} if free else {}

    # ------------------------------------------------------------ obstacles
    def _get_obstacles(self, groups, invoice_date=False, journal_id=False):
        """What stands in the way of invoicing, in words, without writing anything.

        :param groups: ``{invoice key: parts}``
        :return: ``{invoice key: sentence}`` of those that cannot be invoiced
        """
        date = invoice_date or fields.Date.context_today(self)
        chosen = self.env["account.journal"].browse(journal_id)
        journals = {c: chosen or c._get_service_journal() for c in {key[0] for key in groups}}
        found = {}
        for key, parts in groups.items():
            obstacle = (
                self._get_partner_obstacle(key, parts)
                or self._get_amount_obstacle(key, parts)
                or self._get_currency_obstacle(key, date)
                or self._get_lock_obstacle(key[0], date, journals[key[0]])
                or self._get_analytic_obstacle(key, parts)
            )
            if obstacle:
                found[key] = obstacle
        return found

    def _get_partner_obstacle(self, key, parts):
        company, partner, payer, *_rest = key
        if not partner:
            return self.env._(
                "There is no invoiced customer on %(request)s: choose one on its page « Billing ».",
                request=self._get_request_names(parts),
            )
        debtor = (payer or partner).commercial_partner_id.with_company(company)
        if not debtor.property_account_receivable_id:
            return self.env._(
                "%(partner)s has no receivable account: set one on the page « Invoicing » of the "
                "contact.",
                partner=debtor.display_name,
            )
        return False

    def _get_amount_obstacle(self, key, parts):
        currency = key[3]
        for share, part in parts.items():
            for consumption in part:
                amount = consumption[SHARES[share][1]]
                if amount < 0:
                    return self.env._(
                        "%(consumption)s has a negative amount, %(amount)s: correct it, or give a "
                        "discount by a footer charge.",
                        consumption=consumption.display_name,
                        amount=format_amount(self.env, amount, currency),
                    )
        return False

    def _get_currency_obstacle(self, key, date):
        company, _partner, _payer, currency, _position, _term, rate, *_grouping = key
        if rate or currency == company.currency_id:
            return False
        if not currency.active:
            return self.env._(
                "The currency %(currency)s is not active: activate it, with a rate.",
                currency=currency.name,
            )
        known = currency.rate_ids.filtered(
            lambda r: r.name <= date and r.company_id in (company.root_id, company.browse())
        )
        if known:
            return False
        return self.env._(
            "There is no rate of %(currency)s on %(date)s: enter one, or give a rate on the "
            "request.",
            currency=currency.name,
            date=format_date(self.env, date),
        )

    def _get_lock_obstacle(self, company, date, journal):
        locks = company._get_violated_lock_dates(date, True, journal)
        if not locks:
            return False
        return self.env._(
            "The books of %(company)s are locked until %(lock)s and the invoice date is %(date)s: "
            "choose a later one.",
            company=company.name,
            lock=format_date(self.env, max(lock for lock, _name in locks)),
            date=format_date(self.env, date),
        )

    def _get_analytic_obstacle(self, key, parts):
        company = key[0]
        for part in parts.values():
            for consumption in part:
                missing = consumption._get_missing_plans(company)
                if missing:
                    return self.env._(
                        "%(consumption)s needs an analytic distribution of 100 percent over "
                        "%(plans)s: complete it.",
                        consumption=consumption.display_name,
                        plans=", ".join(missing),
                    )
        return False

    def _get_missing_plans(self, company):
        """Names of the mandatory analytic plans that this consumption does not fill."""
        self.ensure_one()
        plans = self.env["account.analytic.plan"].sudo().with_company(company)
        if not plans._has_mandatory():
            return []
        account = self.product_id.with_company(company).product_tmpl_id.get_product_accounts(
            self.request_id.fiscal_position_id
        )["income"]
        filled = {}
        for ids, percent in (self.analytic_distribution or {}).items():
            for account_id in map(int, ids.split(",")):
                plan = self.env["account.analytic.account"].sudo().browse(account_id).root_plan_id
                filled[plan.id] = filled.get(plan.id, 0.0) + percent
        wanted = plans.get_relevant_plans(
            business_domain="invoice",
            company_id=company.id,
            product=self.product_id.id,
            account=account.id,
        )
        return [
            plan["name"]
            for plan in wanted
            if plan["applicability"] == "mandatory" and round(filled.get(plan["id"], 0), 2) != 100
        ]

    def _get_request_names(self, parts):
        return ", ".join(self.browse().union(*parts.values()).request_id.mapped("name"))
