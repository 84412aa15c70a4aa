from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

OPEN = ("draft", "sent", "accepted", "partly")

# before its deadline, a claim that was not sent is brought to mind
ALERT_DAYS = 14


class ServiceWarrantyClaim(models.Model):
    """What a supplier owes us by its warranty (X3: demande de garantie)."""

    _name = "service.warranty.claim"
    _description = "Supplier Claim"
    _inherit = ["service.numbered", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ["name", "supplier_id", "supplier_rma"]

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    claim_type = fields.Selection(
        [
            ("acknowledgement", "Acknowledgement"),
            ("part", "New Part"),
            ("repair", "Repair"),
            ("exchange", "Exchange"),
            ("credit", "Credit"),
        ],
        required=True,
        default="credit",
        tracking=True,
        help="What we want from the supplier.",
    )
    supplier_id = fields.Many2one(
        "res.partner", required=True, index=True, tracking=True, check_company=True
    )
    supplier_rma = fields.Char(
        string="Supplier's RMA Number",
        copy=False,
        tracking=True,
        help="The number under which the supplier treats the claim and takes goods back.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False)
    is_collective = fields.Boolean(
        string="Collects a Month",
        readonly=True,
        copy=False,
        help="As long as it is a draft, what else is to be claimed this month is added to it.",
    )
    note = fields.Text(string="What Is Wrong", help="Stands on the document for the supplier.")

    # What is claimed
    request_id = fields.Many2one(
        "service.request", index="btree_not_null", ondelete="restrict", check_company=True
    )
    equipment_id = fields.Many2one(
        "service.equipment", string="Machine", index="btree_not_null", ondelete="restrict"
    )
    component_id = fields.Many2one(
        "service.equipment.component",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('equipment_id', '=', equipment_id)]",
    )
    consumption_ids = fields.One2many(
        "service.consumption",
        "warranty_claim_id",
        string="Claimed Consumptions",
        help="Parts, labour and travel that the supplier's warranty covers.",
    )
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
        help="The claim must be with the supplier on this day: the earliest end of its warranty.",
    )

    # What comes of it
    amount_claimed = fields.Monetary(
        string="Claimed",
        compute="_compute_amount_claimed",
        store=True,
        readonly=False,
        help="Of the consumptions; typed by hand for a claim that is made before the repair.",
    )
    amount_accepted = fields.Monetary(
        string="Accepted Amount", readonly=True, copy=False, tracking=True
    )
    amount_refused = fields.Monetary(
        string="Refused Amount",
        compute="_compute_outcome",
        store=True,
        help="Our own cost: what the supplier was asked for and does not pay.",
    )
    amount_expected = fields.Monetary(
        string="Credit to Receive",
        compute="_compute_outcome",
        store=True,
        help="What is claimed and not answered yet, or accepted and not settled yet.",
    )
    recovery_rate = fields.Float(
        compute="_compute_outcome",
        store=True,
        aggregator=None,
        help="Accepted part of what was claimed, once the supplier has answered.",
    )
    refusal_reason = fields.Char(readonly=True, copy=False, tracking=True)
    settlement = fields.Selection(
        [("refund", "Vendor Credit Note"), ("invoice", "Invoice to the Supplier")],
        string="Settled by",
        required=True,
        default="refund",
    )
    refund_move_id = fields.Many2one(
        "account.move",
        string="Settlement",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The credit note that the supplier sent, for one claim or many; empty: it is made "
        "when the claim is settled.",
    )
    settlement_state = fields.Selection(
        related="refund_move_id.payment_state",
        string="Payment",
        groups="account.group_account_invoice",
    )
    settlement_residual = fields.Monetary(
        related="refund_move_id.amount_residual",
        string="Still to Be Paid",
        currency_field="settlement_currency_id",
        groups="account.group_account_invoice",
        help="Of the credit note or invoice, which may settle several claims: what no bill or "
        "payment is reconciled with yet.",
    )
    settlement_currency_id = fields.Many2one(
        related="refund_move_id.currency_id", string="Currency of the Settlement", tracking=False
    )
    is_settlement_draft = fields.Boolean(
        string="Settlement to Post", compute="_compute_is_settlement_draft", compute_sudo=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("partly", "Partly Accepted"),
            ("refused", "Refused"),
            ("settled", "Settled"),
        ],
        compute="_compute_state",
        store=True,
        required=True,
        default="draft",
        index=True,
        tracking=True,
        help="Settled once its settlement is posted: the supplier owes it from then on, "
        "« Payment » says whether it was paid. Open again when that is reset, cancelled, "
        "reversed or deleted.",
    )
    age = fields.Integer(
        string="Age (days)",
        compute="_compute_age",
        help="Days since the claim was sent, as long as it is not settled.",
    )

    _amounts_not_negative = models.Constraint(
        "CHECK (amount_claimed >= 0 AND amount_accepted >= 0)",
        "The amounts of a claim cannot be negative.",
    )

    # ------------------------------------------------------------ computes
    @api.depends("consumption_ids.claim_deadline", "component_id", "equipment_id")
    def _compute_deadline(self):
        for claim in self:
            part = claim.component_id if claim.component_id.supplier_id else claim.equipment_id
            ends = claim.consumption_ids.filtered("claim_deadline").mapped("claim_deadline")
            claim.deadline = min(ends, default=part.supplier_warranty_end or claim.deadline)

    @api.depends("consumption_ids.amount_claimed")
    def _compute_amount_claimed(self):
        for claim in self:
            claim.amount_claimed = (
                sum(claim.consumption_ids.mapped("amount_claimed")) or claim.amount_claimed
            )

    @api.depends("refund_move_id.state", "refund_move_id.reversal_move_ids.state")
    def _compute_state(self):
        """Settled by a posted credit note or invoice; open again when that is undone."""
        for claim in self:
            # who follows claims need not see the books
            settled = claim.sudo()._get_settlement().state == "posted"
            if settled and claim.state in ("accepted", "partly"):
                claim.state = "settled"
            elif claim.state == "settled" and not settled:
                claim.state = claim._get_accepted_state()
            else:
                claim.state = claim.state or "draft"

    def _get_accepted_state(self):
        self.ensure_one()
        rest = self.currency_id.compare_amounts(self.amount_accepted, self.amount_claimed)
        return "partly" if rest < 0 else "accepted"

    @api.depends("refund_move_id.state", "refund_move_id.reversal_move_ids.state")
    def _compute_is_settlement_draft(self):
        for claim in self:
            claim.is_settlement_draft = claim._get_settlement().state == "draft"

    def _get_settlement(self):
        """The credit note or invoice that settles this claim, unless it was undone."""
        self.ensure_one()
        settlement = self.refund_move_id
        reversals = settlement.reversal_move_ids.filtered(lambda move: move.state == "posted")
        given_back = sum(reversals.mapped("amount_total"))
        undone = settlement.state == "cancel" or (
            reversals
            and settlement.currency_id.compare_amounts(given_back, settlement.amount_total) >= 0
        )
        return settlement.browse() if undone else settlement

    @api.depends("state", "amount_claimed", "amount_accepted")
    def _compute_outcome(self):
        for claim in self:
            answered = claim.state in ("accepted", "partly", "refused", "settled")
            claimed, accepted = claim.amount_claimed, claim.amount_accepted
            claim.amount_refused = max(claimed - accepted, 0.0) if answered else 0.0
            claim.recovery_rate = accepted / claimed if answered and claimed else 0.0
            expected = {"sent": claimed, "accepted": accepted, "partly": accepted}
            claim.amount_expected = expected.get(claim.state, 0.0)

    @api.depends("date_sent", "state")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for claim in self:
            waits = claim.date_sent and claim.state in OPEN
            claim.age = (today - claim.date_sent).days if waits else 0

    @api.constrains("component_id", "equipment_id")
    def _check_component(self):
        for claim in self.filtered("component_id"):
            if claim.component_id.equipment_id != claim.equipment_id:
                raise ValidationError(
                    self.env._(
                        "%(component)s is not a part of %(machine)s: choose its machine on "
                        "%(claim)s.",
                        component=claim.component_id.display_name,
                        machine=claim.equipment_id.display_name,
                        claim=claim.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        sent = self.filtered(lambda claim: claim.state != "draft")
        if sent:
            raise UserError(
                self.env._(
                    "%(claims)s was sent to the supplier and is kept.",
                    claims=", ".join(sent.mapped("name")),
                )
            )
        # what they claimed is to be claimed again
        self.consumption_ids.warranty_claim_id = False

    # ------------------------------------------------------------ life
    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims.company_id.sudo()._check_service_invoicing()
        return claims

    def action_send(self):
        """The claims go to their suppliers, by mail where an address is known.

        :raise UserError: when a claim is no draft, or claims nothing
        """
        self._check_state("draft")
        for claim in self:
            named = claim.consumption_ids or claim.equipment_id or claim.request_id or claim.note
            if not named or (claim.claim_type == "credit" and not claim.amount_claimed):
                raise UserError(
                    self.env._(
                        "%(claim)s claims nothing from %(supplier)s: add consumptions, or a "
                        "machine and an amount.",
                        claim=claim.name,
                        supplier=claim.supplier_id.display_name,
                    )
                )
        self.write({"state": "sent", "date_sent": fields.Date.context_today(self)})
        self._close_alerts()
        template = self.env.ref("service_billing.mail_template_warranty_claim")
        for claim in self.filtered("supplier_id.email"):
            claim.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        return True

    def action_accept(self, amount):
        """The supplier pays, all or a part.

        :param amount: accepted amount in the currency of the company, taxes excluded
        :raise UserError: when the claim was not sent, or the amount is not between nothing and
            what was claimed
        """
        self.ensure_one()
        self._check_state("sent", "accepted", "partly")
        currency = self.currency_id
        if currency.compare_amounts(amount, 0) <= 0 or (
            currency.compare_amounts(amount, self.amount_claimed) > 0
        ):
            raise UserError(
                self.env._(
                    "%(claim)s claims %(claimed)s: the accepted amount must be more than nothing "
                    "and not more than that. Refuse the claim when nothing is paid.",
                    claim=self.name,
                    claimed=currency.format(self.amount_claimed),
                )
            )
        self.amount_accepted = amount
        self.state = self._get_accepted_state()
        self._close_alerts()
        return True

    def action_accept_all(self):
        """The suppliers pay all that was claimed."""
        for claim in self:
            claim.action_accept(claim.amount_claimed)
        return True

    def action_refuse(self, reason):
        """The supplier pays nothing: it is our own cost.

        :param reason: what the supplier says
        :raise UserError: when the claim was not sent, or without a reason
        """
        self._check_state("sent", "accepted", "partly")
        if not reason:
            raise UserError(self.env._("Say why the supplier refuses the claim."))
        self.write({"state": "refused", "amount_accepted": 0.0, "refusal_reason": reason})
        self._close_alerts()
        return True

    def action_reset(self):
        """Back to a draft: it was sent or refused by mistake, or is claimed again."""
        self._check_state("sent", "refused")
        self.write({"state": "draft", "amount_accepted": 0.0, "refusal_reason": False})
        self.date_sent = False
        return True

    def _check_state(self, *states):
        self.company_id.sudo()._check_service_invoicing()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in states:
                raise UserError(
                    self.env._(
                        "%(claim)s is « %(state)s »: this is only possible while it is "
                        "%(allowed)s.",
                        claim=claim.name,
                        state=labels[claim.state],
                        allowed=" / ".join(f"« {labels[state]} »" for state in states),
                    )
                )

    # ------------------------------------------------------------ nothing is forgotten
    @api.model
    def _run_claims(self):
        """Cron: claim what is to be claimed, and warn of deadlines and silent suppliers."""
        for company in self.env["res.company"].search([("service_invoicing_enabled", "=", True)]):
            company._localize(self)._follow_up(company)

    @api.model
    def _follow_up(self, company):
        """Claim what is to be claimed in a company, and warn of deadlines and silent suppliers."""
        today = fields.Date.context_today(self)
        soon = today + timedelta(days=ALERT_DAYS)
        mine = ("company_id", "=", company.id)
        to_claim = [mine, ("claim_state", "=", "to_claim")]
        if not company.service_claim_automatic:
            # whoever claims by hand must not forget
            to_claim.append(("claim_deadline", "<=", soon))
        self.env["service.consumption"].search(to_claim)._create_claims()
        for claim in self.search([mine, ("state", "=", "draft"), ("deadline", "<=", soon)]):
            claim._alert(
                claim.deadline,
                self.env._(
                    "Send to %(supplier)s before its warranty ends",
                    supplier=claim.supplier_id.display_name,
                ),
            )
        silent = self.search(
            [mine, ("state", "=", "sent"), ("date_sent", "<=", today - timedelta(days=30))]
        )
        for claim in silent:
            claim._alert(
                today,
                self.env._(
                    "%(supplier)s has not answered for %(days)s days",
                    supplier=claim.supplier_id.display_name,
                    days=claim.age,
                ),
            )

    def _alert(self, deadline, summary):
        """One activity at a time for the responsible."""
        self.ensure_one()
        kind = "service_billing.mail_activity_type_claim"
        if not self.activity_search([kind]):
            self.activity_schedule(
                kind,
                date_deadline=deadline,
                summary=summary,
                user_id=(self.user_id or self.env.user).id,
            )

    def _close_alerts(self):
        self.activity_unlink(["service_billing.mail_activity_type_claim"])
