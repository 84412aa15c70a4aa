import json

from odoo.tests import tagged

from .common import FieldAppCommon

PLACE = {"latitude": 45.899247, "longitude": 6.129384, "accuracy": 12.0}


@tagged("post_install", "-at_install")
class TestCommandPosition(FieldAppCommon):
    def _send_position(self, **values):
        answer = self._send("position", step="arrive", at=self._now(), **{**PLACE, **values})
        return answer["verdict"], answer["result"].get("kept")

    def _positions(self):
        return self.env["service.technician.position"].search([])

    def test_it_is_noted_only_when_company_and_technician_agree(self):
        """| company wants | technician allows | noted |"""
        for wanted, allowed, noted in ((0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1)):
            with self.subTest(wanted=wanted, allowed=allowed):
                self.env.company.service_track_position = bool(wanted)
                self._push(self._command("consent", False, chain="me", agrees=bool(allowed)))
                self.assertEqual(self._send_position(), ("applied", bool(noted)))
                self.assertEqual(len(self._positions()), noted)
        me = self._pull()["me"]
        self.assertTrue(me["position_wanted"] and me["position_allowed"])
        self.assertRecordValues(
            self._positions(),
            [
                {
                    "employee_id": self.technician.id,
                    "intervention_id": self.intervention.id,
                    "step": "arrive",
                    "latitude": PLACE["latitude"],
                }
            ],
        )
        self._push(self._command("consent", False, chain="me", agrees=False))
        self.assertFalse(self._positions(), "what is known is deleted")

    def test_the_log_does_not_keep_where_it_was(self):
        self.env.company.service_track_position = True
        self.technician.with_user(self.technician_user)._consent_to_position(True)
        command = self._command("position", step="leave", at=self._now(), **PLACE)
        for _time in range(2):
            [answer] = self._push(command)
            self.assertEqual(answer["verdict"], "applied")
        self.assertEqual(len(self._positions()), 1, "once")
        kept = json.dumps([self._log(answer).payload, self._log(answer).result])
        self.assertNotIn("45.89", kept)
        self.assertNotIn("6.129", kept)
        command["payload"]["latitude"] = 40.0
        [answer] = self._push(command)
        self.assertEqual(answer["verdict"], "rejected", "the same id with another content")

    def test_no_pause_and_no_place_outside_the_earth(self):
        self.env.company.service_track_position = True
        self.technician.with_user(self.technician_user)._consent_to_position(True)
        for strange in ({"step": "pause"}, {"latitude": 91.0}, {"longitude": -181.0}):
            values = {"step": "leave", "at": self._now(), **PLACE, **strange}
            self.assertEqual(self._send("position", **values)["verdict"], "rejected")
        self.assertFalse(self._positions())
