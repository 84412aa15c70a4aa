from odoo import api, fields, models

from .consumption_rules import share_out
from .service_request_billing import PRICE_GROUPS

RATES = {"part": "parts_rate", "labor": "labor_rate", "travel": "travel_rate"}
DECISION = (
    "coverage",
    "coverage_id",
    "contract_id",
    "covered_by_id",
    "parts_rate",
    "labor_rate",
    "travel_rate",
    "coverage_terms",
)
LEVELS = ("component_line_id", "equipment_line_id", "request_id")
SIBLINGS = ("amount_consumed", "kind", "quantity", "uom_id", "sequence", "is_cancelled")


class ServiceConsumption(models.Model):
    """What a consumption costs, and who bears how much of it.

    The consumed amount is shared between us or a third party (the coverage) and the customer. An
    amount typed by hand stays as long as machine, component, product, quantity, unit and coverage
    do.
    """

    _inherit = "service.consumption"

    # What is consumed
    price_unit = fields.Float(
        string="Unit Price",
        min_display_digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        groups=PRICE_GROUPS,
    )
    amount_consumed = fields.Monetary(
        string="Consumed",
        compute="_compute_amount_consumed",
        store=True,
        readonly=False,
        groups=PRICE_GROUPS,
        help="Value of what was used, whoever pays it.",
    )

    # What covers it
    coverage_id = fields.Many2one(
        "service.contract.coverage",
        string="Coverage Line",
        compute="_compute_coverage",
        store=True,
        index="btree_not_null",
    )
    contract_id = fields.Many2one(
        "service.contract", compute="_compute_coverage", store=True, index="btree_not_null"
    )
    covered_by_id = fields.Many2one(
        "res.partner",
        string="Covered by",
        compute="_compute_coverage",
        store=True,
        index="btree_not_null",
        help="The insurer, lessor or landlord who pays the covered share instead of us.",
    )
    coverage_reason = fields.Char(compute="_compute_coverage_reason")

    # Who pays it
    amount_to_invoice = fields.Monetary(
        string="Customer's Share",
        compute="_compute_shares",
        inverse="_inverse_amount_to_invoice",
        store=True,
        readonly=False,
        groups=PRICE_GROUPS,
        help="What the customer pays: the consumed amount less the share that is covered. It may "
        "be changed by hand until something that it depends on changes.",
    )
    amount_borne = fields.Monetary(
        string="Borne by the Coverage",
        compute="_compute_shares",
        store=True,
        groups=PRICE_GROUPS,
        help="The share that the contract takes off the customer, whoever pays it. It counts "
        "against the limits of the contract.",
    )
    amount_covered = fields.Monetary(
        string="Covered by a Third Party",
        compute="_compute_shares",
        store=True,
        groups=PRICE_GROUPS,
        help="The share that is billed to the insurer, lessor or landlord who covers it.",
    )
    hours_borne = fields.Float(
        string="Covered Hours",
        compute="_compute_shares",
        store=True,
        help="Hours of labour that count against the limits of the contract.",
    )
    points = fields.Float(
        compute="_compute_shares",
        store=True,
        help="Points that this costs the customer's contract, instead of money.",
    )
    typed_for = fields.Char(
        compute="_compute_shares",
        store=True,
        copy=False,
        export_string_translation=False,
        help="What the amount to invoice was typed for; empty when it is automatic.",
    )
    billable = fields.Selection(
        [("free", "Free"), ("partial", "In Part"), ("full", "In Full")],
        compute="_compute_billable",
        inverse="_inverse_billable",
        store=True,
        readonly=False,
        groups=PRICE_GROUPS,
        help="Whether the customer pays it.",
    )
    bill_to_id = fields.Many2one(
        "res.partner",
        string="Bill to",
        compute="_compute_bill_to_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Who pays this line: the invoiced customer of the request, unless changed.",
    )
    analytic_distribution = fields.Json(
        compute="_compute_analytic_distribution", store=True, readonly=False, precompute=True
    )

    # ------------------------------------------------------------ consumed
    @api.depends("product_id", "quantity", "uom_id", "currency_id")
    def _compute_price_unit(self):
        for consumption in self - self._filter_locked():
            consumption.price_unit = consumption.product_id and consumption._get_list_price()

    def _get_list_price(self):
        """Unit price of the pricelist, in the currency of the request."""
        self.ensure_one()
        request = self.request_id
        return request.pricelist_id.with_company(request.company_id)._get_product_price(
            self.product_id,
            self.quantity or 1.0,
            currency=request.currency_id,
            uom=self.uom_id,
            date=request.date,
        )

    @api.depends("price_unit", "quantity", "equipment_line_id.equipment_id", "component_line_id")
    def _compute_amount_consumed(self):
        for consumption in self - self._filter_locked():
            amount = consumption.price_unit * consumption.quantity
            consumption.amount_consumed = consumption._round(amount)

    def _round(self, amount):
        return self.currency_id.round(amount) if self.currency_id else amount

    def _filter_locked(self):
        """Those that nothing may change any more; upper addons say which."""
        return self.browse()

    # ------------------------------------------------------------ covered
    def _get_decision(self):
        """The record whose coverage applies: the component, else the machine, else the request."""
        self.ensure_one()
        return self.component_line_id or self.equipment_line_id or self.request_id

    @api.depends(*(f"{level}.{name}" for level in LEVELS for name in DECISION[1:4]))
    def _compute_coverage(self):
        for consumption in self - self._filter_locked():
            decision = consumption._get_decision()
            consumption.coverage_id = decision.coverage_id
            consumption.contract_id = decision.contract_id
            consumption.covered_by_id = decision.covered_by_id

    @api.depends_context("lang")
    @api.depends(*(f"{level}.coverage_label" for level in LEVELS))
    def _compute_coverage_reason(self):
        for consumption in self:
            consumption.coverage_reason = consumption._get_decision().coverage_label

    # ------------------------------------------------------------ paid
    @api.depends(
        *(f"{level}.{name}" for level in LEVELS for name in DECISION),
        *(f"request_id.consumption_ids.{name}" for name in SIBLINGS),
        *SIBLINGS,
    )
    def _compute_shares(self):
        shares = self._share_out()
        for consumption in self - self._filter_locked():
            typed = (
                consumption.amount_to_invoice
                if consumption.typed_for
                and consumption.typed_for == consumption._get_typing_basis()
                else None
            )
            consumption.update(consumption._prepare_shares(shares[consumption], typed))

    def _share_out(self):
        """Return ``{consumption: share}``: what the coverage bears of each (``share_out``).

        The limits give what other requests have not used by now; of the requests shared out
        together the earliest takes first.
        """
        hour = self.env.ref("uom.product_uom_hour")
        known = self._origin
        # in a form the request may still hold the saved version of what is being changed
        everything = self + self.request_id.consumption_ids.filtered(
            lambda c: c not in self and c not in known
        )
        ordered = everything.sorted(lambda c: c._get_turn())
        counted = ordered.filtered(lambda c: not c.is_cancelled)
        left = counted._read_limits_left()
        shares = share_out([c._prepare_share(hour, left) for c in counted])
        result = dict.fromkeys(ordered, {"amount": 0.0, "hours": 0.0, "points": 0.0})
        result.update(zip(counted, shares, strict=True))
        return result

    def _get_turn(self):
        """Sort key of who uses up limits first: request by request, line by line."""
        self.ensure_one()
        own = self._origin.id or float("inf")
        return (*self.request_id._get_turn(), self.sequence, own)

    def _read_limits_left(self):
        """What is left of limits for the requests of these consumptions, their own use apart.

        :return: ``{coverage line id: {"hours": float, "amount": float}}``, in the currency of the
            contract; no key where there is no limit
        """
        promises_sudo = self.env["service.contract.coverage"].sudo()
        for consumption in self:
            promises_sudo |= consumption._get_decision().coverage_id.sudo()
        limited_sudo = promises_sudo.filtered(lambda line: line.hour_limit or line.amount_limit)
        if not limited_sudo:
            return {}
        if self == self._origin:  # a form uses nothing up
            limited_sudo._claim_limits()
        used = self.env["service.contract"]._coverage_used_by_others(
            limited_sudo.ids,
            {line.id: (line.date_start, line.date_end) for line in limited_sudo},
            [{"request_id": request.id} for request in self.request_id._origin],
        )
        return {
            line.id: {
                name: limit - used[line.id][name]
                for name, limit in (("hours", line.hour_limit), ("amount", line.amount_limit))
                if limit
            }
            for line in limited_sudo
        }

    def _prepare_share(self, hour, left):
        """What the rules of sharing need to know of a consumption.

        :param left: what is left of the limits, see :meth:`_read_limits_left`
        """
        self.ensure_one()
        decision = self._get_decision()
        decided = decision.coverage_terms or {}
        terms = {name: decided[name] for name in ("free_hours", "deductible") if name in decided}
        promise_sudo = decision.coverage_id.sudo()
        timed = self.kind == "labor" and self.uom_id._has_common_reference(hour)
        return {
            "amount": self.amount_consumed,
            "kind": self.kind,
            "hours": self.uom_id._compute_quantity(self.quantity, hour, round=False)
            if timed
            else 0.0,
            "rate": decision[RATES[self.kind]],
            "terms": {**terms, **left.get(promise_sudo.id, {})},
            "points_per_hour": promise_sudo.points_per_hour,
            "points_per_amount": promise_sudo.points_per_amount,
            "factor": self._get_terms_factor(decision.contract_id),
            "promise": promise_sudo.id,
            "contract": decision.contract_id.id,
            "request": self.request_id,
        }

    def _get_terms_factor(self, contract):
        """What one unit of the contract's currency is in the request's."""
        currency = contract.sudo().currency_id
        if not currency or currency == self.currency_id:
            return 1.0
        return currency._get_conversion_rate(
            currency, self.currency_id, self.company_id, self.request_id.date
        )

    def _get_typing_basis(self):
        """What a typed amount was typed for: once this changes, the amount is automatic again."""
        self.ensure_one()
        decision = self._get_decision()
        return repr(
            (
                self.equipment_line_id.equipment_id.id,
                self.component_line_id.id,
                self.product_id.id,
                self.quantity,
                self.uom_id.id,
                self.currency_id.id,
                decision.coverage,
                decision.coverage_id.id,
                decision[RATES[self.kind]],
            )
        )

    def _prepare_shares(self, share, typed=None):
        """Values of the shares of a consumption.

        :param share: what the coverage bears (``share_out``)
        :param typed: what the customer pays when that was decided by hand
        """
        self.ensure_one()
        due = self._round(self.amount_consumed - share["amount"]) if typed is None else typed
        if self.is_cancelled:
            due = 0.0
        borne = max(min(self._round(share["amount"]), self.amount_consumed - due), 0.0)
        billed_in_full = typed is not None and self.amount_consumed and not borne
        return {
            "amount_to_invoice": due,
            "amount_borne": borne,
            "amount_covered": borne if self._get_decision().covered_by_id else 0.0,
            "hours_borne": 0.0 if billed_in_full else share["hours"],
            "points": 0.0 if billed_in_full else share["points"],
            "typed_for": False if typed is None else self._get_typing_basis(),
        }

    def _inverse_amount_to_invoice(self):
        # the web client sends back what it was shown: only another amount was typed by hand
        typed = {consumption: consumption.amount_to_invoice for consumption in self}
        shares = self._share_out()
        for consumption, amount in typed.items():
            automatic = consumption._prepare_shares(shares[consumption])
            if consumption.currency_id.compare_amounts(amount, automatic["amount_to_invoice"]):
                consumption.update(consumption._prepare_shares(shares[consumption], amount))
            else:
                consumption.update(automatic)

    @api.depends("amount_consumed", "amount_to_invoice")
    def _compute_billable(self):
        for consumption in self:
            if not consumption.amount_to_invoice:
                consumption.billable = "free"
            else:
                due = consumption.amount_to_invoice < consumption.amount_consumed
                consumption.billable = "partial" if due else "full"

    def _inverse_billable(self):
        for consumption in self:
            if consumption.billable == "free":
                consumption.amount_to_invoice = 0.0
            elif consumption.billable == "full":
                consumption.amount_to_invoice = consumption.amount_consumed

    @api.depends("request_id.invoice_partner_id")
    def _compute_bill_to_id(self):
        for consumption in self - self._filter_locked():
            consumption.bill_to_id = consumption.request_id.invoice_partner_id

    @api.depends("request_id.analytic_distribution")
    def _compute_analytic_distribution(self):
        for consumption in self:
            consumption.analytic_distribution = (
                consumption.request_id.analytic_distribution or consumption.analytic_distribution
            )
