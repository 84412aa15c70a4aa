from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestPlannedParts(ServiceRequestCommon):
    """Parts that are reserved before they are used, and work that is ordered from others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.burner, cls.stock, 5)
        cls.request = cls._request()
        cls.part = cls._consume(cls.request, cls.burner, 2)

    def _get_free(self):
        quants = self.env["stock.quant"]
        return quants._get_available_quantity(self.burner, self.stock)

    def test_recording_reserves_nothing(self):
        self.part.action_plan()
        self.assertEqual((self.part.qty_reserved, self._get_free()), (0, 5))

    def test_reserved_parts_are_kept_until_they_are_used(self):
        self.part.action_reserve()
        self.assertEqual((self.part.qty_reserved, self._get_free()), (2, 3))
        self.part.quantity = 4
        self.assertEqual((self.part.qty_reserved, self._get_free()), (4, 1))
        self.part.action_mark_done()
        self.assertEqual((self.part.qty_reserved, self._get_free()), (0, 1))
        self.assertEqual((self.part.qty_issued, self.part.qty_to_issue), (4, 0))

    def test_a_reservation_is_given_back(self):
        self.part.action_reserve()
        self.part.action_release()
        self.assertEqual((self.part.qty_reserved, self._get_free()), (0, 5))
        self.part.action_reserve()
        self.part.action_cancel()
        self.assertEqual((self.part.state, self._get_free()), ("cancelled", 5))
        again = self._consume(self.request, self.burner, 3)
        again.action_reserve()
        again.unlink()
        self.assertEqual(self._get_free(), 5)

    def test_what_is_not_there_or_done_is_not_reserved(self):
        self.env["stock.quant"]._update_available_quantity(self.burner, self.stock, -5)
        with self.assertRefused(UserError, "Nothing of Burner is free"):
            self.part.action_reserve()
        labor = self._consume(self.request, self.labor)
        with self.assertRefused(UserError, "only planned parts"):
            labor.action_reserve()

    def test_work_of_a_subcontractor_is_proposed_to_the_buyers(self):
        vendor = self.env["res.partner"].create({"name": "Electricians", "is_company": True})
        self.env["res.lang"]._activate_lang("fr_FR")
        vendor.lang = "fr_FR"
        self.labor.with_context(lang="fr_FR").name = "Main-d'œuvre"
        self.labor.seller_ids = [Command.create({"partner_id": vendor.id, "price": 42})]
        work = self._consume(
            self.request,
            self.labor,
            3,
            performer_type="external",
            vendor_id=vendor.id,
            note="Cabling",
        )
        notice = work.action_order_subcontractor()["params"]["message"]
        line = work.sudo().purchase_line_id
        self.assertEqual(
            notice, f"Proposed to the buyers: the order {line.order_id.name} to Electricians."
        )
        self.assertIn(notice, self.request.message_ids[0].body)
        self.assertRecordValues(
            line, [{"product_id": self.labor.id, "product_qty": 3, "price_unit": 42}]
        )
        self.assertEqual(line.name, "Main-d'œuvre\nCabling")
        self.assertRecordValues(
            line.order_id,
            [{"partner_id": vendor.id, "origin": self.request.name, "state": "draft"}],
        )
        self.assertIs(work.action_order_subcontractor(), True)
        self.assertEqual(work.sudo().purchase_line_id, line)
        with self.assertRefused(UserError, "Nobody is ordered"):
            self.part.action_order_subcontractor()
