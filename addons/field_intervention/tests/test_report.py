from odoo.tests import HttpCase, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestReport(FieldInterventionCommon, HttpCase):
    def test_report_is_printed_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        intervention = self._plan(self._request(self._create_equipment(serial_number="OLD-1")))
        self._use(intervention, self.burner)
        intervention.action_arrive()
        intervention.write({"report": "<p>Burner replaced</p>", "signed_by": "Mme Blanc"})
        intervention.action_done()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("field_intervention.report_intervention", intervention.ids)[0]
            .decode()
        )
        for text in (intervention.name, "OLD-1", "Burner replaced", "Théo Technician"):
            self.assertIn(text, html)
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("field_intervention.report_intervention", intervention.ids)
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
