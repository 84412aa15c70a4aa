import base64
import io
import uuid
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FieldAppCommon


def picture(color="red", format_="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(file, format_)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestCommandReport(FieldAppCommon):
    def _blob(self, data=None, user=None):
        name = str(uuid.uuid4())
        self._forget()
        blobs = self.env["service.field.blob"].with_user(user or self.technician_user)
        self.assertTrue(blobs._receive(name, self.device_uuid, data or picture()))
        return name

    def test_a_text_changed_on_one_side_is_taken_over(self):
        self._send_ok("text", field="report", base="", value="Cleaned <b>\nTested")
        self.assertIn("Cleaned &lt;b&gt;<br", self.intervention.report)
        row = self._pull()["changed"]["interventions"][0]
        self._send_ok("text", field="report", base=row["report"], value="Replaced")
        self.assertIn("Replaced", self.intervention.report)

    def test_a_text_changed_on_both_sides_is_kept_twice(self):
        self.intervention.findings = "Office"
        answer = self._send("text", field="findings", base="", value="Field")
        self.assertEqual(answer["verdict"], "conflict")
        self.assertEqual(answer["result"]["server_value"], "Office")
        self.assertEqual(self.intervention.findings, "Office")
        self.assertIn("Field", self._log(answer).payload_text)

    def test_only_the_texts_of_the_report_can_be_written(self):
        for name in ("name", "state", "technician_id", "signature"):
            answer = self._send("text", field=name, base="", value="x")
            self.assertEqual(answer["verdict"], "rejected", name)

    def test_operations_are_filled_in(self):
        operations = self.intervention.operation_ids.create(
            [
                {"intervention_id": self.intervention.id, "name": "Check the seals"},
                {
                    "intervention_id": self.intervention.id,
                    "name": "Gas pressure",
                    "kind": "measure",
                    "value_min": 18,
                    "value_max": 22,
                },
            ]
        )
        seals, pressure = operations
        empty = {"done": False, "result": "", "value": 0, "note": ""}
        self._send_ok(
            "operation", operation=seals.id, base=empty, value={"done": True, "result": "ok"}
        )
        self._send_ok(
            "operation", operation=pressure.id, base=empty, value={"done": True, "value": 25.5}
        )
        self.assertRecordValues(
            operations,
            [
                {"done": True, "result": "ok", "value": 0},
                {"done": True, "result": "not_ok", "value": 25.5},
            ],
        )

    def test_an_operation_filled_on_both_sides_is_a_conflict(self):
        operation = self.intervention.operation_ids.create(
            {"intervention_id": self.intervention.id, "name": "Seals", "result": "not_ok"}
        )
        empty = {"result": "", "note": ""}
        answer = self._send("operation", operation=operation.id, base=empty, value={"result": "ok"})
        self.assertEqual(answer["verdict"], "conflict")
        self.assertEqual(operation.result, "not_ok")

    def test_operations_of_other_interventions_are_out_of_reach(self):
        other = self.env["service.intervention"].create({"partner_id": self.customer.id})
        operation = self.intervention.operation_ids.create(
            {"intervention_id": other.id, "name": "Seals"}
        )
        answer = self._send("operation", operation=operation.id, base={}, value={"done": True})
        self.assertEqual(answer["verdict"], "rejected")
        self.assertFalse(operation.done)

    def test_what_is_strange_is_seen_in_the_office(self):
        kind = self.env["service.meter.type"].search([], limit=1)
        meter = self.env["service.meter"].create(
            {"equipment_id": self.machine.id, "type_id": kind.id}
        )
        self.intervention.operation_ids.create(
            {"intervention_id": self.intervention.id, "name": "CO", "result": "not_ok"}
        )
        kind.sudo().outlier_percent = 50
        for days in (40, 30, 20, 10):
            shared = {"meter": meter.id, "at": self._now(days=days)}
            answer = self._send_ok("reading", value=50 - days, **shared)
            self.assertFalse(self._log(answer).review)
        answer = self._send_ok("reading", meter=meter.id, value=9000, at=self._now())
        self.assertEqual(self._log(answer).review, "outlier")
        self.intervention.nature_id.sudo().is_report_required = False
        self._send_ok("step", step="arrive", at=self._now())
        answer = self._send_ok("finish", outcome="done", satisfied=True, at=self._now())
        self.assertEqual(self._log(answer).review, "not_ok")

    def test_readings_hang_on_the_intervention(self):
        meter = self.env["service.meter"].create(
            {
                "equipment_id": self.machine.id,
                "type_id": self.env["service.meter.type"].search([], limit=1).id,
            }
        )
        self._send_ok("reading", meter=meter.id, value=120.5, at=self._now(hours=1))
        self.assertRecordValues(
            meter.reading_ids,
            [{"value": 120.5, "intervention_id": self.intervention.id, "source": "technician"}],
        )
        answer = self._send("reading", meter=meter.id, value=100, at=self._now())
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("120.5", answer["message"])
        self.assertTrue(self._log(answer).needs_attention)
        model = type(self.env["service.meter.reading"])
        moment = meter.reading_ids.date.isoformat()
        with (
            patch.object(model, "_find_known", lambda _self, _keys: {}),
            mute_logger("odoo.sql_db"),
        ):
            answer = self._send("reading", meter=meter.id, value=120.5, at=moment)
        self.assertEqual(
            (answer["verdict"], answer["message"]),
            ("rejected", "The meter has a reading of this value at this time already."),
        )

    def test_meters_of_other_machines_are_out_of_reach(self):
        meter = self.env["service.meter"].create(
            {
                "equipment_id": self._create_equipment().id,
                "type_id": self.env["service.meter.type"].search([], limit=1).id,
            }
        )
        answer = self._send("reading", meter=meter.id, value=1, at=self._now())
        self.assertEqual(answer["verdict"], "rejected")
        self.assertFalse(meter.reading_ids)

    def test_a_photo_waits_for_its_file(self):
        name = str(uuid.uuid4())
        command = self._command("photo", blob=name, name="before.png")
        [answer] = self._push(command)
        self.assertEqual(answer["verdict"], "retry")
        blobs = self.env["service.field.blob"].with_user(self.technician_user)
        blobs._receive(name, self.device_uuid, picture())
        [answer] = self._push(command)
        self.assertEqual(answer["verdict"], "applied")
        self.assertEqual(self.intervention.attachment_ids.name, "before.png")
        self.assertEqual(self.intervention.attachment_ids.raw, picture())

    def test_a_file_comes_once_and_belongs_to_its_sender(self):
        name = self._blob()
        blobs = self.env["service.field.blob"]
        technician, colleague = (
            blobs.with_user(user) for user in (self.technician_user, self.colleague_user)
        )
        self.assertTrue(technician._receive(name, self.device_uuid, picture()))
        self.assertFalse(technician._receive(name, self.device_uuid, picture("blue")))
        self.assertFalse(colleague._receive(name, self.device_uuid, picture()))
        self.assertEqual(blobs.search_count([("uuid", "=", name)]), 1)
        self.intervention.helper_ids = self.colleague
        answer = self._send("photo", user=self.colleague_user, blob=name)
        self.assertEqual(answer["verdict"], "retry")

    def test_only_pictures_and_pdf_are_taken(self):
        for data in (b"<svg onload='alert(1)'/>", b"<html><script>1</script></html>", b"MZ\x90"):
            with self.assertRefused(UserError, "not accepted"):
                self._blob(data)

    def test_the_signature_is_taken_once(self):
        self._send_ok("signature", blob=self._blob(), signed_by="Mme Lac", at=self._now(hours=1))
        self.assertEqual(base64.b64decode(self.intervention.signature), picture())
        self.assertEqual(self.intervention.signed_by, "Mme Lac")
        answer = self._send(
            "signature", blob=self._blob(picture("blue")), signed_by="M. Lac", at=self._now()
        )
        self.assertEqual(answer["verdict"], "conflict")
        self.assertEqual(self.intervention.signed_by, "Mme Lac")
        self.assertEqual(self.intervention.attachment_ids.raw, picture("blue"))

    def test_the_orphans_of_long_ago_are_swept(self):
        old, new, used = self._blob(), self._blob(), self._blob()
        self._send_ok("photo", blob=used)
        blobs = self.env["service.field.blob"]
        self.env.cr.execute(
            "UPDATE service_field_blob SET create_date = '2020-01-01' WHERE uuid IN %s",
            [(old, used)],
        )
        self.env.invalidate_all()
        blobs._gc_orphans()
        left = blobs.search([("uuid", "in", [old, new, used])]).mapped("uuid")
        self.assertEqual(set(left), {new, used})
