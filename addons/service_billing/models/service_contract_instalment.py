from odoo import api, fields, models
from odoo.tools.misc import format_date


class ServiceContractInstalment(models.Model):
    """What a contract costs in one period: to invoice once, in advance or in arrears."""

    _name = "service.contract.instalment"
    _description = "Contract Instalment"
    _check_company_auto = True
    _order = "contract_id, date_from, id"

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="contract_id.invoice_partner_id", string="Invoiced Customer", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    date_due = fields.Date(
        string="Invoice on",
        required=True,
        index=True,
        help="The first day of the period in advance, its last day in arrears.",
    )
    amount = fields.Monetary(
        required=True, help="Untaxed; in proportion to the days when the period is cut short."
    )
    amount_credited = fields.Monetary(
        string="Credited",
        readonly=True,
        help="What was given back for the days after an early termination.",
    )
    is_on_order = fields.Boolean(
        string="On the Sales Order",
        readonly=True,
        help="The order that sold the contract bills it.",
    )
    is_cancelled = fields.Boolean(
        string="Cancelled", readonly=True, help="The contract ended before this period."
    )
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "service_instalment_id",
        string="Invoice Lines",
        readonly=True,
        groups="account.group_account_invoice",
    )
    invoice_id = fields.Many2one(
        "account.move",
        string="On Invoice",
        compute="_compute_state",
        store=True,
        index="btree_not_null",
    )
    invoice_number = fields.Char(
        related="invoice_id.name", help="For those who may not open the invoice."
    )
    credit_note_id = fields.Many2one(
        "account.move", compute="_compute_state", store=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("pending", "To Invoice"),
            ("order", "On the Sales Order"),
            ("invoiced", "Invoiced"),
            ("to_credit", "Credit Note to Post"),
            ("credited", "Credited"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="A cancelled or credited invoice frees its instalments to be invoiced again.",
    )

    _period_once = models.UniqueIndex(
        "(contract_id, date_from) WHERE COALESCE(amount_credited, 0) = 0",
        "This contract has an instalment for this period already.",
    )
    _period_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "An instalment cannot end before it begins."
    )

    @api.depends(
        "is_on_order",
        "is_cancelled",
        "amount_credited",
        "invoice_line_ids.move_id.move_type",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.payment_state",
    )
    def _compute_state(self):
        for instalment in self:
            moves = instalment.invoice_line_ids._filter_billing().move_id
            instalment.invoice_id = moves[:1]
            notes = instalment.invoice_line_ids.move_id.filtered(
                lambda move: move.move_type == "out_refund" and move.state != "cancel"
            )
            instalment.credit_note_id = notes[-1:]
            if instalment.amount_credited:
                draft = set(notes.mapped("state")) == {"draft"}
                instalment.state = "to_credit" if draft else "credited"
            elif moves:
                instalment.state = "invoiced"
            elif instalment.is_cancelled:
                instalment.state = "cancelled"
            else:
                instalment.state = "order" if instalment.is_on_order else "pending"

    @api.depends("contract_id", "date_from")
    def _compute_display_name(self):
        for instalment in self:
            day = format_date(self.env, instalment.date_from)
            instalment.display_name = f"{instalment.contract_id.name} {day}"

    def _get_amount_after(self, day):
        """The part of the amount for the days from ``day`` on."""
        return self.currency_id.round(self.amount * self._get_share_after(day))

    def _get_billed_lines(self):
        """The lines of invoices in force that bill this, and of credit notes on a part of them.

        They are its own, or those of the sales order that bills it.
        """
        self.ensure_one()
        lines = self.invoice_line_ids
        if self.is_on_order:
            lines |= self.contract_id.sale_line_id.invoice_lines
        return lines._filter_in_force()

    def _get_share_after(self, day):
        """What the days from ``day`` on are of the period, from 0 to 1."""
        self.ensure_one()
        days = (self.date_to - self.date_from).days + 1
        unused = (self.date_to - max(day, self.date_from)).days + 1
        return max(unused, 0) / days

    def _prepare_invoice_line(self, amount, start=None):
        """Values of the invoice line that bills this amount of the instalment.

        :param start: date from which it is for, where that is not the whole period
        """
        self.ensure_one()
        contract = self.contract_id
        lang = contract.invoice_partner_id.lang or self.env.lang
        product = contract.product_id.with_context(lang=lang)
        period = self.env._(
            "%(start)s – %(end)s",
            start=format_date(self.env, start or self.date_from, lang_code=lang),
            end=format_date(self.env, self.date_to, lang_code=lang),
        )
        return {
            **contract._prepare_deferral(),
            "product_id": product.id,
            "name": f"{product.display_name}\n{contract.name} · {period}",
            "quantity": 1,
            "price_unit": amount,
            "analytic_distribution": contract.analytic_distribution or False,
            "service_instalment_id": self.id,
        }

    def _prepare_credit_line(self):
        """Values of the line that gives back the days after the termination."""
        self.ensure_one()
        start = max(self.date_from, self.contract_id.termination_date)
        return self._prepare_invoice_line(self.amount_credited, start)

    def _is_invoiced_by_order(self):
        """Whether the sales order that bills this instalment was invoiced."""
        self.ensure_one()
        return self.state == "order" and self.contract_id.sale_line_id.qty_invoiced > 0

    def action_invoice(self):
        """Invoice what is due today of the contracts of these instalments, and open the drafts.

        :raise UserError: when nothing is due, saying why
        """
        return self.contract_id.action_invoice_instalments()

    def action_view_contract(self):
        """Open the contracts of these instalments."""
        return self.contract_id._get_records_action(name=self.env._("Contracts"))
