from odoo import api, models


class ServiceConsumption(models.Model):
    """Prices with or without taxes, as the request says, whatever the taxes of a product say."""

    _inherit = "service.consumption"

    @api.depends("request_id.price_included", "request_id.fiscal_position_id")
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    def _get_taxes(self):
        """The taxes that these consumptions (of one product and request) are invoiced with."""
        request = self.request_id
        # what a tax is, is no secret
        product_sudo = self.product_id.sudo()
        taxes = product_sudo.taxes_id._filter_taxes_by_company(request.company_id)
        return request.fiscal_position_id.sudo().map_tax(taxes)

    def _get_list_price(self):
        """Unit price of the pricelist, with or without taxes as the request says."""
        price = super()._get_list_price()
        product_sudo = self.product_id.sudo()
        own = product_sudo.taxes_id._filter_taxes_by_company(self.request_id.company_id)
        return self._convert_price(
            price, any(own.mapped("price_include")), self.request_id.price_included
        )

    def _get_document_price(self, price):
        """A price of these consumptions as the line of an order or invoice expects it.

        :param price: unit price with or without taxes, as the request says
        """
        taxes = self._get_taxes()
        return self._convert_price(
            price, self.request_id.price_included, any(taxes.mapped("price_include"))
        )

    def _convert_price(self, price, included, to_included):
        taxes = self._get_taxes()
        if included == to_included or not taxes:
            return price
        details = taxes._get_tax_details(
            price,
            1.0,
            rounding_method="round_globally",
            product=self.product_id,
            special_mode="total_included" if included else "total_excluded",
        )
        return details["total_included" if to_included else "total_excluded"]
