from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestBadInput(ServiceContractCommon):
    def test_an_end_before_the_start_is_refused(self):
        message = "would end on 12/31/2025, before it starts on 01/01/2026"
        with self.assertRaisesRegex(ValidationError, message):
            self._create_contract(date_end="2025-12-31")

    def test_a_contract_of_one_day_is_fine(self):
        self.assertTrue(self._create_contract(date_end="2026-01-01"))

    def test_a_line_that_ends_before_it_starts_is_refused(self):
        contract = self._create_contract()
        message = f"of {contract.name} would end on 12/31/2025, before it starts on 01/01/2026"
        with self.assertRaisesRegex(ValidationError, message):
            contract.coverage_ids.date_end = "2025-12-31"

    def test_rates_outside_zero_to_a_hundred_are_refused(self):
        contract = self._create_contract()
        for rate in (-0.01, 100.01):
            with (
                self.subTest(rate=rate),
                self.assertRaisesRegex(ValidationError, f"{contract.name} is {rate}"),
            ):
                contract.coverage_ids.labor_rate = rate

    def test_negative_limits_are_refused(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(ValidationError, f"« Request Limit » of .* in {contract.name}"):
            contract.coverage_ids.request_limit = -1

    def test_a_promise_without_target_is_refused(self):
        for line, missing in (
            ({"scope": "equipment"}, "choose a machine"),
            ({"scope": "product"}, "choose a product"),
            ({"scope": "category"}, "choose a product category"),
        ):
            with (
                self.subTest(scope=line["scope"]),
                self.assertRaisesRegex(ValidationError, missing),
            ):
                self._create_contract(line)

    def test_a_template_needs_no_machine(self):
        self.assertTrue(self._create_template({"scope": "equipment"}))

    def test_a_line_belongs_to_one_owner(self):
        line = self._create_contract().coverage_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            line.template_id = self._create_template()
            self.env.flush_all()

    def test_negative_commitments_are_refused(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(ValidationError, f"{contract.name} has negative hours"):
            self.env["service.contract.commitment"].create(
                {"contract_id": contract.id, "onsite_hours": -1}
            )

    def test_the_same_promise_twice_is_warned_about(self):
        line = {"equipment_id": self.machine.id, "competence_ids": self.pumps.ids}
        contract = self._create_contract(line, {**line, "date_start": "2026-12-31"})
        self.assertIn(contract.name, contract.overlap_warning)
        self.assertIn(self.machine.code, contract.overlap_warning)

    def test_the_same_promise_one_after_the_other_is_fine(self):
        line = {"equipment_id": self.machine.id}
        contract = self._create_contract(
            {**line, "date_end": "2026-06-30"}, {**line, "date_start": "2026-07-01"}
        )
        self.assertFalse(contract.overlap_warning)

    def test_two_different_promises_are_fine(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "competence_ids": self.pumps.ids},
            {"equipment_id": self.machine.id},
        )
        self.assertFalse(contract.overlap_warning)

    def test_two_competences_cannot_have_one_code(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["service.competence"].create({"name": "Again", "code": "HYD"})

    def test_a_competence_is_not_above_itself(self):
        with self.assertRaises(UserError):
            self.hydraulics.parent_id = self.pumps

    def test_competences_are_shown_with_their_families(self):
        self.assertEqual(self.pumps.display_name, "Hydraulics / Pumps")

    def test_only_accounting_and_managers_block_a_customer(self):
        for group, allowed in (
            ("installed_base.group_service_user", False),
            ("installed_base.group_service_manager", True),
            ("account.group_account_invoice", True),
        ):
            with self.subTest(group=group):
                self.customer.service_blocked = False
                user = self._create_user(group, group, "base.group_partner_manager")
                customer = self.customer.with_user(user)
                customer.write({"service_blocked": False, "phone": "123"})
                if allowed:
                    customer.service_blocked = True
                else:
                    with self.assertRaisesRegex(AccessError, "accounting and service managers"):
                        customer.service_blocked = True
                    with self.assertRaises(AccessError):
                        customer.create({"name": "New", "service_blocked": True})
