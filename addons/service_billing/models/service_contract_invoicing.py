from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

BATCH_SIZE = 100


class ServiceContract(models.Model):
    """The price of contracts: a schedule of instalments, their invoices, and what is given back."""

    _inherit = "service.contract"

    instalment_ids = fields.One2many(
        "service.contract.instalment",
        "contract_id",
        string="Instalments",
        groups="installed_base.group_service_user,account.group_account_invoice",
    )

    def _generate_instalments(self, until):
        """Complete the schedules of these contracts.

        :param until: date; instalments to invoice later are not made yet
        :return: the new service.contract.instalment
        """
        contracts = self.filtered(
            lambda c: c.state != "draft" and c.date_start and c.product_id and c.price
        )
        groups = self.env["service.contract.instalment"]._read_group(
            [("contract_id", "in", contracts.ids)], ["contract_id"], ["date_to:max"]
        )
        last = dict(groups)
        return self.env["service.contract.instalment"].create(
            [
                values
                for contract in contracts
                for values in contract._prepare_instalments(last.get(contract), until)
            ]
        )

    def _prepare_instalments(self, last, until):
        """Values of the instalments after ``last`` (a date, or None) that are due ``until``.

        The first takes the rest of its interval: a contract that was prolonged, or whose intervals
        are others by now, has an instalment that ends within.
        """
        self.ensure_one()
        start = last and last + timedelta(days=1)
        result = []
        number = 0
        while values := self._prepare_instalment(number):
            if start and values["date_to"] >= start:
                values = self._prepare_instalment(number, start)
            number += 1
            if values["date_due"] > until:
                break
            if not start or values["date_from"] >= start:
                result.append(values)
        return result

    def _prepare_instalment(self, number, start=None):
        """Values of the instalment of an interval, cut at the start and the end of the contract;
        None after it.

        :param number: of the interval, counted from 0
        :param start: date before which the interval is billed already
        """
        self.ensure_one()
        begin, full = self._get_interval(number)
        first = max(filter(None, (begin, self.date_start, start)))
        last_day = self.termination_date and self.termination_date - timedelta(days=1)
        to = min(day for day in (full, self.date_end, last_day) if day)
        if to < first:
            return None
        share = ((to - first).days + 1) / ((full - begin).days + 1)
        return {
            "contract_id": self.id,
            "date_from": first,
            "date_to": to,
            "date_due": first if self.invoice_timing == "advance" else to,
            "amount": self.currency_id.round(self._get_price_on(first) * share),
            "is_on_order": bool(self.sale_line_id) and number == 0 and first == self.date_start,
        }

    def _get_interval(self, number):
        """First and last day of an invoicing interval, counted from 0.

        Intervals are counted from the start of the contract: from the 31st on they begin on the
        last day of shorter months, and on the 31st again. Those of the calendar begin before it.
        """
        self.ensure_one()
        unit = f"{self.invoice_interval_unit}s"
        # an order sells whole intervals
        on_calendar = self.invoice_on_calendar and not self.sale_line_id
        start = self._get_calendar_start() if on_calendar else self.date_start
        first, following = (
            start + relativedelta(**{unit: self.invoice_interval * n}) for n in (number, number + 1)
        )
        return first, following - timedelta(days=1)

    def _get_calendar_start(self):
        """The first of the quarter, half-year… in which the contract starts; or of the month."""
        self.ensure_one()
        months = self.invoice_interval * (12 if self.invoice_interval_unit == "year" else 1)
        fits = not (12 % months and months % 12)
        cycle = min(months, 12) if fits else 1
        return self.date_start.replace(
            day=1, month=(self.date_start.month - 1) // cycle * cycle + 1
        )

    def action_invoice_instalments(self):
        """Invoice what is due today of these contracts, and open the drafts.

        :raise UserError: when nothing is due, saying why
        """
        moves = self._create_instalment_invoices(fields.Date.context_today(self))
        if not moves:
            raise UserError(self._say_why_nothing_is_due())
        if moves.has_access("read"):
            return moves._get_invoices_action()
        return True

    def _say_why_nothing_is_due(self):
        """A sentence: the order that sold a contract bills its first period."""
        names = ", ".join(self.mapped("name"))
        # who invoices need not see sales orders
        on_orders_sudo = self.sudo().filtered(
            lambda c: c.instalment_ids and set(c.instalment_ids.mapped("state")) == {"order"}
        )
        if not on_orders_sudo:
            return self.env._("Nothing is due on %(contracts)s.", contracts=names)
        return self.env._(
            "Nothing is due on %(contracts)s: the first period is billed by %(orders)s, the sales "
            "order. Invoice it there.",
            contracts=names,
            orders=", ".join(on_orders_sudo.sale_order_id.mapped("name")),
        )

    def _create_instalment_invoices(self, until):
        """Draft the invoices of what is due: one for each customer, payer and currency.

        :param until: date; what is to be invoiced on it or before
        :return: the new account.move
        :raise AccessError: for users without the right to invoice
        :raise UserError: when the switch is off
        """
        if not self.env.su and not self.env.user.has_group("service_billing.group_service_invoice"):
            raise AccessError(
                self.env._("You may not invoice contracts: ask your manager for this right.")
            )
        contracts = self.sudo()
        contracts.company_id._check_service_invoicing()
        contracts.lock_for_update(allow_referencing=True)
        contracts._generate_instalments(fields.Date.to_date(until))
        contracts._generate_usage(fields.Date.to_date(until))
        groups = contracts._get_due_lines(until)
        moves_sudo = self.env["account.move"].sudo()
        moves_sudo = moves_sudo.create(
            [
                contracts.browse(ids)._prepare_contract_invoice(move_type, lines)
                for (move_type, *_key), (ids, lines) in groups.items()
            ]
        )
        moves_sudo.invoice_line_ids._say_untaxed()
        return moves_sudo.sudo(False)

    def _get_due_lines(self, until):
        """What is to be invoiced, by invoice.

        :return: ``{(move type, invoice key): (ids of contracts, values of lines)}``
        """
        groups = defaultdict(lambda: ([], []))
        mine = Domain("contract_id", "in", self.ids) & Domain("state", "=", "pending")
        due = self.env["service.contract.instalment"].search(mine & Domain("date_due", "<=", until))
        for instalment in due:
            key = instalment.contract_id._get_instalment_invoice_key()
            ids, lines = groups["out_invoice", *key]
            ids.append(instalment.contract_id.id)
            lines.append(instalment._prepare_invoice_line(instalment.amount))
        for usage in self.env["service.usage.line"].search(mine & Domain("date_to", "<", until)):
            key = usage.contract_id._get_instalment_invoice_key()
            ids, lines = groups[usage._get_move_type(), *key]
            ids.append(usage.contract_id.id)
            lines += usage._prepare_invoice_lines()
        return groups

    def _get_instalment_invoice_key(self):
        """Contracts with the same key are invoiced together."""
        self.ensure_one()
        return (self.company_id, self.invoice_partner_id, self.payer_id, self.currency_id)

    def _prepare_contract_invoice(self, move_type, lines):
        """Values of an invoice or credit note of these contracts (all of one invoice key).

        :param lines: values of its lines
        """
        first = self[:1]
        payer = first.payer_id
        return {
            "move_type": move_type,
            "company_id": first.company_id.id,
            "partner_id": first.invoice_partner_id.id,
            "service_payer_id": payer.id if payer != first.invoice_partner_id else False,
            "service_group_partner_id": first.partner_id.with_company(
                first.company_id
            ).service_group_partner_id.id,
            "currency_id": first.currency_id.id,
            "invoice_origin": ", ".join(self.union().mapped("name")),
            **self._prepare_salespersons(),
            "invoice_line_ids": [Command.create(values) for values in lines],
        }

    def _prepare_salespersons(self):
        salespersons = self.user_id
        if not salespersons:
            return {}
        return {
            "invoice_user_id": salespersons[:1].id,
            "service_salesperson_ids": [Command.set(salespersons.ids)],
        }

    @api.model
    def _run_instalments(self):
        """Cron: invoice what is due today where each agency is, some customers at a time.

        Who fails does not stop the rest.
        """
        batches = []
        for today, here in self._get_local_days():
            contracts = self.search(
                self._get_instalment_domain() & here, order="invoice_partner_id, id"
            )
            for start in range(0, len(contracts), BATCH_SIZE):
                batches.append((today, contracts[start : start + BATCH_SIZE]))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(len(batch) for _today, batch in batches))
        for today, batch in batches:
            batch._try_together_or_alone(lambda c, day=today: c._create_instalment_invoices(day))
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _get_instalment_domain(self):
        """Contracts that may have something to invoice; for those that ended, their last period."""
        enabled = Domain("company_id.service_invoicing_enabled", "=", True)
        priced = Domain("product_id", "!=", False) & Domain("price", "!=", 0)
        metered = Domain("meter_term_ids", "!=", False)
        ended = Domain("state", "=", "expired") & (
            Domain("date_end", ">=", "today -1y") | Domain("instalment_ids.state", "=", "pending")
        )
        terminated = Domain("state", "=", "terminated") & Domain(
            "termination_date", ">=", "today -1y"
        )
        in_force = Domain("state", "in", ("active", "suspended"))
        return enabled & (priced | metered) & (in_force | ended | terminated)
