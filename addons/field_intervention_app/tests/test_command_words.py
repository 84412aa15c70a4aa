from unittest.mock import patch

from odoo.tests import tagged

from ..models.service_field_command import Handler
from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestCommandWords(FieldAppCommon):
    """The dispatcher reads what devices sent, without codes and numbers of records."""

    def _read(self, answer, **context):
        entry = self._log(answer).with_user(self.dispatcher).with_context(**context)
        return entry.kind_label, entry.payload_text

    def test_a_module_registers_a_kind_of_its_own(self):
        """With its name, how it is applied, and what its payload may hold."""
        log = type(self.env["service.field.command"])
        known, done = log._get_handlers, []

        def apply_yodel(payload):
            done.append(payload)
            return {"echo": 2}

        def get_handlers(model):
            name = known(model)["photo"].label
            return {**known(model), "yodel": Handler(name, apply_yodel, {"song": str})}

        with patch.object(log, "_get_handlers", get_handlers):
            answer = self._send_ok("yodel", intervention=False, song="Holadio")
            self.assertEqual(answer["result"], {"echo": 2})
            self.assertEqual(self._log(answer).with_user(self.dispatcher).kind_label, "Photo")
            wrong = self._send("yodel", intervention=False, song=5)
            self.assertEqual(wrong["verdict"], "rejected")
        self.assertEqual(done, [{"song": "Holadio"}])

    def test_records_are_named(self):
        answer = self._send_ok("consume", product=self.burner.id, quantity=2, at=self._now())
        kind, text = self._read(answer)
        self.assertEqual(kind, "Part, Labour or Travel")
        self.assertIn("Product: Burner", text)
        self.assertIn("Quantity: 2", text)
        self.assertNotIn(self.intervention.uuid, text)

    def test_codes_are_said_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        answer = self._send_ok("step", step="leave", at="2026-03-02T08:00:00")
        self.assertEqual(self._read(answer)[0], "Step")
        kind, text = self._read(answer, lang="fr_FR")
        self.assertEqual(kind, "Étape")
        self.assertIn("Partir", text)
        self.assertIn("02/03/2026", text)

    def test_what_makes_no_sense_is_shown_all_the_same(self):
        payloads = (
            {"product": 2**40, "quantity": [], "step": ["x"], "at": 5},
            {"product": "x", "equipment": True, "value": {"done": True, "note": ""}},
        )
        for payload in payloads:
            command = self._command("consume", False, chain="x")
            [answer] = self._push({**command, "payload": payload})
            self.assertEqual(answer["verdict"], "rejected")
            self.assertTrue(self._read(answer)[1])
        [answer] = self._push(self._command("yodel", False, chain="x"))
        self.assertEqual(self._read(answer), ("yodel", ""))
