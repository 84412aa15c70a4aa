from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoopCommon


@tagged("post_install", "-at_install")
class TestLoop(LoopCommon):
    """From the sale to the invoice, each step by the person who does it."""

    def _do_intervention(self, request):
        """Plan and do an intervention that uses a burner, two hours and a trip."""
        intervention = self._plan(request)
        intervention.action_dispatch()
        mine = intervention.with_user(self.technician_user)
        mine.action_leave()
        mine.action_arrive()
        mine.consumption_ids = [
            Command.create({"product_id": product.id, "quantity": quantity})
            for product, quantity in ((self.burner, 1), (self.labor, 2), (self.travel, 1))
        ]
        mine.write({"report": "<p>Burner replaced</p>", "satisfied": True})
        mine.action_done()
        return intervention

    def test_machine_in_warranty_is_repaired_free(self):
        picking = self._deliver(self.machine_product, ["B20-1"])
        equipment = self.env["service.equipment"].search([("serial_number", "=", "B20-1")])
        contract = self.env["service.contract"].search([("picking_id", "=", picking.id)])
        self.assertRecordValues(
            contract,
            [{"kind": "warranty", "state": "active", "partner_id": self.customer.id}],
        )
        self.assertEqual(contract.coverage_ids.equipment_id, equipment)
        self.assertEqual(equipment.warranty_end, contract.date_end)

        request = self._request(equipment)
        self.assertRecordValues(
            request,
            [
                {
                    "coverage": "full",
                    "coverage_mode": "auto",
                    "assignment": "user",
                    "user_id": self.technician_user.id,
                    "commitment_contract_id": contract.id,
                    "deadline": request.date + timedelta(hours=8),
                    "site_id": self.site.id,
                    "customer_number": 1,
                    "state": "open",
                }
            ],
        )
        intervention = self._do_intervention(request)
        self.assertEqual(intervention.state, "done")
        self.assertRecordValues(
            request,
            [
                {
                    "state": "closed",
                    "satisfied": True,
                    "handled_by_id": self.technician_user.id,
                    "amount_consumed": 120 + 2 * 60 + 35,
                    "amount_billable": 0,
                    "invoice_state": "nothing",
                }
            ],
        )
        part = request.consumption_ids.filtered(lambda c: c.kind == "part")
        self.assertRecordValues(
            part.move_ids,
            [
                {
                    "state": "done",
                    "product_id": self.burner.id,
                    "quantity": 1.0,
                    "location_id": self.van.id,
                }
            ],
        )
        self.assertEqual(self.burner.with_context(location=self.van.id).qty_available, 4)
        with self.assertRefused(UserError, "There is nothing to invoice"):
            request.with_user(self.accountant).action_invoice()

    def test_machine_without_cover_is_repaired_and_invoiced_once(self):
        equipment = self._create_equipment(serial_number="OLD-1")
        request = self._request(equipment)
        self.assertEqual(request.coverage, "none")
        self.assertEqual(request.deadline, request.date + timedelta(days=7))
        self._do_intervention(request)
        self.assertEqual(request.invoice_state, "to_invoice")

        action = request.with_user(self.accountant).action_invoice()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertRecordValues(
            invoice,
            [
                {
                    "move_type": "out_invoice",
                    "state": "draft",
                    "partner_id": self.customer.id,
                    "amount_total": 275.0,
                    "invoice_origin": request.name,
                }
            ],
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("price_subtotal"), [120.0, 120.0, 35.0])
        self.assertIn("OLD-1", invoice.invoice_line_ids[0].name)
        invoice.with_user(self.accountant).action_post()
        self.assertEqual((invoice.state, request.invoice_state), ("posted", "invoiced"))
        with self.assertRefused(UserError, "There is nothing to invoice"):
            request.with_user(self.accountant).action_invoice()
        with self.assertRefused(UserError, "invoiced"):
            request.consumption_ids[0].quantity = 5
        with self.assertRefused(UserError, "Already invoiced"):
            request.action_reopen()

    def test_technician_does_not_see_prices_or_the_work_of_others(self):
        request = self._request(self._create_equipment())
        intervention = self._do_intervention(request)
        consumption = intervention.consumption_ids[0].with_user(self.technician_user)
        self.assertTrue(consumption.read(["quantity"]))
        with self.assertRaises(AccessError):
            consumption.read(["amount_consumed"])
        other = self._create_user("other", "installed_base.group_service_technician")
        with self.assertRaises(AccessError):
            intervention.with_user(other).read(["name"])
        with self.assertRaises(AccessError):
            request.with_user(other).read(["title"])
