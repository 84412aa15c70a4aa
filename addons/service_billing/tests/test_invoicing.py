from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestInvoicing(ServiceBillingCommon):
    def test_closed_request_waits_for_invoicing(self):
        request = self._request(self._create_equipment())
        self._consume(request, self.labor).action_mark_done()
        self.assertEqual(request.invoice_state, "nothing", "still open")
        request.action_close()
        self.assertEqual(request.invoice_state, "to_invoice")

    def test_invoice_takes_its_data_from_the_request(self):
        term = self.env["account.payment.term"].create({"name": "45 days"})
        group = self.env["res.partner"].create({"name": "Lake Hotels"})
        self.customer.write(
            {"property_payment_term_id": term.id, "service_group_partner_id": group.id}
        )
        request = self._closed_request(
            self.labor, self.travel, equipment=self._create_equipment(serial_number="OLD-1")
        )
        invoice = self._invoice(request)
        self.assertRecordValues(
            invoice,
            [
                {
                    "partner_id": self.customer.id,
                    "partner_shipping_id": self.site.id,
                    "invoice_payment_term_id": term.id,
                    "service_group_partner_id": group.id,
                    "invoice_origin": request.name,
                    "amount_untaxed": 95.0,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(invoice.service_request_ids, request)
        self.assertEqual(request.with_user(self.accountant).invoice_ids, invoice)
        for text in (request.name, "OLD-1"):
            self.assertIn(text, invoice.invoice_line_ids[0].name)

    def test_due_dates_and_payments_of_its_invoices_are_shown(self):
        request = self._closed_request(self.labor)
        invoice = self._invoice(request)
        shown = request.with_user(self.accountant)
        self.assertFalse(shown.due_line_ids, "a draft is not due")
        invoice.action_post()
        shown.invalidate_recordset()
        self.assertRecordValues(
            shown.due_line_ids, [{"move_id": invoice.id, "amount_currency": 60.0}]
        )
        self.assertFalse(shown.payment_ids)
        payment = self._pay(invoice, amount=25.0)
        shown.invalidate_recordset()
        self.assertRecordValues(shown.payment_ids, [{"id": payment.id, "amount": 25.0}])

    def test_line_speaks_the_language_of_the_invoiced_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.labor.with_context(lang="fr_FR").name = "Main-d'œuvre"
        self.customer.lang = "fr_FR"
        request = self._request(self._create_equipment())
        self._consume(request, self.labor, done_date="2026-03-05 12:00:00")
        request.action_close()
        name = self._invoice(request).invoice_line_ids.name
        self.assertIn("Main-d'œuvre", name)
        self.assertIn("05/03/2026", name)

    def test_covered_part_is_not_invoiced(self):
        self.machine_product.warranty_template_id = self._create_warranty_template(
            labor_rate=50, travel_rate=0
        )
        machine = self._deliver_machine()
        self.env["stock.quant"]._update_available_quantity(
            self.burner, self.warehouse.lot_stock_id, 5
        )
        request = self._closed_request(self.burner, self.labor, self.travel, equipment=machine)
        # part 120 covered in full, labour 60 by half, trip 35 not at all
        invoice = self._invoice(request)
        self.assertEqual(invoice.invoice_line_ids.mapped("price_subtotal"), [30.0, 35.0])
        self.assertEqual(request.amount_unbilled, 150.0)

    def test_taxes_go_through_the_fiscal_position(self):
        tax, reduced = self.env["account.tax"].create(
            [
                {"name": "20 %", "amount": 20, "type_tax_use": "sale"},
                {"name": "5.5 %", "amount": 5.5, "type_tax_use": "sale"},
            ]
        )
        self.labor.taxes_id = tax
        position = self.env["account.fiscal.position"].create({"name": "Renovation"})
        reduced.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        plain = self._closed_request(self.labor)
        renovation = self._closed_request(self.labor, fiscal_position_id=position.id)
        self.assertEqual(self._invoice(plain).amount_tax, 12.0)
        self.assertEqual(self._invoice(renovation).amount_tax, 3.3)

    def test_nothing_is_invoiced_twice(self):
        request = self._closed_request()
        self._invoice(request)
        with self.assertRefused(UserError, "There is nothing to invoice"):
            self._invoice(request)

    def test_deleted_cancelled_or_credited_invoice_frees_its_consumptions(self):
        request = self._closed_request()
        self._invoice(request).sudo().unlink()
        self.assertEqual(request.invoice_state, "to_invoice")
        self._invoice(request).sudo().button_cancel()
        self.assertEqual(request.invoice_state, "to_invoice")
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        self.assertEqual(request.invoice_state, "to_invoice")

    def test_credit_notes_free_what_they_give_back_also_of_paid_invoices(self):
        request = self._closed_request(self.labor, self.travel)
        labor, travel = request.consumption_ids
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        self._pay(invoice)
        credit = invoice._reverse_moves()
        self.assertEqual(request.invoice_state, "invoiced", "a draft gives nothing back")
        # half of the labour is a rebate, the trip is given back
        credit.invoice_line_ids.filtered(lambda line: line.product_id == self.labor).quantity = 0.5
        credit.action_post()
        self.assertEqual((labor | travel).mapped("invoice_state"), ["invoiced", "to_invoice"])
        again = self._invoice(request).sudo()
        self.assertEqual(again.amount_untaxed, 35.0)
        with self.assertRefused(UserError, "Travel would be invoiced twice, on "):
            credit.button_draft()
        again.button_cancel()
        credit.button_draft()
        self.assertEqual((labor | travel).mapped("invoice_state"), ["invoiced", "invoiced"])
        with self.assertRefused(UserError, "Travel would be invoiced twice, on "):
            again.button_draft()

    def test_invoice_that_replaces_a_credited_one_bills_the_same(self):
        request = self._closed_request()
        invoice = self._invoice(request).sudo()
        invoice.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        replacement = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        self.assertEqual(replacement.service_request_ids, request)
        self.assertEqual(request.invoice_state, "invoiced")
        with self.assertRefused(UserError, "nothing to invoice"):
            self._invoice(request)

    def test_invoices_are_grouped_by_request_or_by_customer(self):
        requests = self._closed_request() | self._closed_request()
        foreign = self._closed_request(
            partner_id=self.other_customer.id,
            equipment=self._create_equipment(
                partner_id=self.other_customer.id, site_id=self.other_customer.id
            ),
        )
        self.assertEqual(len(self._invoice(requests)), 2)
        requests = self._closed_request() | self._closed_request() | foreign
        invoices = self._invoice(requests, grouping="customer")
        self.assertEqual(len(invoices), 2)
        self.assertEqual(invoices.partner_id, self.customer | self.other_customer)

    def test_same_products_share_a_line_but_never_those_with_a_note(self):
        self.agency.invoice_aggregation = "product"
        request = self._request(self._create_equipment())
        for note in (False, False, "Four tyres replaced"):
            self._consume(request, self.labor, note=note)
        request.action_close(undone="done")
        lines = self._invoice(request).invoice_line_ids
        self.assertEqual(sorted(lines.mapped("quantity")), [1.0, 2.0])
        self.assertEqual(sum(lines.mapped("price_subtotal")), 180.0)
        self.assertIn("tyres", lines.filtered(lambda line: line.quantity == 1).name)

    def test_line_billed_to_somebody_else_has_its_own_invoice(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        request = self._request(self._create_equipment())
        self._consume(request, self.labor)
        self._consume(request, self.travel, bill_to_id=insurer.id)
        request.action_close(undone="done")
        invoices = self._invoice(request)
        self.assertEqual(
            {invoice.partner_id: invoice.amount_untaxed for invoice in invoices},
            {self.customer: 60.0, insurer: 35.0},
        )

    def test_invoiced_consumption_is_locked(self):
        request = self._closed_request()
        self._invoice(request)
        for values in ({"quantity": 2}, {"amount_to_invoice": 1}, {"is_cancelled": True}):
            with self.assertRefused(UserError, "is invoiced"):
                request.consumption_ids.write(values)
        stages = self.env["service.request.stage"]
        for stage in (stages._get_first(), stages._get_progress(), stages._get_cancelling()):
            with self.assertRefused(UserError, "Already invoiced"):
                request.stage_id = stage
        for leave in (request.action_reopen, request.action_cancel):
            with self.assertRefused(UserError, "Already invoiced"):
                leave()

    def test_what_cannot_be_invoiced_says_why(self):
        with self.assertRefused(UserError, "Not closed yet"):
            self._invoice(self._request())
        request = self._closed_request()
        with self.assertRefused(ValueError, "grouped by request, customer or principal: agency"):
            self._invoice(request, grouping="agency")
        self.env.company.service_invoicing_enabled = False
        with self.assertRefused(UserError, "switched off"):
            self._invoice(request)

    def test_dashboard_shows_what_waits_for_invoicing(self):
        """Labour 60 and travel 35 wait; what is invoiced waits no longer."""
        before = self._read_figures()["To Invoice"]["value"]
        request = self._closed_request(self.labor, self.travel)
        figure = self._read_figures()["To Invoice"]
        self.assertEqual(figure["value"] - before, 95)
        self.assertIn(request, request.search(figure["domain"]))
        self._invoice(request)
        self.assertEqual(self._read_figures()["To Invoice"]["value"], before)

    def test_request_and_invoice_name_each_other(self):
        first, second = self._closed_request(), self._closed_request()
        invoice = self._invoice(first | second, grouping="customer").sudo()
        for request in (first, second):
            self.assertIn(request.name, invoice.message_ids[:1].body)
            self.assertIn(f'data-oe-id="{invoice.id}"', request.message_ids.sorted("id")[-1:].body)
        self.assertEqual(first.draft_invoice_text, "Draft: 1")
        invoice.action_post()
        self.assertFalse(first.draft_invoice_text)
