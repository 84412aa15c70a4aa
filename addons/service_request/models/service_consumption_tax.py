from odoo import api, models


class ServiceConsumption(models.Model):
    """Prices with or without taxes, as the request says, whatever the taxes of a product say."""

    _inherit = "service.consumption"

    @api.depends("request_id.price_included", "request_id.fiscal_position_id")
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    def _get_own_taxes(self):
        """The taxes of the product (of these consumptions of one product and request)."""
        # what a tax is, is no secret
        return self.product_id.sudo().taxes_id._filter_taxes_by_company(self.request_id.company_id)

    def _get_taxes(self):
        """The taxes that these consumptions (of one product and request) are invoiced with."""
        return self.request_id.fiscal_position_id.sudo().map_tax(self._get_own_taxes())

    def _speaks_like(self, taxes):
        """Whether prices of the request are those of a line with these taxes."""
        flat = taxes._flatten_taxes_and_sort_them()[0]
        return all(tax.price_include == self.request_id.price_included for tax in flat)

    def _get_list_price(self):
        """Unit price of the pricelist, with or without taxes as the request says."""
        product_sudo = self.product_id.sudo()
        taxes = self._get_taxes()
        # what Odoo itself would put on an order
        price = product_sudo._get_tax_included_unit_price_from_price(
            super()._get_list_price(), self._get_own_taxes(), product_taxes_after_fp=taxes
        )
        if self._speaks_like(taxes):
            return price
        details = taxes._get_tax_details(
            price, 1.0, rounding_method="round_globally", product=product_sudo
        )
        included = self.request_id.price_included
        return details["total_included" if included else "total_excluded"]

    def _get_document_price(self, price):
        """A price of these consumptions as the line of an order or invoice expects it.

        :param price: unit price with or without taxes, as the request says
        """
        taxes = self._get_taxes()
        if self._speaks_like(taxes):
            return price
        details = self._get_tax_details(price, 1.0, "round_globally")
        return details["total_excluded"] + sum(
            tax["tax_amount"] for tax in details["taxes_data"] if tax["tax"].price_include
        )

    def _get_tax_details(self, price, quantity, rounding_method):
        """What Odoo's engine makes of a price of these consumptions, as the request says it.

        :param price: unit price with or without taxes, as the request says
        :param quantity: in the unit of the price
        :param rounding_method: of account.tax; ``round_per_line`` keeps the amount to the cent
        :return: see ``account.tax._get_tax_details``
        """
        included = self.request_id.price_included
        return self._get_taxes()._get_tax_details(
            price,
            quantity,
            precision_rounding=self.currency_id.rounding,
            rounding_method=rounding_method,
            product=self.product_id.sudo(),
            special_mode="total_included" if included else "total_excluded",
        )
