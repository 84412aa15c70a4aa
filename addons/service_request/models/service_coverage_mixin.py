from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANUAL_COVERAGES = [
    ("none", "Not Covered"),
    ("contract", "Covered by Contract"),
    ("sale", "Covered by Sales Order"),
    ("goodwill", "Goodwill"),
    ("direct", "Direct Invoicing"),
]
# the first two are found by the system only
COVERAGES = [("full", "Covered in Full"), ("partial", "Covered in Part"), *MANUAL_COVERAGES]
FULL = {"parts": 100.0, "labor": 100.0, "travel": 100.0}
NOTHING = {"parts": 0.0, "labor": 0.0, "travel": 0.0}
OFFICE = "installed_base.group_service_user"
DECISIONS = {
    "coverage",
    "coverage_manual",
    "coverage_mode",
    "coverage_contract_id",
    "coverage_sale_id",
    "contract_id",
    "sale_id",
}


class ServiceCoverageMixin(models.AbstractModel):
    """A coverage that the system finds, unless somebody decides by hand.

    The decision by hand has fields of its own and the coverage is derived from them: nothing that
    is recomputed can lose it. What was decided is kept as it was on that day, so that it can be
    shown and explained later. A model using this gives ``_prepare_coverage_item``, ``_get_request``
    and the dependencies of ``_compute_coverage``.
    """

    _name = "service.coverage.mixin"
    _description = "Decided Coverage"

    coverage = fields.Selection(
        COVERAGES,
        compute="_compute_coverage",
        inverse="_inverse_coverage",
        store=True,
        readonly=False,
        copy=False,
        index=True,
        help="Who bears the cost: the coverage that was found, or the decision taken by hand.",
    )
    coverage_mode = fields.Selection(
        [("auto", "Automatic"), ("manual", "By Hand")],
        compute="_compute_coverage_mode",
        inverse="_inverse_coverage_mode",
        store=True,
        readonly=False,
        copy=False,
    )
    coverage_label = fields.Char(
        string="Coverage Explained",
        compute="_compute_coverage_label",
        help="What covers this and why, in the language of the reader.",
    )

    # Decided by hand
    coverage_manual = fields.Selection(
        MANUAL_COVERAGES,
        string="Decided by Hand",
        copy=False,
        help="Overrides whatever the contracts say; empty it to return to the automatic coverage.",
    )
    coverage_contract_id = fields.Many2one(
        "service.contract",
        string="Covering Contract",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The contract to use when somebody decides « Covered by Contract ».",
    )
    coverage_sale_id = fields.Many2one(
        "sale.order",
        string="Covering Sales Order",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The order to use when somebody decides « Covered by Sales Order ».",
    )

    # What was decided
    contract_id = fields.Many2one(
        "service.contract",
        compute="_compute_coverage",
        inverse="_inverse_contract_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
    )
    sale_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        compute="_compute_coverage",
        inverse="_inverse_sale_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
    )
    coverage_id = fields.Many2one(
        "service.contract.coverage",
        string="Coverage Line",
        compute="_compute_coverage",
        store=True,
        index="btree_not_null",
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
    coverage_reason_code = fields.Char(
        compute="_compute_coverage", store=True, export_string_translation=False
    )
    coverage_reason_args = fields.Json(
        compute="_compute_coverage",
        store=True,
        export_string_translation=False,
        help="What the sentence about this coverage speaks of, on the day when it was decided.",
    )
    parts_rate = fields.Float(
        string="Parts (%)",
        compute="_compute_coverage",
        store=True,
        help="Share of the parts that the customer gets free.",
    )
    labor_rate = fields.Float(
        string="Labour (%)",
        compute="_compute_coverage",
        store=True,
        help="Share of the labour that the customer gets free.",
    )
    travel_rate = fields.Float(
        string="Travel (%)",
        compute="_compute_coverage",
        store=True,
        help="Share of the travel that the customer gets free.",
    )
    points_flat = fields.Float(
        string="Flat Points",
        compute="_compute_coverage",
        store=True,
        help="Points that each request costs, whatever is consumed.",
    )
    coverage_terms = fields.Json(
        compute="_compute_coverage",
        store=True,
        export_string_translation=False,
        help="Free hours, deductible and what was left of the limits when it was decided.",
    )

    # ------------------------------------------------------------ the decision
    @api.depends("coverage_manual", "coverage_contract_id", "coverage_sale_id")
    def _compute_coverage(self):
        by_contracts = self._decide_by_contracts()
        for record in self:
            record.update(
                {
                    **self._prepare_decision("none"),
                    **(
                        by_contracts.get(record)
                        or record._decide_by_hand()
                        or record._decide_otherwise()
                    ),
                }
            )
        # the engine may have read what depends on this before it was known; what is about to be
        # written on a saved request tells it then
        self.filtered(lambda r: r.id or not r._get_request().id).modified(["coverage"])

    def _get_request(self):
        """The request that this belongs to; empty: none."""
        return self.env["service.request"]

    def _prepare_coverage_item(self):
        """What the coverage engine is asked (see ``service.contract._cover``); empty: nothing."""
        return {}

    def _get_choice(self):
        """What was decided by hand and holds here."""
        self.ensure_one()
        return {
            "coverage": self.coverage_manual,
            "contract": self.coverage_contract_id,
            "sale": self.coverage_sale_id,
        }

    def _is_paid_apart(self):
        """Whether somebody decided by hand who pays, without a contract and without refusing."""
        self.ensure_one()
        return self._get_choice()["coverage"] not in (False, "none") and not self.contract_id

    def _decide_otherwise(self):
        """Values of the decision where neither a person nor a contract can tell."""
        return {}

    def _prepare_question(self):
        """What contracts are asked: to cover, or what the one that was chosen promises."""
        choice = self._get_choice()
        if not choice["coverage"]:
            return self._prepare_coverage_item()
        if choice["coverage"] == "contract" and choice["contract"]:
            return {
                "request_id": self._get_request()._origin.id,
                "equipment_id": self.equipment_id.id,
                "chosen_id": choice["contract"].id,
            }
        return {}

    def _decide_by_contracts(self):
        """Return ``{record: values}``: what the coverage engine or a chosen contract decides."""
        items = {record: record._prepare_question() for record in self}
        asked = self.filtered(items.get)
        requests = [record._get_request() for record in asked]
        answers = self.env["service.request"]._decide_coverage(
            requests, [items[record] for record in asked]
        )
        return {
            record: self._prepare_decision(answer["status"], answer)
            for record, answer in zip(asked, answers, strict=True)
        }

    def _decide_by_hand(self):
        """Values of a decision by a person that no contract is needed for; empty: there is none."""
        choice = self._get_choice()
        coverage = choice["coverage"]
        if not coverage:
            return {}
        rates = NOTHING if coverage in ("none", "direct") else FULL
        sale = choice["sale"] if coverage == "sale" else False
        return {**self._prepare_decision(coverage, {"rates": rates}), "sale_id": sale}

    @api.model
    def _prepare_decision(self, coverage, answer=None):
        """Values of a decision, out of an answer of the coverage engine or part of one."""
        answer = answer or {}
        rates = answer.get("rates", NOTHING)
        return {
            "coverage": coverage,
            "contract_id": answer.get("contract_id", False),
            "sale_id": False,
            "coverage_id": answer.get("coverage_id", False),
            "covered_by_id": answer.get("covered_by_id", False),
            "coverage_reason_code": answer.get("reason_code", False),
            "coverage_reason_args": answer.get("reason_args") or False,
            "parts_rate": rates["parts"],
            "labor_rate": rates["labor"],
            "travel_rate": rates["travel"],
            "points_flat": answer.get("points", 0.0),
            "coverage_terms": self._prepare_terms(answer),
        }

    @api.model
    def _prepare_terms(self, answer):
        remaining = answer.get("remaining", {})
        terms = {
            "free_hours": answer.get("free_hours"),
            "deductible": answer.get("deductible"),
            "hours": remaining.get("hours"),
            "amount": remaining.get("amount"),
        }
        # nothing left (0) is a term, no limit (None) is not
        return {
            name: value
            for name, value in terms.items()
            if value or (value is not None and name in ("hours", "amount"))
        } or False

    def _costs_points(self):
        """Whether what is consumed here is paid by points instead of money."""
        self.ensure_one()
        promise_sudo = self.coverage_id.sudo()
        return (
            promise_sudo.contract_id.kind == "points"
            or self.points_flat > 0
            or promise_sudo.points_per_hour > 0
            or promise_sudo.points_per_amount > 0
        )

    # ------------------------------------------------------------ by hand
    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_decide(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_decide(set(vals))
        return super().write(vals)

    def _check_may_decide(self, names):
        if names & DECISIONS and not self.env.su and not self.env.user.has_group(OFFICE):
            raise AccessError(
                self.env._("Coverage is decided by the office: ask a call taker or your manager.")
            )

    @api.depends("coverage_manual")
    def _compute_coverage_mode(self):
        for record in self:
            record.coverage_mode = "manual" if record.coverage_manual else "auto"

    def _inverse_coverage(self):
        labels = dict(self._fields["coverage"]._description_selection(self.env))
        choices = dict(self._fields["coverage_manual"]._description_selection(self.env))
        for record in self:
            if record.coverage and record.coverage not in choices:
                raise UserError(
                    self.env._(
                        "« %(coverage)s » can only be found by the system. Choose one of these for "
                        "%(record)s: %(choices)s.",
                        coverage=labels[record.coverage],
                        record=record.display_name,
                        choices=", ".join(choices.values()),
                    )
                )
            record.coverage_manual = record.coverage
        self._decide_again()

    def _inverse_coverage_mode(self):
        self.filtered(lambda record: record.coverage_mode == "auto").coverage_manual = False

    def _inverse_contract_id(self):
        for record in self:
            record.coverage_contract_id = record.contract_id
        self._decide_again()

    def _inverse_sale_id(self):
        for record in self:
            record.coverage_sale_id = record.sale_id
        self._decide_again()

    def _decide_again(self):
        """Writing a part of the decision keeps the rest from being computed: ask for it."""
        for name in self._prepare_decision("none"):
            self.env.add_to_compute(self._fields[name], self)

    # ------------------------------------------------------------ in words
    @api.depends_context("lang")
    @api.depends("coverage_reason_code", "coverage_reason_args")
    def _compute_coverage_reason(self):
        reasons = [(record.coverage_reason_code, record.coverage_reason_args) for record in self]
        sentences = self.env["service.contract"]._render_reasons(reasons)
        for record, sentence in zip(self, sentences, strict=True):
            record.coverage_reason = sentence

    @api.depends_context("lang")
    @api.depends("coverage", "coverage_mode", "contract_id", "sale_id", "coverage_reason")
    def _compute_coverage_label(self):
        for record in self:
            record.coverage_label = (
                record._explain_choice()
                if record.coverage_mode == "manual"
                else record.coverage_reason
            )

    def _explain_choice(self):
        self.ensure_one()
        if self.coverage == "none":
            return self.env._("Coverage refused by hand")
        if self.coverage == "contract" and self.contract_id and self.coverage_reason:
            return self.env._("Chosen by hand. %(reason)s", reason=self.coverage_reason)
        if self.coverage == "contract" and self.contract_id:
            name = self.contract_id.sudo().name
            return self.env._("Contract %(name)s, chosen by hand", name=name)
        if self.coverage == "contract":
            return self.env._("Contract without number: given free, as goodwill")
        if self.coverage == "sale" and self.sale_id:
            return self.env._("Sales order %(name)s", name=self.sale_id.sudo().name)
        if self.coverage == "sale":
            return self.env._("Sales order without number: given free, as goodwill")
        if self.coverage == "goodwill":
            return self.env._("Goodwill: given free")
        return self.env._("Direct invoicing: the customer agreed to pay")
