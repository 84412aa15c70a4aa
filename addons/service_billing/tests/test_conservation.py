from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestConservation(ServiceBillingCommon):
    """consumed = covered + invoiced + to invoice + on sale order + goodwill + points, always."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["res.partner"].create({"name": "Insurer"})
        cls.machine = cls._create_equipment()
        cls.env["service.contract"].create(
            {
                "partner_id": cls.customer.id,
                "kind": "maintenance",
                "date_start": "2020-01-01",
                "coverage_ids": [
                    Command.create(
                        {
                            "equipment_id": cls.machine.id,
                            "labor_rate": 70,
                            "travel_rate": 0,
                            "covered_by_id": cls.insurer.id,
                        }
                    )
                ],
            }
        ).action_activate()

    def test_each_way_of_bearing_has_its_column(self):
        request = self._closed_request(self.labor, self.travel, equipment=self.machine)
        row = self.env["service.billing.balance"]

        def columns():
            self.env.flush_all()
            row.invalidate_model()
            rows = row.search([("request_id", "=", request.id)], order="id")
            return [
                (r.amount_consumed, r.amount_third_party, r.amount_to_invoice, r.amount_invoiced)
                for r in rows
            ]

        self.assertEqual(columns(), [(60, 42, 18, 0), (35, 0, 35, 0)])
        self._invoice(request)
        self.assertEqual(columns(), [(60, 42, 0, 18), (35, 0, 0, 35)])
        free = self._closed_request(self.labor, equipment=self.machine, coverage="goodwill")
        self.env.flush_all()
        self.assertRecordValues(
            row.search([("request_id", "=", free.id)]),
            [{"amount_goodwill": 60.0, "amount_own": 0.0, "difference": 0.0}],
        )

    def test_a_line_billed_twice_shows(self):
        request = self._closed_request()
        invoice = self._invoice(request).sudo()
        copy = invoice.copy()
        copy.invoice_line_ids.service_consumption_ids = request.consumption_ids
        self.env.flush_all()
        row = self.env["service.billing.balance"].search([("request_id", "=", request.id)])
        self.assertEqual(row.difference, -60.0)
