import json
import random
import uuid
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import FieldAppCommon
from .test_command_report import picture


@tagged("post_install", "-at_install")
class TestApi(FieldAppCommon, HttpCase):
    def setUp(self):
        super().setUp()
        for user in (self.technician_user, self.colleague_user, self.call_taker):
            user.password = user.login
        self.authenticate("technician", "technician")

    def _call(self, route, **params):
        self.env.flush_all()
        self.env.invalidate_all()
        params = {"device": self.device_uuid, "uid": self.technician_user.id, **params}
        answer = self.url_open(
            f"/field/api/{route}",
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.env.invalidate_all()
        return answer.get("result") or answer

    def _upload(self, name, data, **headers):
        headers = {
            "X-Field-Device": self.device_uuid,
            "X-Field-User": str(self.technician_user.id),
            **headers,
        }
        return self.url_open(
            f"/field/api/blob/{name}",
            data=data,
            headers={key: value for key, value in headers.items() if value},
            allow_redirects=False,
        )

    def test_pull_push_and_files_over_http(self):
        pulled = self._call("pull")
        self.assertEqual(pulled["changed"]["interventions"][0]["id"], self.intervention.uuid)
        name = str(uuid.uuid4())
        self.assertEqual(self._upload(name, picture()).status_code, 200)
        answer = self._call("push", commands=[self._command("photo", blob=name)], api_version=2)
        self.assertEqual(answer["results"][0]["verdict"], "applied")
        document = self.intervention.attachment_ids
        self.assertEqual(self.url_open(f"/field/api/document/{document.id}").content, picture())

    def test_an_old_app_is_understood_and_an_unknown_one_is_not(self):
        for version, error in ((1, None), (2, None), (0, "api_version"), (3, "api_version")):
            answer = self._call("push", commands=[], api_version=version)
            self.assertEqual(answer.get("error"), error, version)

    def test_without_a_session_nothing_is_said(self):
        self.authenticate(None, None)
        for route in ("pull", "push", "catalogue"):
            answer = self._call(route, commands=[])
            self.assertEqual(answer["error"]["code"], 100)
        self.assertEqual(self._upload(str(uuid.uuid4()), picture()).status_code, 303)

    def test_a_colleague_on_the_device_neither_sends_nor_reads(self):
        self.authenticate("colleague", "colleague")
        command = self._command("consume", product=self.burner.id, quantity=1, at=self._now())
        for route in ("pull", "push", "catalogue"):
            answer = self._call(route, commands=[command])
            self.assertEqual(answer, {"error": "wrong_user", "uid": self.colleague_user.id})
        self.assertEqual(self._upload(str(uuid.uuid4()), picture()).status_code, 403)
        self.assertFalse(self.intervention.consumption_ids)

    def test_only_technicians_have_the_app(self):
        self.authenticate("calltaker", "calltaker")
        self.assertEqual(self._call("pull", uid=self.call_taker.id), {"error": "no_technician"})

    def test_a_form_of_another_site_cannot_send(self):
        self.env.flush_all()
        body = json.dumps({"params": {"device": self.device_uuid, "commands": []}})
        for content_type in ("text/plain", "application/x-www-form-urlencoded"):
            answer = self.url_open(
                "/field/api/push", data=body, headers={"Content-Type": content_type}
            )
            self.assertNotEqual(answer.status_code, 200, content_type)
        refused = self._upload(str(uuid.uuid4()), picture(), **{"X-Field-Device": None})
        self.assertEqual(refused.status_code, 400)

    def test_what_is_too_large_or_malformed_is_refused(self):
        commands = [self._command("ask", what="help") for _count in range(101)]
        self.assertEqual(self._call("push", commands=commands), {"error": "malformed"})
        self.assertFalse(self.env["service.field.command"].search([]))
        huge = self._command("ask", what="help", note="x" * (2 * 1024 * 1024))
        self.env.flush_all()
        answer = self.url_open(
            "/field/api/push",
            data=json.dumps({"params": {"commands": [huge]}}),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn("too large", str(answer.json()["error"]).lower())
        self.assertEqual(
            self._upload(str(uuid.uuid4()), b"\x89PNG" + b"0" * (11 << 20)).status_code, 413
        )

    def test_malformed_commands_are_refused_whole(self):
        good = self._command("ask", what="help")
        for broken in (
            None,
            5,
            [],
            {},
            {**good, "uuid": "1"},
            {**good, "seq": "1"},
            {**good, "seq": -1},
            {**good, "chain": None},
            {**good, "kind": "x" * 41},
            {**good, "payload": []},
            {**good, "payload": {"note": "\x00"}},
            {**good, "payload": {"note": "\ud800"}},
        ):
            answer = self._call("push", commands=[good, broken])
            self.assertEqual(answer, {"error": "malformed"}, broken)
        self.assertFalse(self.env["service.field.command"].search([]))

    def test_a_revoked_device_is_told_so_with_and_without_a_session(self):
        self._call("pull")
        device = self.env["service.field.device"].search([("uuid", "=", self.device_uuid)])
        self.assertEqual(self._call("status"), {"revoked": False})
        device.action_revoke()
        self.assertEqual(self._call("pull"), {"error": "revoked"})
        self.authenticate(None, None)
        self.assertEqual(self._call("status"), {"revoked": True})
        device.action_allow()
        self.assertEqual(self._call("status"), {"revoked": False})
        self.technician_user.active = False
        self.assertEqual(self._call("status"), {"revoked": True})

    def test_a_device_that_never_called_learns_nothing(self):
        for uid in (self.technician_user.id, 10**9, -1, "x"):
            answer = self._call("status", device=str(uuid.uuid4()), uid=uid)
            self.assertEqual(answer, {"revoked": False})

    def test_documents_of_others_are_not_found(self):
        private, other = self.env["ir.attachment"].create(
            [
                {
                    "name": "salary.txt",
                    "raw": b"secret",
                    "res_model": "hr.employee",
                    "res_id": self.colleague.id,
                },
                {
                    "name": "other.txt",
                    "raw": b"secret",
                    "res_model": "service.equipment",
                    "res_id": self._create_equipment().id,
                },
            ]
        )
        manual = self.env["ir.attachment"].create(
            {
                "name": "manual.txt",
                "raw": b"how",
                "res_model": "service.equipment",
                "res_id": self.machine.id,
            }
        )
        self.env.flush_all()
        for document, status in ((private, 404), (other, 404), (manual, 200)):
            answer = self.url_open(f"/field/api/document/{document.id}")
            self.assertEqual(answer.status_code, status, document.name)

    def test_fuzzed_commands_reach_nothing_of_others(self):
        theirs = self._plan(self._request(self._create_equipment()), self.start + timedelta(days=1))
        self._give_away(theirs)
        theirs.findings = "secret finding"
        self.env.flush_all()
        counts = {
            model: self.env[model].search_count([("intervention_id", "=", theirs.id)])
            for model in ("service.consumption", "service.intervention.time")
        }
        chance = random.Random(8)
        kinds = {
            kind: handler.schema
            for kind, handler in self.env["service.field.command"]._get_handlers().items()
        }
        values = [
            theirs.uuid,
            theirs.id,
            self.intervention.uuid,
            1,
            2**31 - 1,
            2**40,
            -1,
            0,
            1.5,
            "",
            "x" * 500,
            None,
            True,
            [],
            [1],
            {},
            {"done": True},
            "done",
            "arrive",
            "report",
            self.burner.id,
            self.machine.id,
            self._now(),
            "2026-13-45",
            float(10**15),
            str(uuid.uuid4()),
        ]
        for _round in range(6):
            commands = []
            for kind, schema in kinds.items():
                command = self._command(kind, False, chain=str(uuid.uuid4()))
                command["payload"] = {name.rstrip("?"): chance.choice(values) for name in schema}
                commands.append(command)
                aimed = self._command(kind, False, chain=str(uuid.uuid4()))
                aimed["payload"] = {
                    **{name.rstrip("?"): self._guess(type_) for name, type_ in schema.items()},
                    "intervention": theirs.uuid,
                }
                commands.append(aimed)
            answer = self._call("push", commands=commands, api_version=2)
            self.assertNotIn("secret", json.dumps(answer))
            self.assertNotIn(
                "retry",
                {r["verdict"] for r in answer["results"] if "arrived" not in r.get("message", "")},
                answer,
            )
        for model, count in counts.items():
            self.assertEqual(
                self.env[model].search_count([("intervention_id", "=", theirs.id)]), count
            )
        self.assertRecordValues(theirs, [{"state": "planned", "findings": "secret finding"}])
        pulled = json.dumps(self._call("pull"))
        self.assertNotIn("secret", pulled)
        self.assertNotIn(theirs.name, pulled)

    def _guess(self, type_):
        """A value that fits."""
        return {
            uuid.UUID: str(uuid.uuid4()),
            str: "arrive",
            int: self.burner.id,
            float: 1.0,
            bool: True,
            list: [],
            dict: {},
        }.get(type_, self._now())

    def test_the_shell_holds_no_data_of_anybody(self):
        shell = self.url_open("/field/").text
        self.authenticate(None, None)
        stranger = self.url_open("/field/interventions/5").text
        self.assertEqual(shell, stranger)
        for secret in ("session_info", "csrf", "technician", self.customer.name):
            self.assertNotIn(secret, shell.lower())
        self.assertIn(
            "frame-ancestors", self.url_open("/field/").headers["Content-Security-Policy"]
        )
