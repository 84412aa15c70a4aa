from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestCommandWork(FieldAppCommon):
    def test_a_day_done_without_a_network_is_told_as_it_happened(self):
        self._push(
            self._command("step", step="leave", at=self._now(hours=4)),
            self._command("step", step="arrive", at=self._now(hours=3)),
            self._command("step", step="pause", at=self._now(hours=2)),
            self._command("step", step="resume", at=self._now(hours=1)),
            self._command("text", field="report", base="", value="Burner cleaned."),
            self._command("finish", outcome="done", satisfied=True, at=self._now()),
        )
        self.assertRecordValues(
            self.intervention, [{"state": "done", "hours_work": 2.0, "hours_travel": 1.0}]
        )
        self.assertEqual(
            self.intervention.time_ids.mapped("kind"), ["travel", "work", "pause", "work"]
        )
        self.assertEqual(self.request.state, "closed")

    def test_a_trip_that_was_interrupted_goes_on_as_a_trip(self):
        self._push(
            self._command("step", step="leave", at=self._now(hours=4)),
            self._command("step", step="pause", at=self._now(hours=3)),
            self._command("step", step="resume", at=self._now(hours=2)),
            self._command("step", step="arrive", at=self._now(hours=1)),
        )
        self.assertEqual(
            self.intervention.time_ids.mapped("kind"), ["travel", "pause", "travel", "work"]
        )
        self.assertRecordValues(self.intervention, [{"state": "on_site", "hours_travel": 2.0}])

    def test_a_clock_that_runs_ahead_or_backwards_breaks_nothing(self):
        future = fields.Datetime.add(fields.Datetime.now(), hours=5).isoformat()
        self._send_ok("step", step="leave", at=self._now(hours=1))
        self._send_ok("step", step="arrive", at=self._now(hours=2))
        self._send_ok("step", step="pause", at=future)
        times = self.intervention.time_ids
        self.assertFalse(times.filtered(lambda t: t.stop and t.stop < t.start))
        self.assertLessEqual(max(times.mapped("start")), fields.Datetime.now())

    def test_finishing_what_is_incomplete_is_refused_with_what_is_missing(self):
        self.intervention.nature_id.sudo().is_report_required = True
        self._send_ok("step", step="arrive", at=self._now())
        answer = self._send("finish", outcome="done", at=self._now())
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("report", answer["message"])
        self.assertEqual(self.intervention.state, "on_site")
        self.assertTrue(self._log(answer).needs_attention)

    def test_to_resume_makes_the_follow_up_with_the_reason(self):
        self._send_ok("step", step="arrive", at=self._now())
        self._send_ok("finish", outcome="to_resume", at=self._now(), reason="Pump missing")
        follow_up = self.request.intervention_ids - self.intervention
        self.assertEqual(self.intervention.state, "to_resume")
        self.assertEqual(follow_up.findings, "Pump missing")

    def test_work_on_a_cancelled_intervention_is_kept_and_shown(self):
        self.intervention.action_cancel("Customer called")
        step = self._send("step", step="arrive", at=self._now(hours=1))
        part = self._send("consume", product=self.burner.id, quantity=1, at=self._now())
        done = self._send("finish", outcome="done", at=self._now())
        self.assertEqual(
            [answer["verdict"] for answer in (step, part, done)],
            ["conflict", "applied", "conflict"],
        )
        self.assertEqual(self.intervention.state, "cancelled")
        self.assertEqual(self.intervention.time_ids.kind, "work")
        self.assertEqual(self._on_hand(self.burner, self.van), 4)
        self.assertEqual(self._log(part).review, "cancelled")
        self.assertTrue(all(self._log(answer).needs_attention for answer in (step, part, done)))

    def test_work_on_an_intervention_given_away_is_kept_and_shown(self):
        self._give_away(self.intervention)
        step = self._send("step", step="arrive", at=self._now(hours=1))
        part = self._send("consume", product=self.labor.id, quantity=2, at=self._now())
        text = self._send("text", field="findings", base="", value="Seen")
        self.assertEqual(step["verdict"], "conflict")
        self.assertEqual([part["verdict"], text["verdict"]], ["applied", "applied"])
        self.assertEqual(self._log(part).review, "given_away")
        self.assertEqual(self.intervention.consumption_ids.user_id, self.technician_user)
        self.assertEqual(self.intervention.state, "planned")

    def test_an_intervention_that_was_never_given_is_refused(self):
        foreign = self._plan(
            self._request(self._create_equipment()),
            hours=1,
            start=fields.Datetime.add(self.start, days=2),
        )
        self._give_away(foreign)
        for kind, payload in (
            ("step", {"step": "arrive", "at": self._now()}),
            ("consume", {"product": self.burner.id, "quantity": 1, "at": self._now()}),
            ("text", {"field": "report", "base": "", "value": "x"}),
            ("ask", {"what": "help"}),
        ):
            answer = self._send(kind, foreign, **payload)
            self.assertEqual(answer["verdict"], "rejected", kind)
            self.assertNotIn(foreign.name, answer["message"])
        self.assertFalse(foreign.time_ids or foreign.consumption_ids or foreign.findings)

    def test_helpers_record_what_the_team_does(self):
        self.intervention.helper_ids = self.colleague
        self._send_ok("step", user=self.colleague_user, step="arrive", at=self._now())
        self.assertEqual(self.intervention.state, "on_site")

    def test_the_same_command_again_changes_nothing(self):
        command = self._command("consume", product=self.burner.id, quantity=1, at=self._now())
        [first], [second] = self._push(command), self._push(command)
        self.assertTrue(second.pop("duplicate"))
        self.assertEqual(first, second)
        self.assertEqual(self._log(first).hits, 2)
        self.assertEqual(len(self.intervention.consumption_ids), 1)
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_a_known_id_with_another_content_or_user_is_refused(self):
        command = self._command("consume", product=self.burner.id, quantity=1, at=self._now())
        self._push(command)
        other = {**command, "payload": {**command["payload"], "quantity": 5}}
        self.intervention.helper_ids = self.colleague
        for stolen, user in ((other, None), (command, self.colleague_user)):
            [answer] = self._push(stolen, user=user)
            self.assertEqual(answer["verdict"], "rejected")
            self.assertNotIn("result", answer)
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_an_error_of_ours_holds_its_own_chain_only_and_is_tried_again(self):
        poison = self._command("step", step="arrive", at=self._now())
        behind = self._command("text", field="findings", base="", value="behind")
        beside = self._command("text", chain="other", field="customer_comment", base="", value="ok")
        model = type(self.env["service.intervention"])
        with (
            patch.object(model, "action_arrive", side_effect=ZeroDivisionError("bug")),
            mute_logger("odoo.addons.field_intervention_app.models.service_field_command"),
        ):
            answers = self._push(poison, behind, beside)
        self.assertEqual([answer["verdict"] for answer in answers], ["retry", "retry", "applied"])
        self.assertTrue(self._log(answers[0]).needs_attention)
        self.assertFalse(self.intervention.findings)
        [answer] = self._push(behind)
        self.assertEqual(answer["verdict"], "retry", "the poison is not in this batch")
        answers = self._push(poison, behind, beside)
        self.assertEqual({answer["verdict"] for answer in answers}, {"applied"})
        self.assertRecordValues(self.intervention, [{"state": "on_site", "findings": "behind"}])
        self.assertFalse(self._log(answers[0]).needs_attention)

    def test_a_device_back_after_a_week_delivers_a_thousand_entries(self):
        visits = self.intervention
        for weeks in range(1, 25):
            visits += self._plan(self.request, fields.Datetime.add(self.start, weeks=weeks))
        commands = [
            self._command("text", visit, field="findings", base=str(n - 1) * (n > 0), value=str(n))
            for n in range(40)
            for visit in visits
        ]
        for position in range(0, 1000, 100):
            answers = self._push(*commands[position : position + 100])
            self.assertEqual({answer["verdict"] for answer in answers}, {"applied"})
        self.assertEqual(set(visits.mapped("findings")), {"39"})

    def test_only_dispatchers_settle_and_nobody_changes_an_entry(self):
        answer = self._send("ask", what="help", note="Too heavy")
        entry = self._log(answer)
        for user in (self.technician_user, self.call_taker):
            with self.assertRefused(Exception, "dispatcher"):
                entry.with_user(user).action_settle()
        for user in (self.technician_user, self.dispatcher):
            with self.assertRefused(Exception, "cannot be changed|not allowed"):
                entry.with_user(user).write({"verdict": "applied"})
        entry.with_user(self.dispatcher).action_settle()
        self.assertFalse(entry.needs_attention)
        self.assertEqual(entry.settled_by_id, self.dispatcher)

    def test_a_technician_sees_own_entries_only(self):
        entry = self._log(self._send("ask", what="help"))
        self._forget()
        commands = self.env["service.field.command"]
        self.assertIn(entry, commands.with_user(self.technician_user).search([]))
        self.assertNotIn(entry, commands.with_user(self.colleague_user).search([]))
        self.assertIn(entry, commands.with_user(self.dispatcher).search([]))
