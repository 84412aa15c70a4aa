from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

LOCKED = {
    "product_id",
    "quantity",
    "uom_id",
    "price_unit",
    "amount_consumed",
    "amount_to_invoice",
    "equipment_line_id",
    "done_date",
    "is_cancelled",
}


class ServiceConsumption(models.Model):
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
        help="A cancelled or credited invoice frees its consumptions to be invoiced again.",
    )

    @api.depends(
        "state",
        "amount_to_invoice",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.payment_state",
    )
    def _compute_invoice_state(self):
        for consumption in self:
            if consumption.state == "cancelled":
                consumption.invoice_state = "cancelled"
            elif consumption.invoice_line_ids.filtered(lambda line: line._bills_service()):
                consumption.invoice_state = "invoiced"
            elif consumption.state == "done" and consumption.amount_to_invoice:
                consumption.invoice_state = "to_invoice"
            else:
                consumption.invoice_state = "nothing"

    def _filter_locked(self):
        invoiced = self.filtered(
            lambda c: any(line._bills_service() for line in c.invoice_line_ids)
        )
        return super()._filter_locked() | invoiced

    def write(self, vals):
        changed = LOCKED & set(vals)
        locked = (
            self.filtered(lambda c: c.invoice_state == "invoiced") if changed else self.browse()
        )
        if locked:
            raise UserError(
                self.env._(
                    "%(consumption)s is invoiced on %(invoices)s and cannot be changed: cancel or "
                    "credit the invoice first.",
                    consumption=locked[0].display_name,
                    invoices=", ".join(
                        locked[0].sudo().invoice_line_ids.move_id.mapped("display_name")
                    ),
                )
            )
        return super().write(vals)

    def _get_aggregation_key(self):
        """Consumptions with the same key share one invoice line."""
        self.ensure_one()
        alone = self.note or self.request_id.agency_id.invoice_aggregation == "none"
        return (
            self.id if alone else 0,
            self.product_id,
            self.uom_id,
            self.price_unit,
            self._get_invoiced_share(),
            str(self.analytic_distribution or ""),
        )

    def _get_invoiced_share(self):
        """Part of the consumed amount that the customer pays, between 0 and 1."""
        self.ensure_one()
        if not self.amount_consumed:
            return 1.0
        return round(self.amount_to_invoice / self.amount_consumed, 6)

    def _prepare_invoice_line(self):
        """Values of the invoice line for these consumptions (all of one aggregation key).

        The line shows the full quantity at the price that makes the amount to invoice.
        """
        first = self[0]
        request = first.request_id
        quantity = sum(self.mapped("quantity"))
        amount = sum(self.mapped("amount_to_invoice"))
        taxes = first.product_id.taxes_id._filter_taxes_by_company(request.company_id)
        values = {
            "display_type": "product",
            "product_id": first.product_id.id,
            "name": self._get_invoice_line_text(),
            "quantity": quantity,
            "product_uom_id": first.uom_id.id,
            "price_unit": amount / quantity,
            "tax_ids": [fields.Command.set(request.fiscal_position_id.map_tax(taxes).ids)],
            "service_consumption_ids": [fields.Command.link(c.id) for c in self],
        }
        if first.analytic_distribution:
            values["analytic_distribution"] = first.analytic_distribution
        return values

    def _get_invoice_line_text(self):
        """What was used, for which machine and when, in the language of who is invoiced."""
        first = self[0].with_context(lang=self[0].bill_to_id.lang or self.env.lang)
        machine = first.equipment_line_id.equipment_id.display_name
        day = format_date(first.env, first.done_date)
        origin = " · ".join(part for part in (first.request_id.name, machine, day) if part)
        lines = [first.product_id.display_name, origin, first.note]
        return "\n".join(line for line in lines if line)

    def _get_invoice_key(self, grouping):
        """Consumptions with the same key share one invoice."""
        self.ensure_one()
        request = self.request_id
        return (
            self.company_id,
            self.bill_to_id,
            request.currency_id,
            request.fiscal_position_id,
            request.payment_term_id,
            request if grouping == "request" else self.env["service.request"],
        )

    def _prepare_service_invoice(self):
        """Values of the draft invoice for these consumptions (all of one invoice key).

        :raise UserError: when nobody is known who could pay
        """
        request = self.request_id[:1]
        if not self.bill_to_id:
            raise UserError(
                self.env._(
                    "There is no invoiced customer on %(request)s: choose one on its page "
                    "« Billing ».",
                    request=request.name,
                )
            )
        lines = self.grouped(lambda c: c._get_aggregation_key()).values()
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": self.bill_to_id.id,
            "partner_shipping_id": request.site_id.id or self.bill_to_id.id,
            "currency_id": request.currency_id.id,
            "fiscal_position_id": request.fiscal_position_id.id,
            "invoice_payment_term_id": request.payment_term_id.id,
            "invoice_origin": ", ".join(self.request_id.mapped("name")),
            "invoice_line_ids": [
                fields.Command.create(line._prepare_invoice_line()) for line in lines
            ],
        }
