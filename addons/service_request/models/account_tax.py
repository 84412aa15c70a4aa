from odoo import models


class AccountTax(models.Model):
    """Prices that somebody was told, with or without taxes, on lines whose taxes say otherwise."""

    _inherit = "account.tax"

    def _are_told_as(self, included):
        """Whether a line with these taxes has its price with, or without, all of them."""
        return all(tax.price_include == included for tax in self._flatten_taxes_and_sort_them()[0])

    def _prepare_told_line(self, price, quantity, included, currency, product):
        """Values of an order's or invoice's line that makes a told price to the cent.

        No price without taxes makes 9.99 with 20 percent: 8.33 make 10.00, 8.32 make 9.98. What the
        customer was told is billed all the same, 8.32 + 1.67, as if the tax were in the price. Odoo
        keeps such amounts on an invoice line until somebody edits it.

        :param price: unit price as it was told
        :param quantity: on the line
        :param included: whether the price includes taxes
        :param currency: res.currency of the price
        :param product: product.product of the line
        :return: dict ``price_unit``, and ``extra_tax_data`` where the price alone does not do
        """
        if self._are_told_as(included):
            return {"price_unit": price}
        special_mode = "total_included" if included else "total_excluded"
        unit = self._get_tax_details(
            price, 1.0, rounding_method="round_globally", product=product, special_mode=special_mode
        )
        in_price = sum(t["tax_amount"] for t in unit["taxes_data"] if t["tax"].price_include)
        price_unit = currency._get_short_price(unit["total_excluded"] + in_price)
        exact = self._get_tax_details(
            price,
            quantity,
            precision_rounding=currency.rounding,
            product=product,
            special_mode=special_mode,
        )
        return {
            "price_unit": price_unit,
            "extra_tax_data": {
                "currency_id": currency.id,
                "price_unit": price_unit,
                "quantity": quantity,
                "discount": 0.0,
                "manual_total_excluded_currency": exact["total_excluded"],
                "manual_tax_amounts": {
                    str(tax["tax"].id): {
                        "tax_amount_currency": tax["tax_amount"],
                        "base_amount_currency": tax["base_amount"],
                    }
                    for tax in exact["taxes_data"]
                    if not tax["is_reverse_charge"]
                },
            },
        }
