from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestLife(ServiceContractCommon):
    def _run_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref("service_contract.service_contract_cron_daily").method_direct_trigger()
        self.env.invalidate_all()

    # === TRANSITIONS === #

    def test_a_contract_without_start_activated_by_hand_starts_today(self):
        contract = self._create_contract(active=False, date_start=False, date_end=False)
        contract.action_activate()
        self.assertRecordValues(contract, [{"state": "active", "date_start": date(2026, 6, 15)}])

    def test_suspend_and_resume(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice")
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "suspended",
                    "suspension_date": date(2026, 6, 15),
                    "suspension_reason": "unpaid invoice",
                }
            ],
        )
        contract.action_resume()
        self.assertRecordValues(
            contract,
            [{"state": "active", "suspension_date": False, "suspension_reason": False}],
        )

    def test_an_announced_suspension_takes_effect_on_its_day(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-20")
        self.assertEqual(contract.state, "active")
        with self.assertRefused(UserError, "going to be suspended on 06/20/2026"):
            contract.action_suspend(reason="unpaid again")
        for day, state in (("2026-06-19", "active"), ("2026-06-20", "suspended")):
            with freeze_time(f"{day} 10:00:00"):
                self._run_daily()
            self.assertEqual(contract.state, state, day)

    def test_an_announced_suspension_may_be_withdrawn(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-20")
        contract.action_resume()
        self.assertRecordValues(contract, [{"state": "active", "suspension_date": False}])
        self.assertFalse(contract.suspension_ids)

    def test_suspending_without_a_reason_asks_for_one(self):
        contract = self._create_contract()
        action = contract.action_suspend()
        self.assertEqual((contract.state, action["name"]), ("active", "Suspend Contracts"))
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.reason = "unpaid invoice"
        wizard.save().action_confirm()
        self.assertRecordValues(
            contract, [{"state": "suspended", "suspension_reason": "unpaid invoice"}]
        )

    def test_terminating_through_the_dialogue(self):
        contract = self._create_contract()
        action = contract.action_terminate()
        self.assertEqual(action["name"], "Terminate Contracts")
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.reason = "machine scrapped"
        wizard.date = "2026-06-30"
        wizard.save().action_confirm()
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "active",
                    "termination_date": date(2026, 6, 30),
                    "termination_reason": "machine scrapped",
                }
            ],
        )
        self.assertCovers(self._cover("2026-06-29"), contract)
        self.assertNotCovered(self._cover("2026-06-30"), "state")
        self.assertIn("until 06/29/2026", self._cover("2026-06-15")["reason"])

    def test_a_termination_takes_effect_on_its_day(self):
        # (last act before, day of the batch) → state after it
        table = (
            ("active", "2026-06-29", "active"),
            ("active", "2026-06-30", "terminated"),
            ("suspended", "2026-06-30", "terminated"),
            ("active", "2027-02-01", "terminated"),
        )
        for before, day, after in table:
            with self.subTest(before=before, day=day):
                contract = self._create_contract(renewal="auto", notice_days=365)
                contract.action_terminate(reason="sold", date="2026-06-30")
                if before == "suspended":
                    contract.action_suspend(reason="unpaid")
                self.assertFalse(self.env["service.contract"]._apply_due(date.fromisoformat(day)))
                self.assertEqual(contract.state, after)
                self.assertFalse(contract.successor_ids, "what ends for good is not renewed")
                self.assertFalse(contract.activity_ids, "nobody has to be reminded")

    def test_what_is_going_to_be_terminated_is_neither_renewed_nor_terminated_again(self):
        contract = self._create_contract(product_id=self.machine_product.id)
        contract.action_terminate(reason="sold", date="2026-06-30")
        for again in (
            contract.action_renew,
            contract.action_quote_renewal,
            lambda: contract.action_terminate(reason="other", date="2026-08-01"),
        ):
            with self.assertRefused(UserError, f"{contract.name} ends on 06/29/2026 already"):
                again()
        self.assertEqual(contract.termination_date, date(2026, 6, 30))

    def test_an_announced_termination_is_withdrawn(self):
        manager = self._create_user("sophie", "installed_base.group_service_manager")
        contract = self._create_contract()
        warned = contract.end_warning_date
        contract.action_terminate(reason="sold", date="2026-06-30")
        self.env.invalidate_all()
        contract.with_user(manager).action_withdraw_termination()
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "active",
                    "termination_date": False,
                    "termination_reason": False,
                    "end_warning_date": warned,
                }
            ],
        )
        message = contract.message_ids[:1]
        self.assertEqual(message.author_id, manager.partner_id)
        self.assertIn("termination on 06/30/2026 was withdrawn", message.body)
        self.assertIn("sold", message.body)
        with freeze_time("2026-07-01 10:00:00"):
            self._run_daily()
        self.assertEqual(contract.state, "active")
        self.assertCovers(self._cover("2026-12-31"), contract)
        self.assertTrue(contract._renew(), "it may be renewed again")

    def test_what_cannot_be_withdrawn(self):
        # (days of the termination, day of the attempt) → refusal
        for day, now, message in (
            (False, "2026-06-15", "is not going to be terminated"),
            ("2026-06-30", "2026-06-30", "was terminated on 06/30/2026"),
            ("2026-06-15", "2026-06-15", "was terminated on 06/15/2026"),
            ("2026-06-01", "2026-06-15", "was terminated on 06/01/2026"),
        ):
            with self.subTest(day=day, now=now):
                contract = self._create_contract()
                if day:
                    contract.action_terminate(reason="sold", date=day)
                with freeze_time(f"{now} 10:00:00"), self.assertRefused(UserError, message):
                    contract.action_withdraw_termination()
        draft = self._create_contract(active=False)
        draft.action_terminate(reason="never signed", date="2026-07-01")
        with self.assertRefused(UserError, "was terminated on"):
            draft.action_withdraw_termination()

    def test_a_call_taker_withdraws_nothing(self):
        contract = self._create_contract()
        contract.action_terminate(reason="sold", date="2026-06-30")
        taker = self._create_user("claire", "installed_base.group_service_user")
        self.env.invalidate_all()
        with self.assertRefused(AccessError, "not allowed"):
            contract.with_user(taker).action_withdraw_termination()

    def test_a_terminated_draft_never_covered_anything(self):
        contract = self._create_contract(active=False)
        contract.action_terminate(reason="never signed")
        self.assertEqual(contract.termination_date, date(2026, 1, 1))
        self.assertNotCovered(self._cover("2026-03-01"), "state")

    def test_each_transition_is_refused_from_the_wrong_state(self):
        allowed = {
            "action_activate": {"draft"},
            "action_suspend": {"active"},
            "action_resume": {"suspended"},
            "action_terminate": {"draft", "active", "suspended"},
            "action_renew": {"active", "suspended", "expired"},
        }
        contract = self._create_contract(active=False)
        for method, states in allowed.items():
            for state, label in contract._fields["state"]._description_selection(self.env):
                if state in states:
                    continue
                with self.subTest(method=method, state=state):
                    contract.state = state
                    message = f"{contract.name} .01/01/2026 – 12/31/2026. is in the state « {label}"
                    with self.assertRaisesRegex(UserError, message):
                        getattr(contract, method)()
                    self.assertEqual(contract.state, state)

    def test_only_drafts_can_be_deleted(self):
        draft, active = self._create_contract(active=False), self._create_contract()
        draft.unlink()
        with self.assertRaisesRegex(UserError, active.name):
            active.unlink()

    def test_a_machine_with_contracts_cannot_be_deleted(self):
        self._create_contract()
        with self.assertRefused(UserError, r"Coverage Lines \(1\).*Archive it"):
            self.machine.unlink()

    # === RENEWAL === #

    def test_a_renewal_makes_the_same_promise_for_the_next_period(self):
        contract = self._create_contract(
            {
                "equipment_id": self.machine.id,
                "parts_rate": 80,
                "competence_ids": self.hydraulics.ids,
                "date_end": "2026-09-30",
            },
            price=1200,
            points_initial=50,
            principal_id=self.other_customer.id,
            commitment_ids=[Command.create({"blocking": True, "response_hours": 4})],
        )
        action = contract.action_renew()
        successor = self.env["service.contract"].browse(action["res_id"])
        self.assertRecordValues(
            successor,
            [
                {
                    "state": "draft",
                    "previous_contract_id": contract.id,
                    "partner_id": self.customer.id,
                    "principal_id": self.other_customer.id,
                    "date_start": date(2027, 1, 1),
                    "date_end": date(2027, 12, 31),
                    "price": 1200,
                    "points_initial": 50,
                    "points_balance": 0,
                }
            ],
        )
        self.assertNotEqual(successor.name, contract.name)
        self.assertRecordValues(
            successor.coverage_ids,
            [
                {
                    "equipment_id": self.machine.id,
                    "parts_rate": 80,
                    "competence_ids": self.hydraulics.ids,
                    "date_start": date(2027, 1, 1),
                    "date_end": date(2027, 12, 31),
                }
            ],
        )
        self.assertRecordValues(successor.commitment_ids, [{"blocking": True, "response_hours": 4}])
        self.assertEqual(contract.successor_id, successor)
        self.assertEqual(contract.coverage_ids.date_end, date(2026, 9, 30))

    def test_a_renewal_keeps_the_length_over_leap_years(self):
        for start, end, next_start, next_end in (
            ("2027-03-01", "2028-02-29", date(2028, 3, 1), date(2029, 2, 28)),
            ("2028-02-29", "2029-02-28", date(2029, 3, 1), date(2030, 2, 28)),
            ("2027-01-31", "2027-02-28", date(2027, 3, 1), date(2027, 3, 31)),
            ("2026-12-31", "2027-12-30", date(2027, 12, 31), date(2028, 12, 30)),
            ("2026-01-15", "2026-04-14", date(2026, 4, 15), date(2026, 7, 14)),
            ("2026-01-01", "2026-01-10", date(2026, 1, 11), date(2026, 1, 20)),
        ):
            with self.subTest(start=start):
                contract = self._create_contract(date_start=start, date_end=end)
                successor = contract._renew()
                self.assertRecordValues(
                    successor, [{"date_start": next_start, "date_end": next_end}]
                )

    def test_a_contract_is_renewed_once(self):
        contract = self._create_contract()
        successor = contract._renew()
        with self.assertRaisesRegex(
            UserError, f"{contract.name} has already been renewed.*{successor.name}"
        ):
            contract.action_renew()
        successor.action_terminate(reason="a better offer")
        self.assertTrue(contract._renew())

    def test_a_contract_without_end_needs_no_renewal(self):
        contract = self._create_contract(date_end=False)
        with self.assertRaisesRegex(UserError, f"{contract.name} has no end"):
            contract.action_renew()

    def test_the_notice_tells_when_to_renew(self):
        contract = self._create_contract(renewal="quote", notice_days=30)
        self.assertEqual(contract.next_renewal_date, date(2026, 12, 1))
        contract.renewal = "none"
        self.assertFalse(contract.next_renewal_date)

    # === DATES === #

    def test_lines_follow_the_dates_of_their_contract_unless_they_have_their_own(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id}, {"scope": "customer", "date_end": "2027-03-31"}
        )
        contract.write({"date_start": "2026-02-01", "date_end": "2026-11-30"})
        self.assertRecordValues(
            contract.coverage_ids,
            [
                {"date_start": date(2026, 2, 1), "date_end": date(2026, 11, 30)},
                {"date_start": date(2026, 2, 1), "date_end": date(2027, 3, 31)},
            ],
        )

    def test_a_template_gives_everything_that_is_not_said_otherwise(self):
        template = self._create_template(
            {"scope": "customer", "parts_rate": 50, "competence_ids": self.pumps.ids},
            kind="points",
            points=30,
            price=99,
            renewal="auto",
            notice_days=15,
            commitment_ids=[Command.create({"resolution_hours": 8})],
        )
        contract = self.env["service.contract"].create(
            {
                "partner_id": self.site.id,
                "template_id": template.id,
                "date_start": "2026-06-15",
                "price": 120,
            }
        )
        self.assertRecordValues(
            contract,
            [
                {
                    "kind": "points",
                    "points_initial": 30,
                    "price": 120,
                    "renewal": "auto",
                    "notice_days": 15,
                    "date_end": date(2027, 6, 14),
                    "agency_id": self.agency.id,
                    "party_ids": self.customer.ids,
                }
            ],
        )
        self.assertRecordValues(
            contract.coverage_ids,
            [
                {
                    "scope": "customer",
                    "parts_rate": 50,
                    "competence_ids": self.pumps.ids,
                    "date_end": date(2027, 6, 14),
                    "template_id": False,
                }
            ],
        )
        self.assertRecordValues(contract.commitment_ids, [{"resolution_hours": 8}])
        self.assertEqual(len(template.coverage_ids), 1)

    def test_a_changed_template_leaves_its_contracts_alone(self):
        template = self._create_template({"scope": "customer"}, price=99)
        contract = self._create_contract(template_id=template.id, price=100)
        template.write({"price": 150, "duration": 1, "renewal": "auto"})
        self.assertRecordValues(
            contract, [{"price": 100, "renewal": "none", "date_end": date(2026, 12, 31)}]
        )

    def test_the_invoice_address_and_the_parties_come_from_the_customer(self):
        self.customer.write(
            {
                "service_payer_id": self.other_customer.id,
                "service_invoice_partner_id": self.site.id,
            }
        )
        contract = self._create_contract()
        self.assertRecordValues(
            contract,
            [
                {
                    "payer_id": self.other_customer.id,
                    "invoice_partner_id": self.site.id,
                    "group_partner_id": False,
                    "party_ids": (self.customer | self.other_customer).ids,
                }
            ],
        )

    # === THE DAILY BATCH === #

    def test_the_daily_batch_activates_on_the_first_day_and_expires_after_the_last(self):
        due = self._create_contract(active=False, date_start="2026-06-15", points_initial=5)
        future = self._create_contract(active=False, date_start="2026-06-16")
        undated = self._create_contract(active=False, date_start=False)
        last_day = self._create_contract(date_end="2026-06-15")
        over = self._create_contract(date_end="2026-06-14")
        suspended = self._create_contract(date_end="2026-06-14")
        suspended.action_suspend(reason="unpaid", date="2026-06-01")
        self._run_daily()
        self.assertEqual(
            (due | future | undated | last_day | over | suspended).mapped("state"),
            ["active", "draft", "draft", "active", "expired", "expired"],
        )
        self._run_daily()
        self.assertEqual(due.points_balance, 5)

    def test_a_contract_lives_as_long_as_one_of_its_lines(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "date_end": "2026-06-15"}, date_end="2026-06-01"
        )
        self._run_daily()
        self.assertEqual(contract.state, "active")
        with freeze_time("2026-06-16 10:00:00"):
            self._run_daily()
            self.assertEqual(contract.state, "expired")
            contract.coverage_ids.date_end = "2026-06-16"
            self._run_daily()
            self.assertEqual(contract.state, "active")

    def test_a_failing_contract_does_not_block_the_others(self):
        contracts = self.env["service.contract"]
        for _number in range(3):
            contracts |= self._create_contract(active=False, points_initial=5)
        failing = contracts[1]
        move_points = self.env.registry["service.contract"]._move_points

        def fail(contract, *args, **kwargs):
            if contract == failing:
                raise ValueError("No ink")
            return move_points(contract, *args, **kwargs)

        with (
            patch.object(self.env.registry["service.contract"], "_move_points", fail),
            mute_logger("odoo.addons.service_contract.models.service_contract_daily"),
        ):
            failed = contracts._try_together_or_alone(lambda batch: batch._activate())
        self.assertEqual(failed, failing)
        self.assertEqual(contracts.mapped("state"), ["active", "draft", "active"])
        self.assertEqual(contracts.mapped("points_balance"), [5, 0, 5])
        self.assertIn("No ink", failing.message_ids[0].body)
