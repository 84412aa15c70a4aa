from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestPriceIncluded(ServiceRequestCommon):
    """A part of 120.00 with a tax of 20 %, sold with or without it."""

    def test_amounts_include_taxes_where_the_request_says_so(self):
        # (the tax is in the price, the request includes taxes, consumed, price on a document)
        for in_price, included, consumed, on_document in (
            (False, False, 120, 120),
            (False, True, 144, 120),
            (True, False, 100, 120),
            (True, True, 120, 120),
        ):
            tax = self.env["account.tax"].create(
                {
                    "name": f"20 {in_price} {included}",
                    "amount": 20,
                    "price_include_override": "tax_included" if in_price else "tax_excluded",
                }
            )
            self.burner.taxes_id = [Command.set(tax.ids)]
            request = self._request(price_included=included)
            part = self._consume(request, self.burner)
            with self.subTest(in_price=in_price, included=included):
                self.assertEqual(part.amount_consumed, consumed)
                price = part._prepare_document_price(part.price_unit, 1)["price_unit"]
                self.assertAlmostEqual(price, on_document)

    def test_prices_follow_the_request_and_the_company(self):
        tax = self.env["account.tax"].create({"name": "20", "amount": 20})
        self.burner.taxes_id = [Command.set(tax.ids)]
        request = self._request()
        self.assertFalse(request.price_included)
        part = self._consume(request, self.burner)
        request.price_included = True
        self.assertEqual(part.amount_consumed, 144)
