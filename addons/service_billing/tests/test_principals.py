import io

from openpyxl import load_workbook

from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestPrincipals(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.principal = cls.env["res.partner"].create(
            {"name": "Brand", "is_service_principal": True, "city": "Paris"}
        )
        cls.other_machine = cls._create_equipment(
            partner_id=cls.other_customer.id, site_id=cls.other_customer.id
        )

    def _requests(self):
        first = self._closed_request(self.labor, self.travel, principal_id=self.principal.id)
        second = self._closed_request(
            equipment=self.other_machine,
            partner_id=self.other_customer.id,
            principal_id=self.principal.id,
        )
        return first, second

    def test_the_principal_is_invoiced_once_for_all_its_customers(self):
        first, second = self._requests()
        self.assertEqual((first | second).invoice_partner_id, self.principal)
        run = self._run(grouping="principal")
        self.assertRecordValues(
            run.line_ids.invoice_id,
            [{"partner_id": self.principal.id, "amount_untaxed": 155.0}],
        )
        mine = self._request(self._create_equipment())
        self.assertEqual(mine.invoice_partner_id, self.customer)
        mine.principal_id = self.principal
        self.assertEqual(mine.invoice_partner_id, self.principal)

    def test_annex_by_end_customer(self):
        first, second = self._requests()
        first.sudo().billing_charge_ids = self.env["service.billing.charge"].create(
            {"request_id": first.id, "product_id": self._create_charge_product().id, "value": 5}
        )
        invoice = self._run(grouping="principal").line_ids.invoice_id.sudo()
        rows = invoice._get_service_annex()
        self.assertEqual(
            [(row["customer"], row["request"], row["amount"]) for row in rows],
            [
                ("", "", 5.0),
                ("Clinique des Alpes", second.name, 60.0),
                ("Hôtel du Lac", first.name, 60.0),
                ("Hôtel du Lac", first.name, 35.0),
            ],
        )
        self.assertEqual(sum(row["amount"] for row in rows), invoice.amount_untaxed)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "service_billing.report_service_annex", invoice.ids
        )
        for text in ("Clinique des Alpes", "Hôtel du Lac", first.name, "160.00"):
            self.assertIn(text, html.decode())

    def test_the_spreadsheet_goes_with_the_posted_invoice(self):
        self._requests()
        invoice = self._run(grouping="principal").line_ids.invoice_id.sudo()
        self.assertFalse(invoice.service_annex_id)
        invoice.action_post()
        sheet = load_workbook(io.BytesIO(invoice.service_annex_id.raw)).active
        amounts = [row[8].value for row in sheet.iter_rows(min_row=5)]
        self.assertEqual(amounts, [60, 60, 60, 35, 95, 155])
        send = self.env["account.move.send"]
        self.assertIn(invoice.service_annex_id, send._get_invoice_extra_attachments(invoice))
        own = self._invoice(self._closed_request()).sudo()
        own.action_post()
        self.assertFalse(own.service_annex_id)
        self.env.invalidate_all()
        action = own.with_user(self.accountant).action_download_service_annex()
        self.assertIn(str(own.service_annex_id.id), action["url"])
