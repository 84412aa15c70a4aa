from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestSubcontract(FieldInterventionCommon):
    """What a subcontractor does is ordered."""

    def setUp(self):
        super().setUp()
        self.vendor = self.env["res.partner"].create({"name": "Pool Partners"})
        self.job = (
            self.env["service.intervention"]
            .with_user(self.dispatcher)
            .create(
                {
                    "partner_id": self.customer.id,
                    "vendor_id": self.vendor.id,
                    "planned_start": self.start,
                    "planned_hours": 3,
                }
            )
        )

    def test_a_technician_does_it_instead(self):
        self.job.action_plan(self.technician.id, self.start)
        self.assertRecordValues(
            self.job, [{"vendor_id": False, "technician_id": self.technician.id}]
        )
        with self.assertRefused(ValidationError, "by a subcontractor instead"):
            self.job.vendor_id = self.vendor

    def test_subcontractor_is_ordered_once_by_a_dispatcher(self):
        self.env.company.service_subcontract_product_id = self.labor
        self.job.action_plan()
        self.job.action_order_subcontractor()
        order = self.job.sudo().purchase_order_id
        self.assertRecordValues(
            order, [{"partner_id": self.vendor.id, "origin": self.job.name, "state": "draft"}]
        )
        self.assertRecordValues(
            order.order_line,
            [{"product_id": self.labor.id, "product_qty": 3, "date_planned": self.start}],
        )
        self.job.action_order_subcontractor()
        self.assertEqual(
            self.env["purchase.order"].search_count([("partner_id", "=", self.vendor.id)]), 1
        )

    def test_what_is_missing_is_named(self):
        self.env.company.service_subcontract_product_id = False
        with self.assertRefused(UserError, "Subcontracted Work"):
            self.job.action_order_subcontractor()
        self.job.vendor_id = False
        with self.assertRefused(UserError, f"Give {self.job.name} a subcontractor"):
            self.job.action_order_subcontractor()

    def test_technician_does_not_see_what_was_ordered(self):
        mine = self._plan(self._request()).with_user(self.technician_user)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.read(["purchase_order_id"])

    def test_board_shows_subcontractors_in_rows_of_their_own(self):
        self.job.action_plan()
        self.env.flush_all()
        board = self.env["service.intervention"].with_user(self.dispatcher)
        found = board.get_board(self.start, self.job.planned_end)
        self.assertEqual(found["vendors"], [{"id": self.vendor.id, "name": "Pool Partners"}])
        self.assertEqual([bar["id"] for bar in found["interventions"]], self.job.ids)
