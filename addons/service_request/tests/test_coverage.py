from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestCoverage(ServiceRequestCommon):
    def setUp(self):
        super().setUp()
        self.covered = self._deliver_machine()
        self.bare = self._create_equipment(serial_number="OLD-1")

    def test_request_aggregates_its_machines(self):
        for machines, expected in (
            (self.covered, "full"),
            (self.bare, "none"),
            (self.covered | self.bare, "partial"),
        ):
            request = self._request(machines)
            self.assertEqual((request.coverage, request.coverage_mode), (expected, "auto"))

    def test_partly_covered_machine_makes_the_request_partial(self):
        self.machine_product.warranty_template_id = self._create_warranty_template(labor_rate=50)
        half = self._deliver_machine("B20-2")
        self.assertEqual(self._request(half).coverage, "partial")

    def test_decision_is_kept_on_the_line_with_its_reason(self):
        line = self._request(self.covered).equipment_line_ids
        self.assertEqual(line.contract_id.kind, "warranty")
        self.assertEqual(line.coverage_id.equipment_id, self.covered)
        self.assertIn(line.contract_id.name, line.coverage_reason)
        self.assertEqual(line.request_id.coverage_label, line.coverage_reason)

    def test_setting_decides_without_machine_and_competence(self):
        self.assertEqual(self._request(competence_id=False).coverage, "none")
        self.env.company.service_default_coverage = "full"
        self.assertEqual(self._request(competence_id=False).coverage, "full")

    def test_manual_coverage_imposes_itself_on_machines_and_consumptions(self):
        request = self._request(self.covered)
        part = self._consume(request, self.burner)
        self.assertEqual(part.amount_to_invoice, 0)
        request.coverage = "none"
        self.assertEqual(request.coverage_mode, "manual")
        self.assertEqual(request.coverage_label, "Coverage refused by hand")
        self.assertEqual(request.equipment_line_ids.coverage, "none")
        self.assertEqual(part.amount_to_invoice, 120)
        request.action_reset_coverage()
        self.assertEqual((request.coverage, request.coverage_mode), ("full", "auto"))
        self.assertEqual(part.amount_to_invoice, 0)

    def test_who_pays_under_each_manual_coverage(self):
        for coverage, due in (
            ("none", 120),
            ("direct", 120),
            ("goodwill", 0),
            ("contract", 0),
            ("sale", 0),
        ):
            request = self._request(self.bare)
            part = self._consume(request, self.burner)
            request.coverage = coverage
            self.assertEqual(part.amount_to_invoice, due, coverage)

    def test_contract_chosen_by_hand_applies_its_best_promise(self):
        contract = self._create_contract(
            {"scope": "customer", "parts_rate": 25, "labor_rate": 0, "travel_rate": 0},
            date_start="2020-01-01",
            date_end="2040-12-31",
        )
        request = self._request(self.bare)
        part = self._consume(request, self.burner)
        request.write({"coverage": "contract", "coverage_contract_id": contract.id})
        self.assertEqual(part.amount_to_invoice, 90)
        self.assertIn(contract.name, request.coverage_label)

    def test_only_what_is_the_customer_s_own_is_chosen_by_hand(self):
        whole = {"scope": "customer", "parts_rate": 100}
        period = {"date_start": "2020-01-01", "date_end": "2040-12-31"}
        foreign = self._create_contract(whole, partner_id=self.other_customer.id, **period)
        paid_for = self._create_contract(
            whole, partner_id=self.other_customer.id, payer_id=self.customer.id, **period
        )
        order, foreign_order = self.env["sale.order"].create(
            [{"partner_id": partner.id} for partner in (self.customer, self.other_customer)]
        )
        request = self._request(self.bare)
        line = request.equipment_line_ids
        for record in (request, line):
            with self.assertRefused(ValidationError, f"{foreign.name} is of"):
                record.write({"coverage_manual": "contract", "coverage_contract_id": foreign.id})
            with self.assertRefused(ValidationError, f"{foreign_order.name} is of"):
                record.write({"coverage_manual": "sale", "coverage_sale_id": foreign_order.id})
        request.write({"coverage_manual": "contract", "coverage_contract_id": paid_for.id})
        self.assertEqual(line.contract_id, paid_for)
        with self.assertRefused(ValidationError, f"{order.name} is not confirmed"):
            request.write({"coverage_manual": "sale", "coverage_sale_id": order.id})
        order.action_confirm()
        request.write({"coverage_manual": "sale", "coverage_sale_id": order.id})
        self.assertEqual(line.sale_id, order)

    def test_another_customer_does_not_take_what_the_first_one_chose_along(self):
        contract = self._create_contract({"scope": "customer", "parts_rate": 100})
        choice = {"coverage_manual": "contract", "coverage_contract_id": contract.id}
        machine = self._create_equipment(
            serial_number="X-1", partner_id=self.other_customer.id, site_id=False
        )
        whole, single = self._request(machine, **choice), self._request(machine)
        single.equipment_line_ids.write(choice)
        for request in (whole, single):
            with self.assertRefused(ValidationError, f"{contract.name} is of"):
                request.partner_id = self.other_customer
            request.action_reset_coverage()
            request.partner_id = self.other_customer

    def test_contract_that_ends_soon_is_spoken_about(self):
        contract = self._create_contract(
            {"scope": "customer", "parts_rate": 25}, date_start="2020-01-01"
        )
        request = self._request(self.bare)
        self.assertEqual(request.equipment_line_ids.contract_id, contract)
        today = fields.Date.context_today(request)
        for days, told in ((0, True), (20, True), (60, True), (61, False)):
            contract.date_end = today + timedelta(days=days)
            request.invalidate_recordset(["contract_hint"])
            self.assertEqual(bool(request.contract_hint), told, days)
            if told:
                self.assertIn(f"{contract.name} ends on", request.contract_hint)
                self.assertIn(f"in {days} days", request.contract_hint)
        contract.date_end = today + timedelta(days=20)
        request.action_cancel()
        self.assertFalse(request.contract_hint)

    def test_manual_coverage_of_one_machine_survives_recomputation(self):
        request = self._request(self.covered | self.bare)
        line = request.equipment_line_ids.filtered(lambda ln: ln.equipment_id == self.bare)
        line.coverage = "goodwill"
        self.assertEqual(request.coverage, "full")
        request.competence_id = False
        self.assertEqual((line.coverage, line.coverage_mode), ("goodwill", "manual"))

    def test_full_and_partial_cannot_be_decided_by_hand(self):
        request = self._request(self.bare)
        with self.assertRefused(UserError, "only be found by the system"):
            request.coverage = "full"

    def test_change_of_machine_asks_again(self):
        request = self._request(self.bare)
        part = self._consume(request, self.burner)
        request.equipment_line_ids.equipment_id = self.covered
        self.assertEqual((request.coverage, part.amount_to_invoice), ("full", 0))

    def test_coverage_is_shown_before_saving(self):
        with Form(self.env["service.request"].with_user(self.call_taker)) as form:
            form.equipment_id = self.covered
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.site_id, self.site)
            self.assertEqual(form.coverage, "full")
            self.assertIn("full", form.coverage_label)
            form.title = "Cold radiators"
        self.assertEqual(form.record.equipment_line_ids.equipment_id, self.covered)
        self.assertEqual(form.record.coverage, "full")

    def test_batch_asks_the_engine_once(self):
        machines = self.env["service.equipment"].create(
            [
                {
                    "product_id": self.machine_product.id,
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "serial_number": f"Q-{number}",
                }
                for number in range(21)
            ]
        )
        values = [
            {
                "partner_id": self.customer.id,
                "title": "Batch",
                "competence_id": self.competence.id,
                "equipment_line_ids": [Command.create({"equipment_id": machine.id})],
            }
            for machine in machines
        ]
        requests = self.env["service.request"].with_user(self.call_taker)

        def count(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.create(batch)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        requests.create(values[:1])
        few, many = count(values[1:6]), count(values[6:])
        self.assertLessEqual(many - few, 10, "15 requests ask hardly more than 5")

    def test_technician_does_not_give_goodwill(self):
        request = self._request(self.bare).with_user(self.technician_user)
        with self.assertRefused(AccessError, "office"):
            request.coverage = "goodwill"
        with self.assertRefused(AccessError, "office"):
            request.coverage_manual = "goodwill"

    def test_what_the_form_showed_is_not_set_by_hand(self):
        with Form(self.env["service.request"].with_user(self.call_taker)) as form:
            form.equipment_id = self.covered
            form.title = "Cold radiators"
            form.severity_id = self.blocking
            form.competence_id = self.competence
        self.assertRecordValues(
            form.record,
            [
                {
                    "deadline_manual": False,
                    "assigned_by_hand": False,
                    "user_id": self.technician_user.id,
                }
            ],
        )
        self.assertEqual(form.record.commitment_contract_id.kind, "warranty")
        low = self.env.ref("service_request.service_severity_low")
        before = form.record.deadline
        form.record.severity_id = low
        self.assertGreater(form.record.deadline, before)
