from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import FieldInterventionCommon

PIXEL = b"R0lGODlhAQABAAAAACwAAAAAAQABAAA="


@tagged("post_install", "-at_install")
class TestReport(FieldInterventionCommon, HttpCase):
    def test_report_is_printed_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        intervention = self._plan(self._request(self._create_equipment(serial_number="OLD-1")))
        self._use(intervention, self.burner)
        intervention.action_arrive()
        change = self.env["service.intervention.exchange"].with_user(self.technician_user)
        change.create(
            {"intervention_id": intervention.id, "product_id": self.burner.id}
        ).action_exchange()
        intervention.write(
            {
                "report": "<p>Burner replaced</p>",
                "signed_by": "Mme Blanc",
                "signature": PIXEL,
                "attachment_ids": [
                    Command.create(
                        {
                            "name": f"{kind}.gif",
                            "datas": PIXEL,
                            "mimetype": "image/gif",
                            "service_photo_kind": kind,
                        }
                    )
                    for kind in ("after", False, "before")
                ],
                "operation_ids": [
                    Command.create(
                        {
                            "name": "Pressure",
                            "kind": "measure",
                            "unit": "mbar",
                            "value": 20.5,
                            "value_min": 18,
                            "value_max": 25,
                        }
                    )
                ],
            }
        )
        intervention.action_done()
        # who prints it, the server by night, is elsewhere than where the work was done
        intervention.arrival_date = "2026-03-02 07:05:00"
        self.agency.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Tokyo", "tz": "Asia/Tokyo"}
        )
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("field_intervention.report_intervention", intervention.ids)[0]
            .decode()
        )
        for text in (
            intervention.name,
            "OLD-1",
            "Burner replaced",
            "Théo Technician",
            "20,5 mbar",
            "18 – 25 mbar",
            "Component Added",
            "02/03/2026 16:05",
            'alt="Signature"',
        ):
            self.assertIn(text, html)
        order = ("before.gif", "Before the Work", "after.gif", "After the Work", "False.gif")
        places = [html.index(text) for text in order]
        self.assertEqual(places, sorted(places))
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("field_intervention.report_intervention", intervention.ids)
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

    def test_a_technician_puts_photos_before_and_after_the_work(self):
        intervention = self._plan(self._request())
        self.env.invalidate_all()
        mine = intervention.with_user(self.technician_user)
        before, after, other = mine.env["ir.attachment"].create(
            [
                {"name": name, "datas": PIXEL, "res_model": mine._name, "res_id": mine.id}
                for name in ("before.gif", "after.gif", "other.gif")
            ]
        )
        mine.write(
            {
                "photo_before_ids": [Command.link(before.id)],
                "photo_after_ids": [Command.link(after.id)],
                "other_file_ids": [Command.link(other.id)],
            }
        )
        self.env.invalidate_all()
        self.assertEqual(intervention.attachment_ids, before | after | other)
        mine.write({"photo_after_ids": [Command.set([before.id])]})
        self.env.invalidate_all()
        self.assertEqual(intervention.photo_after_ids, before)
        self.assertFalse(intervention.photo_before_ids)
        self.assertEqual(intervention.attachment_ids, before | other)

    def test_report_is_mailed_to_the_contact_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contact = self.env["res.partner"].create(
            {
                "name": "Mme Blanc",
                "parent_id": self.customer.id,
                "email": "blanc@example.com",
                "lang": "fr_FR",
            }
        )
        intervention = self._plan(self._request(contact_id=contact.id))
        self.assertEqual(intervention.signed_by, "Mme Blanc")
        self.env["mail.template"].with_context(lang="fr_FR").browse(
            self.env.ref("field_intervention.mail_template_report").id
        ).subject = "Rapport {{ object.name }}"
        mine = intervention.with_user(self.technician_user)
        mine.action_arrive()
        mine.report = "<p>Burner replaced</p>"
        mine.action_done()
        self.assertTrue(intervention.report_to_send)
        with self.enter_registry_test_mode():
            self.env.ref("field_intervention.ir_cron_send_reports").method_direct_trigger()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, contact)
        self.assertEqual(mail.subject, f"Rapport {intervention.name}")
        self.assertTrue(mail.attachment_ids)
        self.assertRecordValues(intervention, [{"report_to_send": False}])
        self.assertTrue(intervention.report_sent_date)

    def test_report_needs_an_address(self):
        self.customer.email = False
        intervention = self._plan(self._request())
        with self.assertRefused(UserError, "no e-mail|Neither"):
            intervention.action_send_report()
