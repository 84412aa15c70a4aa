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

    def _get_list_price(self):
        """Unit price of the pricelist, with or without taxes as the request says."""
        product_sudo = self.product_id.sudo()
        taxes = self._get_taxes()
        included = self.request_id.price_included
        # what Odoo itself would put on an order
        price = product_sudo._get_tax_included_unit_price_from_price(
            super()._get_list_price(), self._get_own_taxes(), product_taxes_after_fp=taxes
        )
        if taxes._are_told_as(included):
            return price
        details = taxes._get_tax_details(
            price, 1.0, rounding_method="round_globally", product=product_sudo
        )
        return details["total_included" if included else "total_excluded"]

    def _prepare_document_price(self, price, quantity):
        """Values of the price of these consumptions on the line of an order or invoice.

        :param price: unit price with or without taxes, as the request says
        :param quantity: on the line
        :return: see ``account.tax._prepare_told_line``
        """
        return self._get_taxes()._prepare_told_line(
            self.currency_id._get_short_price(price),
            quantity,
            self.request_id.price_included,
            self.currency_id,
            self.product_id.sudo(),
        )

    def _get_untaxed(self, amount):
        """An amount of this consumption without the taxes that it may include."""
        if not amount or not self.request_id.price_included:
            return amount
        details = self._get_taxes()._get_tax_details(
            amount / self.quantity,
            self.quantity,
            precision_rounding=self.currency_id.rounding,
            product=self.product_id.sudo(),
            special_mode="total_included",
        )
        return details["total_excluded"]
