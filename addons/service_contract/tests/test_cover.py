from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestCover(ServiceContractCommon):
    """Each rule that lets a promise cover, or keeps it from covering."""

    # === WHAT A PROMISE NAMES === #

    def test_the_machine_named_is_covered_in_full(self):
        contract = self._create_contract()
        answer = self._cover()
        self.assertEqual(
            answer,
            {
                "status": "full",
                "coverage_id": contract.coverage_ids.id,
                "contract_id": contract.id,
                "rates": {"parts": 100.0, "labor": 100.0, "travel": 100.0},
                "points": 0.0,
                "free_hours": 0.0,
                "deductible": 0.0,
                "remaining": {"requests": None, "hours": None, "amount": None},
                "covered_by_id": False,
                "reason": f"Covered in full by {contract.name} (Maintenance) until 12/31/2026.",
                "reason_code": "full_until",
                "reason_args": {
                    "contract": contract.name,
                    "kind": "maintenance",
                    "end": "2026-12-31",
                },
                "rejected": [],
            },
        )

    def test_another_machine_is_out_of_scope(self):
        contract = self._create_contract()
        other = self._create_equipment(serial_number="B-2")
        answer = self._cover(equipment_id=other.id)
        self.assertNotCovered(answer, "scope")
        self.assertEqual(answer["rejected"][0]["coverage_id"], contract.coverage_ids.id)
        self.assertEqual(answer["rejected"][0]["reason"], f"{contract.name} covers something else.")

    def test_the_system_named_covers_its_machines_at_any_depth(self):
        system, cascade = self._create_equipment(), self._create_equipment()
        cascade.parent_id = system
        self.machine.parent_id = cascade
        contract = self._create_contract({"equipment_id": system.id})
        self.assertCovers(self._cover(), contract)

    def test_a_system_in_a_circle_does_not_stop_the_engine(self):
        system = self._create_equipment()
        system.parent_id = self.machine
        self.env.flush_all()
        # refused since, but older data may hold it
        self.env.cr.execute(
            SQL(
                "UPDATE service_equipment SET parent_id = %s WHERE id = %s",
                system.id,
                self.machine.id,
            )
        )
        self.env.invalidate_all()
        contract = self._create_contract({"equipment_id": system.id})
        self.assertCovers(self._cover(), contract)

    def test_the_product_named_is_covered(self):
        contract = self._create_contract(
            {"scope": "product", "product_id": self.machine_product.id}
        )
        self.assertCovers(self._cover(), contract)

    def test_another_product_is_out_of_scope(self):
        self._create_contract({"scope": "product", "product_id": self.burner.id})
        self.assertNotCovered(self._cover(), "scope")

    def test_a_category_covers_the_categories_below_it(self):
        contract = self._create_contract(
            {"scope": "category", "product_category_id": self.heating.id}
        )
        self.assertCovers(self._cover(), contract)

    def test_a_category_does_not_cover_the_one_above_it(self):
        self._create_contract({"scope": "category", "product_category_id": self.boilers.id})
        self.machine_product.categ_id = self.heating
        self.assertNotCovered(self._cover(), "scope")

    def test_the_customer_covers_a_job_without_machine(self):
        contract = self._create_contract({"scope": "customer"})
        self.assertCovers(self._cover(equipment_id=False), contract)

    def test_a_job_without_machine_is_covered_by_customer_lines_only(self):
        self._create_contract(
            {"equipment_id": self.machine.id},
            {"scope": "product", "product_id": self.machine_product.id},
        )
        self.assertNotCovered(self._cover(equipment_id=False), "scope", "scope")

    def test_the_machine_gives_the_customer(self):
        contract = self._create_contract()
        self.assertCovers(self._cover(partner_id=False), contract)

    def test_nobody_is_covered_for_nothing(self):
        answer = self._cover(partner_id=False, equipment_id=False)
        self.assertNotCovered(answer)
        self.assertEqual(answer["reason"], "Not covered: no customer is given.")

    # === WHOSE CONTRACT === #

    def test_an_address_of_the_customer_is_the_customer(self):
        contract = self._create_contract()
        self.assertCovers(self._cover(partner_id=self.site.id), contract)

    def test_another_customer_is_not_covered(self):
        self._create_contract({"scope": "customer"})
        answer = self._cover(partner_id=self.other_customer.id)
        self.assertNotCovered(answer)
        self.assertEqual(
            answer["reason"], "Not covered: no contract of Clinique des Alpes applies."
        )

    def test_payer_group_and_principal_on_the_contract_may_call_on_it(self):
        for field in ("payer_id", "group_partner_id", "principal_id"):
            with self.subTest(field=field):
                contract = self._create_contract(
                    {"scope": "customer"},
                    partner_id=self.other_customer.id,
                    **{field: self.customer.id},
                )
                self.assertCovers(self._cover(), contract)
                contract.action_terminate(reason="next case", date="2026-01-01")

    # === WHEN === #

    def test_first_and_last_day_are_covered(self):
        contract = self._create_contract()
        for day in ("2026-01-01", "2026-12-31"):
            with self.subTest(day=day):
                self.assertCovers(self._cover(day), contract)

    def test_the_day_before_the_start_is_not_covered(self):
        contract = self._create_contract()
        answer = self._cover("2025-12-31")
        self.assertNotCovered(answer, "not_started")
        self.assertEqual(answer["reason"], f"Not covered: {contract.name} starts on 01/01/2026.")

    def test_the_day_after_the_end_is_not_covered(self):
        contract = self._create_contract()
        answer = self._cover("2027-01-01")
        self.assertNotCovered(answer, "expired")
        self.assertEqual(answer["reason"], f"Not covered: {contract.name} ended on 12/31/2026.")

    def test_a_contract_without_end_covers_on(self):
        contract = self._create_contract(date_end=False)
        self.assertCovers(self._cover("2099-01-01"), contract)

    def test_the_dates_of_a_line_go_before_those_of_its_contract(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "date_start": "2026-03-01", "date_end": "2027-02-28"}
        )
        self.assertNotCovered(self._cover("2026-02-28"), "not_started")
        self.assertCovers(self._cover("2027-02-28"), contract)

    def test_a_draft_does_not_cover(self):
        contract = self._create_contract(active=False)
        answer = self._cover()
        self.assertNotCovered(answer, "state")
        self.assertEqual(answer["reason"], f"Not covered: {contract.name} is a draft.")

    def test_a_suspension_removes_cover_from_its_day_on(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-15")
        self.assertCovers(self._cover("2026-06-14"), contract)
        answer = self._cover("2026-06-15")
        self.assertNotCovered(answer, "state")
        self.assertEqual(
            answer["reason"],
            f"Not covered: {contract.name} has been suspended since 06/15/2026: unpaid invoice",
        )

    def test_days_of_a_suspension_stay_without_cover_after_it(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-10")
        contract.action_resume(date="2026-06-13")
        for day, status in (
            ("2026-06-09", "full"),
            ("2026-06-10", "none"),
            ("2026-06-12", "none"),
            ("2026-06-13", "full"),
        ):
            self.assertEqual(self._cover(day)["status"], status, day)

    def test_a_suspension_lifted_on_its_first_day_was_none(self):
        contract = self._create_contract()
        contract.action_suspend(reason="unpaid invoice", date="2026-06-15")
        contract.action_resume(date="2026-06-15")
        self.assertCovers(self._cover("2026-06-15"), contract)
        self.assertFalse(contract.suspension_ids)

    def test_a_suspended_contract_came_closer_than_one_that_is_over(self):
        over = self._create_contract(date_end="2026-05-31")
        suspended = self._create_contract()
        suspended.action_suspend(reason="unpaid invoice", date="2026-06-01")
        answer = self._cover()
        self.assertNotCovered(answer, "expired", "state")
        self.assertIn(suspended.name, answer["reason"])
        self.assertNotIn(over.name, answer["reason"])

    def test_a_termination_without_a_reason_is_a_whole_sentence(self):
        contract = self._create_contract()
        contract.write({"state": "terminated", "termination_date": "2026-06-15"})
        reason = self._cover("2026-06-15")["reason"]
        self.assertEqual(reason, f"Not covered: {contract.name} was terminated on 06/15/2026.")

    def test_a_termination_removes_cover_from_its_day_on(self):
        contract = self._create_contract()
        contract.action_terminate(reason="machine sold", date="2026-06-15")
        self.assertCovers(self._cover("2026-06-14"), contract)
        self.assertNotCovered(self._cover("2026-06-15"), "state")

    def test_a_past_day_is_judged_as_it_was(self):
        contract = self._create_contract()
        contract._expire()
        self.assertCovers(self._cover(), contract)

    # === WHERE, WHO, WHAT PART === #

    def test_a_promise_for_a_site_holds_only_there(self):
        cellar = self.site.copy({"name": "Cellar"})
        contract = self._create_contract({"scope": "customer", "site_id": self.site.id})
        self.assertCovers(self._cover(), contract)
        self.assertNotCovered(self._cover(site_id=cellar.id), "site")

    def test_a_competence_includes_the_families_below_it(self):
        contract = self._create_contract(
            {"scope": "customer", "competence_ids": self.hydraulics.ids}
        )
        self.assertCovers(self._cover(competence_id=self.hydraulics.id), contract)
        self.assertCovers(self._cover(competence_id=self.pumps.id), contract)

    def test_another_competence_is_not_included(self):
        contract = self._create_contract({"scope": "customer", "competence_ids": self.pumps.ids})
        answer = self._cover(competence_id=self.hydraulics.id)
        self.assertNotCovered(answer, "competence")
        self.assertEqual(
            answer["reason"],
            f"Not covered: {contract.name} does not include the competence Hydraulics.",
        )

    def test_a_promise_for_certain_competences_needs_one(self):
        self._create_contract({"scope": "customer", "competence_ids": self.pumps.ids})
        self.assertNotCovered(self._cover(), "competence")

    def test_a_component_inherits_the_cover_of_its_machine(self):
        contract = self._create_contract()
        self.assertCovers(self._cover(component_product_id=self.nozzle.id), contract)

    def test_a_component_gives_its_machine_and_product(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "component_ids": self.burner.ids}
        )
        burner = self.machine.component_ids
        self.assertCovers(self._cover(equipment_id=False, component_id=burner.id), contract)

    def test_a_promise_for_components_covers_nothing_else(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "component_ids": self.burner.ids}
        )
        self.assertCovers(self._cover(component_product_id=self.burner.id), contract)
        self.assertNotCovered(self._cover(component_product_id=self.nozzle.id), "component")
        self.assertNotCovered(self._cover(), "component")

    def test_a_promise_for_a_component_category_covers_its_products(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "component_category_id": self.wear_parts.id}
        )
        self.assertCovers(self._cover(component_product_id=self.nozzle.id), contract)
        self.assertNotCovered(self._cover(component_product_id=self.burner.id), "component")

    # === EXCLUSIONS === #

    def test_an_excluded_wear_part_is_not_covered_though_its_machine_is(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id},
            {
                "scope": "customer",
                "is_exclusion": True,
                "component_category_id": self.wear_parts.id,
            },
        )
        self.assertCovers(self._cover(), contract)
        answer = self._cover(component_product_id=self.nozzle.id)
        self.assertNotCovered(answer, "excluded")
        self.assertEqual(answer["reason"], f"Not covered: {contract.name} excludes this.")

    def test_an_exclusion_spares_other_contracts(self):
        self._create_contract(
            {"equipment_id": self.machine.id},
            {"equipment_id": self.machine.id, "is_exclusion": True},
        )
        other = self._create_contract()
        self.assertCovers(self._cover(), other)

    def test_an_exclusion_that_is_over_excludes_nothing(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id},
            {"equipment_id": self.machine.id, "is_exclusion": True, "date_end": "2026-06-14"},
        )
        self.assertNotCovered(self._cover("2026-06-14"), "excluded")
        self.assertCovers(self._cover("2026-06-15"), contract)

    def test_an_exclusion_for_a_competence_holds_for_that_competence(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id},
            {
                "scope": "customer",
                "is_exclusion": True,
                "competence_ids": self.hydraulics.ids,
            },
        )
        self.assertCovers(self._cover(competence_id=self.electricity.id), contract)
        self.assertNotCovered(self._cover(competence_id=self.pumps.id), "excluded")

    # === LIMITS, POINTS, CUSTOMERS === #

    def _use(self, **used):
        """Let the coverage lines be used this much."""
        usage = {"requests": 0, "hours": 0.0, "amount": 0.0, **used}
        engine = self.env.registry["service.contract"]
        return patch.object(
            engine,
            "_coverage_usage",
            lambda self, coverage_ids, period: dict.fromkeys(coverage_ids, usage),
        )

    def test_limits_that_are_used_up_end_the_cover(self):
        for limit, used, almost in (
            ("request_limit", {"requests": 5}, {"requests": 4}),
            ("hour_limit", {"hours": 5.0}, {"hours": 4.75}),
            ("amount_limit", {"amount": 5.0}, {"amount": 4.99}),
        ):
            with self.subTest(limit=limit):
                contract = self._create_contract({"equipment_id": self.machine.id, limit: 5})
                with self._use(**almost):
                    self.assertCovers(self._cover(), contract)
                with self._use(**used):
                    self.assertNotCovered(self._cover(), limit)
                contract.action_terminate(reason="next case", date="2025-01-01")
                contract.coverage_ids.unlink()

    def test_what_remains_of_the_limits_is_told(self):
        self._create_contract(
            {"equipment_id": self.machine.id, "request_limit": 12, "hour_limit": 10}
        )
        with self._use(requests=7, hours=2.5):
            answer = self._cover()
        self.assertEqual(answer["remaining"], {"requests": 5, "hours": 7.5, "amount": None})

    def test_limits_are_asked_for_the_days_of_the_line(self):
        contract = self._create_contract({"equipment_id": self.machine.id, "request_limit": 1})
        asked = []

        def spy(engine, coverage_ids, period):
            asked.append(period)
            return {}

        with patch.object(self.env.registry["service.contract"], "_coverage_usage", spy):
            self.assertCovers(self._cover(), contract)
        self.assertEqual(
            asked, [{contract.coverage_ids.id: (contract.date_start, contract.date_end)}]
        )

    def test_points_pay_in_full(self):
        contract = self._create_contract(
            {"scope": "customer", "points_per_request": 20, "parts_rate": 0},
            kind="points",
            points_initial=20,
        )
        answer = self._cover()
        self.assertCovers(answer, contract)
        self.assertEqual(answer["points"], 20)
        self.assertEqual(answer["rates"], {"parts": 100.0, "labor": 100.0, "travel": 100.0})

    def test_too_few_points_do_not_cover(self):
        contract = self._create_contract(
            {"scope": "customer", "points_per_request": 60}, kind="points", points_initial=40
        )
        answer = self._cover()
        self.assertNotCovered(answer, "points")
        self.assertEqual(
            answer["reason"], f"Not covered: {contract.name}: 40.00 points left, 60.00 needed."
        )

    def test_no_points_left_do_not_cover_hours_either(self):
        self._create_contract({"scope": "customer", "points_per_hour": 10}, kind="points")
        self.assertNotCovered(self._cover(), "points")

    def test_an_overdraft_covers_without_points(self):
        contract = self._create_contract(
            {"scope": "customer", "points_per_request": 60}, kind="points", allow_overdraft=True
        )
        self.assertCovers(self._cover(), contract)

    def test_a_blocked_customer_is_covered_only_where_the_company_says_so(self):
        contract = self._create_contract()
        self.customer.write({"service_blocked": True, "service_block_reason": "Two reminders."})
        answer = self._cover(partner_id=self.site.id)
        self.assertNotCovered(answer, "blocked_customer")
        self.assertEqual(
            answer["reason"],
            "Not covered: Hôtel du Lac is blocked for service. Two reminders.",
        )
        self.env.company.service_cover_blocked_customer = True
        self.assertCovers(self._cover(), contract)

    def test_a_customer_over_its_credit_limit_is_covered_unless_the_company_refuses(self):
        contract = self._create_contract()
        self.env.company.account_use_credit_limit = True
        self.customer.credit_limit = 100
        self._owe(self.customer, 100.01)
        self.assertCovers(self._cover(), contract)
        self.env.company.service_cover_over_credit = False
        self.assertNotCovered(self._cover(), "over_credit")
        self.env.company.account_use_credit_limit = False
        self.assertCovers(self._cover(), contract)

    def test_a_customer_within_its_credit_limit_is_covered(self):
        contract = self._create_contract()
        self.env.company.write(
            {"account_use_credit_limit": True, "service_cover_over_credit": False}
        )
        self.customer.credit_limit = 100
        self._owe(self.customer, 100)
        self.assertCovers(self._cover(), contract)

    def _owe(self, partner, amount):
        """Let a customer owe us an amount."""
        accounts = {
            kind: self.env["account.account"].create(
                {"name": kind, "code": f"X{kind[:4]}", "account_type": kind, "reconcile": True}
            )
            for kind in ("asset_receivable", "income")
        }
        journal = self.env["account.journal"].create(
            {"name": "Miscellaneous", "code": "XMISC", "type": "general"}
        )
        self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {"account_id": accounts[kind].id, "partner_id": partner.id, side: amount}
                    )
                    for kind, side in (("asset_receivable", "debit"), ("income", "credit"))
                ],
            }
        ).action_post()

    # === PARTIAL, THIRD PARTIES === #

    def test_a_rate_below_a_hundred_is_partial(self):
        contract = self._create_contract({"equipment_id": self.machine.id, "travel_rate": 50})
        answer = self._cover()
        self.assertCovers(answer, contract, "partial")
        self.assertEqual(
            answer["reason"],
            f"Covered in part by {contract.name} (Maintenance): parts 100.00 %, labour 100.00 %, "
            "travel 50.00 %.",
        )

    def test_rates_of_zero_cover_nothing(self):
        contract = self._create_contract(
            {
                "equipment_id": self.machine.id,
                "parts_rate": 0,
                "labor_rate": 0,
                "travel_rate": 0,
                "free_hours": 1,
            }
        )
        answer = self._cover()
        self.assertCovers(answer, contract, "none")
        self.assertEqual(answer["free_hours"], 1)

    def test_free_hours_deductible_and_insurer_are_told(self):
        self._create_contract(
            {
                "equipment_id": self.machine.id,
                "free_hours": 1.5,
                "deductible": 80,
                "covered_by_id": self.other_customer.id,
            }
        )
        answer = self._cover()
        self.assertEqual(
            (answer["free_hours"], answer["deductible"], answer["covered_by_id"]),
            (1.5, 80, self.other_customer.id),
        )
