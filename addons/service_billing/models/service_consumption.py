from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.service_request.models.service_request_billing import PRICE_GROUPS

# Who pays which amount: each share is invoiced to its own partner
SHARES = {
    "bill_to": ("bill_to_id", "amount_to_invoice"),
    "covered_by": ("covered_by_id", "amount_covered"),
}
# Facts that an invoice in force has printed
LOCKED = {
    "product_id",
    "quantity",
    "uom_id",
    "price_unit",
    "amount_consumed",
    "amount_to_invoice",
    "bill_to_id",
    "third_party_id",
    "third_party_rate",
    "equipment_line_id",
    "component_line_id",
    "request_id",
    "done_date",
    "is_cancelled",
}


class ServiceConsumption(models.Model):
    """What an invoice in force does to a consumption: it is invoiced, once, and locked."""

    _inherit = "service.consumption"

    invoice_line_ids = fields.Many2many(
        "account.move.line",
        "service_consumption_invoice_line_rel",
        "consumption_id",
        "invoice_line_id",
        string="Invoice Lines",
        readonly=True,
        copy=False,
    )
    is_bill_to_invoiced = fields.Boolean(
        string="Customer's Share Invoiced", compute="_compute_invoiced_shares", store=True
    )
    is_covered_by_invoiced = fields.Boolean(
        string="Third Party's Share Invoiced", compute="_compute_invoiced_shares", store=True
    )
    invoice_state = fields.Selection(
        [
            ("nothing", "Nothing to Invoice"),
            ("to_invoice", "To Invoice"),
            ("invoiced", "Invoiced"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_invoice_state",
        store=True,
        index=True,
        help="Invoiced once all who pay a share are invoiced. A cancelled or credited invoice "
        "frees its consumptions to be invoiced again.",
    )
    amount_open = fields.Monetary(
        string="Still to Invoice",
        compute="_compute_invoice_state",
        store=True,
        groups=PRICE_GROUPS,
        help="Done, to be paid by somebody, and on no invoice in force.",
    )

    @api.depends(
        "invoice_line_ids.service_share",
        "invoice_line_ids.move_id.move_type",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.payment_state",
    )
    def _compute_invoiced_shares(self):
        for consumption in self:
            billed = consumption.invoice_line_ids._filter_billing().mapped("service_share")
            consumption.is_bill_to_invoiced = "bill_to" in billed
            consumption.is_covered_by_invoiced = "covered_by" in billed

    @api.depends(
        "state",
        "amount_to_invoice",
        "amount_covered",
        "is_bill_to_invoiced",
        "is_covered_by_invoiced",
    )
    def _compute_invoice_state(self):
        for consumption in self:
            billed = consumption._get_billed_shares()
            due = {share for share in SHARES if consumption[SHARES[share][1]]}
            waiting = due - billed if consumption.state == "done" else set()
            consumption.amount_open = sum(consumption[SHARES[share][1]] for share in waiting)
            if consumption.state == "cancelled":
                consumption.invoice_state = "cancelled"
            elif waiting:
                consumption.invoice_state = "to_invoice"
            else:
                consumption.invoice_state = "invoiced" if due & billed else "nothing"

    def _get_billed_shares(self):
        """The shares of this consumption that stand on an invoice in force."""
        self.ensure_one()
        return {share for share in SHARES if self[f"is_{share}_invoiced"]}

    # ------------------------------------------------------------ what is invoiced stays
    def _filter_locked(self):
        """What an invoice in force has printed keeps its amounts, whatever happens around it."""
        printed = self.filtered(lambda c: c._get_billed_shares())
        return super()._filter_locked() | printed

    def write(self, vals):
        self._check_not_invoiced({name: vals[name] for name in LOCKED & set(vals)})
        return super().write(vals)

    def _check_not_invoiced(self, vals):
        """Refuse to change what an invoice in force has printed.

        :raise UserError: naming the consumption and its invoices
        """
        if not vals:
            return
        for consumption in self.filtered(lambda c: c._get_billed_shares()):
            if not any(consumption._differs(name, value) for name, value in vals.items()):
                continue
            raise UserError(
                self.env._(
                    "%(consumption)s is invoiced on %(invoices)s and cannot be changed: cancel or "
                    "credit the invoice first.",
                    consumption=consumption.display_name,
                    invoices=", ".join(
                        consumption.sudo()
                        .invoice_line_ids._filter_billing()
                        .move_id.mapped("display_name")
                    ),
                )
            )

    def _differs(self, name, value):
        """Whether writing this value would change the field: the web client sends all of them."""
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)
