from odoo.tests import HttpCase, tagged

from .common import LoopCommon


@tagged("post_install", "-at_install")
class TestLoopTour(LoopCommon, HttpCase):
    """The loop in the browser, each part by the person whose work it is."""

    def test_call_taker_dispatcher_and_technician_repair_a_guaranteed_machine(self):
        self._deliver_machine("B20-1")
        self._work_around_the_clock()  # the dispatcher plans for right now
        breakdown = self.env.ref("service_request.service_request_type_breakdown")
        breakdown.write({"severity_id": self.blocking.id, "competence_id": self.competence.id})
        self.start_tour("/odoo/service-requests", "service_request_take_call", login="calltaker")
        request = self.env["service.request"].search([("title", "=", "No hot water")])
        self.assertRecordValues(
            request,
            [
                {
                    "coverage": "full",
                    "user_id": self.technician_user.id,
                    "severity_id": self.blocking.id,
                    "partner_id": self.customer.id,
                }
            ],
        )
        self.start_tour(
            f"/odoo/service-requests/{request.id}", "field_intervention_plan", login="dispatcher"
        )
        intervention = request.intervention_ids
        self.assertRecordValues(
            intervention, [{"state": "dispatched", "technician_id": self.technician.id}]
        )
        self.start_tour("/odoo/my-day", "field_intervention_do", login="technician")
        self.assertRecordValues(
            intervention,
            [{"state": "done", "satisfied": True, "technician_id": self.technician.id}],
        )
        self.assertEqual(request.state, "closed")
        self.assertEqual(
            sorted(request.consumption_ids.mapped("kind")), ["labor", "part", "travel"]
        )
        self.assertEqual(request.amount_billable, 0)
        self.assertEqual(self.burner.with_context(location=self.van.id).qty_available, 4)

    def test_accountant_invoices_what_is_not_covered(self):
        request = self._request(self._create_equipment(serial_number="OLD-1"), title="No heating")
        self._consume(request, self.labor, 2)
        request.action_close(undone="done")
        self.start_tour("/odoo/service-to-invoice", "service_billing_invoice", login="accountant")
        invoice = request.sudo().consumption_ids.invoice_line_ids.move_id
        self.assertRecordValues(invoice, [{"state": "posted", "amount_untaxed": 120.0}])
