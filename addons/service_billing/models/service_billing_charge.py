from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceBillingCharge(models.Model):
    """A charge or discount at the foot of each invoice of a customer: postage, loyalty."""

    _name = "service.billing.charge"
    _description = "Footer Charge"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        help="Whose requests propose this charge.",
    )
    request_id = fields.Many2one(
        "service.request", index="btree_not_null", ondelete="cascade", copy=False
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain="[('type', '=', 'service')]",
        help="Gives the text, the account and the taxes of the invoice line.",
    )
    sign = fields.Selection(
        [("charge", "Charge"), ("discount", "Discount")], required=True, default="charge"
    )
    computation = fields.Selection(
        [("amount", "Amount"), ("percent", "Percent")], required=True, default="amount"
    )
    value = fields.Float(
        required=True,
        help="In the currency of the request, with or without taxes as its prices are, or percent "
        "of the invoiced amount.",
    )

    _value_positive = models.Constraint(
        "CHECK (value > 0)", "A charge must be positive: choose « Discount » to take something off."
    )

    @api.constrains("computation", "value", "sign")
    def _check_percent(self):
        for charge in self:
            too_much = charge.computation == "percent" and charge.value > 100
            if too_much and charge.sign == "discount":
                raise ValidationError(
                    self.env._(
                        "The discount « %(product)s » is more than 100 percent: correct it.",
                        product=charge.product_id.display_name,
                    )
                )

    @api.depends("product_id", "value")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = f"{charge.product_id.display_name} ({charge.value:g})"

    def _get_identity(self):
        """Charges that say the same are taken once for each invoice."""
        self.ensure_one()
        return (self.product_id, self.sign, self.computation, self.value)

    def _get_amount(self, base, currency):
        """What this charge adds to an invoice.

        :param base: amount of the lines above it
        :param currency: res.currency of the invoice
        """
        self.ensure_one()
        amount = base * self.value / 100 if self.computation == "percent" else self.value
        return currency.round(-amount if self.sign == "discount" else amount)
