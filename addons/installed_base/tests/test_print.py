from io import BytesIO
from urllib.parse import urlparse

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common import InstalledBaseCommon

LABEL = "installed_base.report_service_equipment_label"
SHEET = "installed_base.report_service_equipment_sheet"


@tagged("post_install", "-at_install")
class TestPrint(InstalledBaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("technician", "installed_base.group_service_technician")
        cls.equipment = cls._create_equipment(serial_number="B-1")
        cls.twin = cls._create_equipment(serial_number="B-2")
        cls.reports = cls.env["ir.actions.report"].with_user(cls.technician)

    def _html(self, report, machines):
        return self.reports._render_qweb_html(report, machines.ids)[0].decode()

    def test_label_names_company_code_and_serial_of_each_machine(self):
        machines = self.equipment + self.twin
        html = self._html(LABEL, machines)
        for text in (self.env.company.name, *machines.mapped("code"), "B-1", "B-2"):
            self.assertIn(text, html)
        self.assertEqual(html.count("data:image/svg+xml;base64"), 2)

    def test_label_is_printed_on_its_own_format(self):
        report = self.env.ref("installed_base.action_report_service_equipment_label")
        paper = report.get_paperformat()
        self.assertEqual((paper.page_width, paper.page_height), (62.0, 29.0))
        self.assertEqual(report.binding_model_id.model, "service.equipment")
        pdf, kind = self.reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            LABEL, (self.equipment + self.twin).ids
        )
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(BytesIO(pdf)).pages
        self.assertEqual(len(pages), 2, "one page for each machine")
        # 62 × 29 mm in points
        self.assertEqual([round(float(side)) for side in pages[0].mediabox[2:]], [176, 83])

    def test_sheet_shows_both_configurations_and_the_history(self):
        new_part = self._create_product("Burner B")
        self.equipment.component_ids._replace(new_part, date="2026-03-01")
        self.equipment.supplier_warranty_end = "2028-01-31"
        hours = self.env["service.meter.type"].create(
            {"name": "Burner hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        self.env["service.meter.reading"].create(
            {
                "meter_id": self.env["service.meter"]
                .create({"equipment_id": self.equipment.id, "type_id": hours.id})
                .id,
                "date": "2026-02-01",
                "value": 4711,
            }
        )
        html = self._html(SHEET, self.equipment)
        for text in (
            "Burner hours",
            "4,711",
            "B-1",
            "Boiler room",
            "Burner B",
            "Replaced",
            "01/31/2028",
            "03/01/2026",
        ):
            self.assertIn(text, html)

    def test_sheet_is_printed_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.equipment.supplier_warranty_end = "2028-01-31"
        self.assertIn("31/01/2028", self._html(SHEET, self.equipment))
        pdf, kind = self.reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            SHEET, self.equipment.ids
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

    def test_sheet_does_not_tell_where_former_owners_had_it(self):
        self.equipment.write(
            {"partner_id": self.other_customer.id, "site_id": self.other_customer.id}
        )
        self.equipment._log_event("verified", "Seen at the clinic")
        html = self._html(SHEET, self.equipment)
        self.assertIn("Seen at the clinic", html)
        self.assertNotIn("Hôtel du Lac", html)

    def test_rows_of_the_configuration_pair_what_was_with_what_is(self):
        sold = self.equipment.component_ids
        now = sold._replace(self.burner, date="2026-03-01")
        pump = self._create_product("Pump")
        added = self.env["service.equipment.component"].create(
            {"equipment_id": self.equipment.id, "product_id": pump.id, "position": "P0"}
        )
        none = self.env["service.equipment.component"]
        self.assertEqual(self.equipment._get_configuration_rows(), [(none, added), (sold, now)])
        now._remove(fields.Date.to_date("2026-04-01"))
        self.assertEqual(self.equipment._get_configuration_rows(), [(none, added), (sold, none)])

    # --- scanning ---

    def _scan(self, equipment):
        path = urlparse(equipment._get_scan_url()).path
        return self.url_open(path, allow_redirects=False).headers["Location"]

    def test_scan_opens_the_machine(self):
        self.authenticate("admin", "admin")
        self.assertTrue(self._scan(self.equipment).endswith(f"/odoo/equipment/{self.equipment.id}"))

    def test_scan_of_a_merged_machine_opens_the_one_that_remains(self):
        self.authenticate("admin", "admin")
        self.twin._merge_into(self.equipment)
        self.assertTrue(self._scan(self.twin).endswith(f"/odoo/equipment/{self.equipment.id}"))

    def test_scan_by_a_stranger_asks_to_log_in(self):
        self.assertIn("/web/login", self._scan(self.equipment))

    def test_sheet_of_a_resold_machine_names_its_delivery_and_no_former_owner(self):
        lot = self._get_lots(self.machine_product, ["B9"])
        machine = self._create_equipment(lot_id=lot.id)
        self._deliver(self.machine_product, ["B9"], partner=self.other_customer)
        self.assertEqual(machine.partner_id, self.other_customer)
        places = machine._get_printed_events().filtered(lambda e: e.event_type == "delivered")
        self.assertIn(self.other_customer.name, places.mapped("new_value"))
        html = self._html(SHEET, machine)
        self.assertNotIn("never returned", html)
        self.assertNotIn(">Hôtel du Lac", html)
