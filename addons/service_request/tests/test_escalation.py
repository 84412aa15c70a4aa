from datetime import datetime
from itertools import count

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import GROUP, ServiceRequestCommon

START = datetime(2026, 3, 2, 9)
NUMBERS = count()


@tagged("post_install", "-at_install")
@freeze_time(START)
class TestEscalation(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.escalation.rule"].search([]).active = False
        cls.chief = cls._create_user("chief", GROUP + "dispatcher")
        cls.boss = cls._create_user("boss", GROUP + "manager")
        employees = cls.env["hr.employee"]
        top = employees.create({"name": "Boss", "user_id": cls.boss.id})
        # a team leader who does not use Odoo
        leader = employees.create({"name": "Leader", "parent_id": top.id})
        chief = employees.create({"name": "Chief", "user_id": cls.chief.id, "parent_id": leader.id})
        employees.create({"name": "Tech", "user_id": cls.technician_user.id, "parent_id": chief.id})

    def test_condition_is_said_in_words(self):
        for trigger, threshold, expected in (
            ("overdue", -25, "25 % of the time is left"),
            ("overdue", 0, "The deadline is over"),
            ("overdue", 50, "Late by 50 % of the time allowed"),
            ("unassigned", 2, "Without assignee for 2 h"),
            ("stage", 48, "In the same stage for 48 h"),
            ("response", 0.5, "Without response for 0.5 h"),
        ):
            rule = self._rule(trigger=trigger, threshold=threshold)
            self.assertEqual(rule.condition, expected)

    def _rule(self, **values):
        return self.env["service.escalation.rule"].create(
            {"name": "Rule", "code": f"R{next(NUMBERS)}", **values}
        )

    def _run(self, *moment):
        with freeze_time(datetime(2026, 3, *moment)):
            self.env["service.escalation.rule"]._cron_escalate()

    def _timed_request(self, **values):
        """The deadline is 16 hours after the call."""
        return self._request(deadline=datetime(2026, 3, 3, 1), deadline_reason="Fair", **values)

    def test_triggers_by_cases(self):
        waiting = self.env.ref("service_request.service_request_stage_waiting")
        cases = (
            # trigger, threshold, what happens first, too early, in time
            ("overdue", 0, None, (3, 0, 59), (3, 1)),
            ("overdue", 50, None, (3, 8, 59), (3, 9)),
            ("overdue", -25, None, (2, 20, 59), (2, 21)),
            ("overdue", -50, None, (2, 16, 59), (2, 17)),
            ("overdue", -10, None, (2, 23, 23), (2, 23, 24)),
            ("overdue", 0, lambda r: r.write({"stage_id": waiting.id}), (9, 1), None),
            ("unassigned", 2, lambda r: r.action_dispatch(), (2, 10, 59), (2, 11)),
            ("unassigned", 2, None, (9, 1), None),
            ("response", 4, None, (2, 12, 59), (2, 13)),
            ("response", 4, lambda r: r._register_first_response(), (9, 1), None),
            ("stage", 24, None, (3, 8, 59), (3, 9)),
            ("stage", 24, lambda r: r.write({"stage_id": waiting.id}), (3, 8, 59), (3, 9)),
            ("stage", 24, lambda r: r.action_cancel(), (9, 1), None),
        )
        for trigger, threshold, prepare, early, late in cases:
            with self.subTest(trigger=trigger, threshold=threshold, late=late):
                request = self._timed_request()
                if prepare:
                    prepare(request)
                rule = self._rule(trigger=trigger, threshold=threshold)
                self._run(*early)
                self.assertFalse(request.escalation_ids)
                if late:
                    self._run(*late)
                    self._run(*late)
                    self.assertEqual(len(request.escalation_ids), 1)
                rule.active = False
                request.action_cancel()

    def test_same_cause_never_twice_but_a_new_one_again_unless_once(self):
        always, once = self._rule(once=False), self._rule(once=True)
        request = self._timed_request()
        self._run(3, 2)
        self._run(3, 3)
        self.assertEqual(request.escalation_ids.rule_id, always | once)
        self.assertEqual(len(request.escalation_ids), 2)
        request.deadline = datetime(2026, 3, 4)
        self._run(3, 4)
        self.assertEqual(len(request.escalation_ids), 2)
        self._run(4, 1)
        self.assertEqual(request.escalation_ids[0].rule_id, always)
        self.assertEqual(len(request.escalation_ids), 3)

    def test_three_types(self):
        for kind, shown in (("silent", 0), ("logged", 1), ("incremental", 1)):
            action = self.env["ir.actions.server"].create(
                {
                    "name": "Mark",
                    "model_id": self.env["ir.model"]._get_id("service.request"),
                    "state": "code",
                    "code": "records.write({'deadline_reason': 'escalated'})",
                }
            )
            rule = self._rule(escalation_type=kind, action_server_id=action.id)
            requests = self._timed_request() | self._timed_request()
            self._run(3, 2)
            self._run(3, 2)
            for request in requests:
                self.assertEqual(len(request.escalation_ids), shown, kind)
                self.assertEqual(request.deadline_reason, "escalated")
                assignee = self.chief if kind == "incremental" else self.technician_user
                self.assertEqual(request.user_id, assignee)
            self.assertEqual(
                self.env["service.escalation"].search_count([("rule_id", "=", rule.id)]), 2
            )
            rule.active = False
            requests.action_cancel()

    def test_hierarchy_up_to_the_top_and_then_a_visible_dead_end(self):
        for threshold in (0, 10, 20):
            self._rule(threshold=threshold, escalation_type="incremental")
        request = self._timed_request()
        self._run(3, 1)
        self._run(3, 3)
        self._run(3, 6)
        self.assertRecordValues(
            request.escalation_ids.sorted("id"),
            [
                {
                    "from_user_id": self.technician_user.id,
                    "to_user_id": self.chief.id,
                    "is_dead_end": False,
                },
                {"from_user_id": self.chief.id, "to_user_id": self.boss.id, "is_dead_end": False},
                {"from_user_id": self.boss.id, "to_user_id": False, "is_dead_end": True},
            ],
        )
        self.assertRecordValues(request, [{"user_id": self.boss.id, "is_dead_end": True}])
        self.assertEqual(request.last_escalation_id, request.escalation_ids.sorted("id")[-1])

    def test_targets_of_an_incremental_rule(self):
        queue = self.env["service.queue"].create(
            {"name": "Desk", "code": "DESK", "manager_id": self.chief.id}
        )
        self.agency.manager_id = self.boss
        for target, in_queue, expected in (
            ("queue_manager", True, self.chief),
            ("agency_manager", True, self.boss),
            ("user", True, self.dispatcher),
            ("assignee_manager", True, self.chief),  # nobody has it: who manages the queue
            ("assignee_manager", False, self.chief),
        ):
            request = self._timed_request()
            if in_queue:
                request.action_send_to_queue(queue.id)
            rule = self._rule(
                escalation_type="incremental",
                target=target,
                target_user_id=target == "user" and self.dispatcher.id,
            )
            self._run(3, 2)
            self.assertEqual(request.user_id, expected, target)
            rule.active = False
            request.action_cancel()

    def test_who_has_left_or_works_for_others_is_a_dead_end(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        stranger = self._create_user("stranger", GROUP + "manager")
        stranger.write({"company_id": company.id, "company_ids": [Command.set(company.ids)]})
        self.chief.active = False
        for target in (self.chief, stranger):
            request = self._timed_request(competence_id=False)
            rule = self._rule(
                escalation_type="incremental", target="user", target_user_id=target.id
            )
            self._run(3, 2)
            self.assertRecordValues(request, [{"user_id": False, "is_dead_end": True}])
            rule.active = False
            request.action_cancel()

    def test_before_the_deadline_the_calendar_of_the_contract_counts(self):
        """Eight opening hours from Monday 9:00: six until 16:00, all until Tuesday 9:00."""
        calendar = self.env["resource.calendar"].create({"name": "Office", "company_id": False})
        calendar.tz = "UTC"
        self.warranty.commitment_ids.resource_calendar_id = calendar
        request = self._request(self._deliver_machine())
        self.assertEqual(request.deadline, datetime(2026, 3, 3, 9))
        for threshold, early, late in (
            (-25, (2, 15, 59), (2, 16)),
            (0, (3, 8, 59), (3, 9)),
        ):
            rule = self._rule(trigger="overdue", threshold=threshold)
            self._run(*early)
            before = len(request.escalation_ids)
            self._run(*late)
            self.assertEqual(len(request.escalation_ids), before + 1, threshold)
            rule.active = False

    def test_domain_limits_the_requests(self):
        self._rule(domain="[('severity_id.blocking', '=', True)]")
        blocking = self._timed_request()
        low = self._timed_request(
            severity_id=self.env.ref("service_request.service_severity_low").id
        )
        self._run(3, 2)
        self.assertTrue(blocking.escalation_ids)
        self.assertFalse(low.escalation_ids)

    def test_rule_that_fails_says_so_and_does_not_stop_the_others(self):
        broken = self._rule(domain="[('nonsense', '=', 1)]", sequence=1)
        self._rule(sequence=2)
        request = self._timed_request()
        with mute_logger("odoo.addons.service_request.models.service_escalation_rule"):
            self._run(3, 2)
        self.assertTrue(request.escalation_ids)
        self.assertIn("nonsense", broken.last_error)
        broken.domain = "[]"
        self._run(3, 3)
        self.assertFalse(broken.last_error)

    def test_history_is_not_changed(self):
        self._rule()
        request = self._timed_request()
        self._run(3, 2)
        with self.assertRefused(AccessError, "cannot be changed"):
            request.escalation_ids.action_taken = "nothing"

    def test_incremental_rule_needs_a_target(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._rule(escalation_type="incremental", target="user")

    def test_shipped_rules_run(self):
        rules = self.env["service.escalation.rule"].with_context(active_test=False)
        shipped = rules.search([("code", "in", ["RISK", "LATE", "LATE50", "SILENCE", "STUCK"])])
        self.assertEqual(len(shipped), 5)
        shipped.active = True
        request = self._timed_request()
        self._run(20, 1)
        self.assertFalse(any(shipped.mapped("last_error")))
        self.assertEqual(request.escalation_ids.rule_id, shipped)

    def test_many_requests_cost_no_more_queries_than_few(self):
        counts = []
        for number in (2, 30):
            rule = self._rule()
            requests = self.env["service.request"].create(
                [
                    {"partner_id": self.customer.id, "title": f"R{n}", "date": START}
                    for n in range(number)
                ]
            )
            requests.deadline = datetime(2026, 3, 3)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(datetime(2026, 3, 4)):
                rule._escalate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(requests.escalation_ids), number)
            rule.active = False
            requests.action_cancel()
        self.assertLessEqual(counts[1], counts[0] + 2)
