from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.service_request.models.service_request_billing import PRICE_GROUPS

from .service_consumption_cost import COST_GROUPS


class ServiceRequest(models.Model):
    """What a request shows of its invoices, and the charges at their foot."""

    _inherit = "service.request"

    invoice_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_invoice_ids",
        compute_sudo=True,
        groups="account.group_account_invoice",
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    draft_invoice_text = fields.Char(
        compute="_compute_invoice_count",
        compute_sudo=True,
        help="Invoices of this request that accounting has still to check and post.",
    )
    invoice_state = fields.Selection(
        [
            ("nothing", "Nothing to Invoice"),
            ("to_invoice", "Waiting for Invoicing"),
            ("invoiced", "Invoiced"),
        ],
        compute="_compute_invoice_state",
        store=True,
        index=True,
        help="A closed request waits for invoicing as soon as something on it is billable.",
    )
    amount_open = fields.Monetary(
        string="Still to Invoice",
        compute="_compute_invoice_state",
        store=True,
        groups=PRICE_GROUPS,
        help="Done, to be paid by somebody, and on no invoice in force.",
    )
    service_invoicing_enabled = fields.Boolean(related="company_id.service_invoicing_enabled")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_margin = fields.Monetary(
        string="Margin",
        currency_field="company_currency_id",
        compute="_compute_amount_margin",
        store=True,
        groups=COST_GROUPS,
        help="What the done consumptions bring in, less their cost, plus what suppliers pay back.",
    )
    invoice_currency_rate = fields.Float(
        string="Exchange Rate",
        digits=0,
        copy=False,
        help="Units of the request's currency for one unit of the company's; empty: the rate of "
        "the invoice date.",
    )
    billing_charge_ids = fields.One2many(
        "service.billing.charge",
        "request_id",
        string="Footer Charges",
        compute="_compute_billing_charge_ids",
        store=True,
        readonly=False,
        groups=PRICE_GROUPS,
        help="Proposed by the customer; each becomes one line at the foot of the invoice.",
    )

    @api.depends("consumption_ids.invoice_line_ids")
    def _compute_invoice_ids(self):
        for request in self:
            request.invoice_ids = request.consumption_ids.invoice_line_ids.move_id

    @api.depends("consumption_ids.invoice_line_ids.parent_state")
    def _compute_invoice_count(self):
        for request in self:
            moves = request.consumption_ids.invoice_line_ids.move_id
            drafts = moves.filtered(lambda move: move.state == "draft")
            request.invoice_count = len(moves)
            request.draft_invoice_text = self.env._("Draft: %s", len(drafts)) if drafts else False

    @api.depends("state", "consumption_ids.invoice_state", "consumption_ids.amount_open")
    def _compute_invoice_state(self):
        for request in self:
            states = set(request.consumption_ids.mapped("invoice_state"))
            if "to_invoice" in states and request.state == "closed":
                request.invoice_state = "to_invoice"
            elif "invoiced" in states:
                request.invoice_state = "invoiced"
            else:
                request.invoice_state = "nothing"
        for request in self._filter_consuming("amount_open"):
            request.amount_open = sum(request.consumption_ids.mapped("amount_open"))

    @api.depends(
        "consumption_ids.state",
        "consumption_ids.amount_revenue",
        "consumption_ids.amount_cost",
        "consumption_ids.amount_recovered",
    )
    def _compute_amount_margin(self):
        for request in self._filter_consuming("amount_margin"):
            done = request.consumption_ids.filtered(lambda c: c.state == "done")
            request.amount_margin = sum(
                c.amount_revenue - c.amount_cost + c.amount_recovered for c in done
            )

    @api.depends("partner_id")
    def _compute_billing_charge_ids(self):
        for request in self:
            customer = request.partner_id
            # the flag is read with the customer; most have no charges to look for
            charges = customer.has_service_billing_charges and customer.service_billing_charge_ids
            proposed = charges and charges.copy_data({"partner_id": False})
            if proposed or request.billing_charge_ids:
                request.billing_charge_ids = [
                    Command.clear(),
                    *(Command.create(values) for values in proposed or []),
                ]

    @api.constrains("invoice_currency_rate")
    def _check_invoice_currency_rate(self):
        for request in self:
            if request.invoice_currency_rate < 0:
                raise UserError(
                    self.env._(
                        "The exchange rate of %(request)s must be positive.", request=request.name
                    )
                )

    def action_view_invoices(self):
        """Open the invoices of this request."""
        return self.invoice_ids._get_invoices_action()
