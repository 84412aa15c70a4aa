from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestConsumptionAmounts(ServiceRequestCommon):
    """Who bears how much of what was consumed, and what a hand may change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls._create_equipment(serial_number="OLD-1")
        cls.insurer = cls.env["res.partner"].create({"name": "Insurer", "is_company": True})

    def _contract(self, *, kind="maintenance", points=0.0, **promise):
        return self._create_contract(
            {"scope": "customer", **promise},
            kind=kind,
            date_start="2020-01-01",
            date_end="2040-12-31",
            points_initial=points,
        )

    def test_share_of_a_third_party_is_billed_to_it(self):
        contract = self._contract(parts_rate=60, covered_by_id=self.insurer.id)
        part = self._consume(self._request(self.machine), self.burner)
        self.assertRecordValues(
            part,
            [
                {
                    "contract_id": contract.id,
                    "covered_by_id": self.insurer.id,
                    "amount_covered": 72,
                    "amount_to_invoice": 48,
                    "bill_to_id": self.customer.id,
                    "billable": "partial",
                }
            ],
        )
        self.assertRecordValues(
            part.request_id,
            [{"amount_billable": 120, "amount_unbilled": 0, "share_billable": 1.0}],
        )

    def test_customer_made_to_pay_relieves_the_third_party(self):
        self._contract(parts_rate=60, covered_by_id=self.insurer.id)
        part = self._consume(self._request(self.machine), self.burner)
        for typed, covered in ((20, 72), (0, 72), (48, 72), (100, 20), (120, 0)):
            part.amount_to_invoice = typed
            self.assertEqual(part.amount_covered, covered, typed)

    def test_what_we_bear_is_nobody_s_bill(self):
        self._contract(parts_rate=60)
        part = self._consume(self._request(self.machine), self.burner)
        self.assertRecordValues(
            part, [{"amount_covered": 0, "amount_borne": 72, "amount_to_invoice": 48}]
        )
        self.assertEqual(part.request_id.amount_unbilled, 72)
        self.assertEqual(part.request_id.share_unbilled, 0.6)

    def test_deductible_is_paid_once_and_moves_on(self):
        self._contract(deductible=150)
        request = self._request(self.machine)
        first, second = (self._consume(request, self.burner) for _number in range(2))
        self.assertEqual((first.amount_to_invoice, second.amount_to_invoice), (120, 30))
        first.action_cancel()
        self.assertEqual(second.amount_to_invoice, 120, "now the second one pays it")

    def test_free_hours_are_for_each_request(self):
        self._contract(labor_rate=0, free_hours=1)
        for _number in range(2):
            labor = self._consume(self._request(self.machine), self.labor, 3)
            self.assertEqual(labor.amount_to_invoice, 120)

    def test_limits_are_used_up_over_the_requests(self):
        self._contract(hour_limit=5)
        first, second = self._request(self.machine), self._request(self.machine)
        self.assertEqual(self._consume(first, self.labor, 3).amount_to_invoice, 0)
        third = self._request(self.machine)
        labor = self._consume(third, self.labor, 3)
        self.assertEqual(labor.amount_to_invoice, 60, "two hours were left")
        self.assertEqual(labor.hours_borne, 2)
        self.assertEqual(self._request(self.machine).coverage, "none")
        second.competence_id = False
        self.assertEqual(second.coverage, "none", "asked again, it finds the limit used up")

    def test_limit_of_the_amount(self):
        self._contract(amount_limit=200)
        first = self._consume(self._request(self.machine), self.burner)
        self.assertEqual(first.amount_to_invoice, 0)
        second = self._consume(self._request(self.machine), self.burner)
        self.assertEqual(second.amount_to_invoice, 40)
        first.action_cancel()
        third = self._consume(self._request(self.machine), self.burner)
        self.assertEqual(third.amount_to_invoice, 0, "what was cancelled is there again")

    def test_limit_of_requests_is_not_used_up_by_asking_again(self):
        self._contract(request_limit=1)
        request = self._request(self.machine)
        self.assertEqual(request.coverage, "full")
        request.date = "2026-02-01 10:00:00"
        request.competence_id = False
        self.assertEqual(request.coverage, "full", "its own use does not count")
        self.assertEqual(self._request(self.machine).coverage, "none")
        request.action_cancel()
        self.assertEqual(self._request(self.machine).coverage, "full")

    def test_amounts_are_typed_for_what_they_were_typed_for(self):
        other = self._deliver_machine()
        request = self._request(self.machine | other)
        old, covered = request.equipment_line_ids

        def typed():
            part = self._consume(request, self.burner, 2, equipment_line_id=old.id)
            part.amount_to_invoice = 100
            return part

        dozen = self.env.ref("uom.product_uom_dozen")
        for values, due in (
            ({"note": "As promised"}, 100),
            ({"user_id": self.dispatcher.id}, 100),
            ({"planned_date": "2026-04-01 08:00:00"}, 100),
            ({"quantity": 3}, 360),
            ({"uom_id": dozen.id}, 2880),
            ({"product_id": self._create_product("Valve", list_price=10).id}, 20),
            ({"equipment_line_id": covered.id}, 0),
        ):
            part = typed()
            part.write(values)
            self.assertEqual(part.amount_to_invoice, due, values)
        part = typed()
        request.write({"title": "Another title", "pricelist_id": False})
        self._consume(request, self.burner)
        self.assertEqual(part.amount_to_invoice, 100, "neither the request nor other lines matter")
        request.coverage = "goodwill"
        self.assertEqual(part.amount_to_invoice, 0, "a decision imposes itself")

    def test_consumed_amount_may_be_typed_too(self):
        self._contract(parts_rate=50)
        part = self._consume(self._request(self.machine), self.burner)
        part.amount_consumed = 90
        self.assertEqual((part.amount_to_invoice, part.billable), (45, "partial"))
        part.note = "Lump sum"
        self.assertEqual(part.amount_consumed, 90)
        part.quantity = 2
        self.assertEqual(part.amount_consumed, 240)

    def test_what_the_form_showed_is_not_typed(self):
        request = self._request(self.machine)
        with Form(request) as form, form.consumption_ids.new() as line:
            line.product_id = self.burner
            line.quantity = 2
        part = request.consumption_ids
        self.assertFalse(part.typed_for)
        part.write({"amount_to_invoice": 240, "billable": "full"})
        self.assertFalse(part.typed_for)
        part.quantity = 1
        self.assertEqual(part.amount_to_invoice, 120)

    def test_each_line_may_have_its_own_payer(self):
        request = self._request(self.machine)
        parts = [self._consume(request, self.burner) for _number in range(2)]
        parts[0].bill_to_id = self.insurer
        self.assertEqual([p.bill_to_id for p in parts], [self.insurer, self.customer])

    def test_analytic_distribution_comes_from_the_contract(self):
        plan = self.env["account.analytic.plan"].create({"name": "Service"})
        account = self.env["account.analytic.account"].create({"name": "A", "plan_id": plan.id})
        contract = self._contract()
        contract.analytic_distribution = {str(account.id): 100}
        part = self._consume(self._request(self.machine), self.burner)
        self.assertEqual(part.analytic_distribution, {str(account.id): 100})
        part.analytic_distribution = False
        part.quantity = 2
        self.assertFalse(part.analytic_distribution)

    def test_amounts_follow_the_currency_of_the_request(self):
        dollars = self.env["res.currency"].create(
            {"name": "USX", "symbol": "X", "rate_ids": [Command.create({"rate": 2.0})]}
        )
        self._contract(deductible=30)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": dollars.id}
        )
        request = self._request(self.machine, pricelist_id=pricelist.id)
        part = self._consume(request, self.burner)
        self.assertEqual((part.amount_consumed, part.amount_to_invoice), (240, 60))

    def test_component_is_covered_on_its_own(self):
        filter_ = self._create_product("Filter", list_price=20, taxes_id=[Command.clear()])
        contract = self._contract()
        contract.coverage_ids = [
            Command.create(
                {
                    "scope": "customer",
                    "is_exclusion": True,
                    "component_ids": [Command.set(filter_.ids)],
                }
            )
        ]
        request = self._request(self.machine)
        line = request.equipment_line_ids
        line.component_line_ids = [
            Command.create({"product_id": filter_.id}),
            Command.create({"product_id": self.burner.id}),
        ]
        wear, burner = line.component_line_ids
        self.assertEqual((wear.coverage, burner.coverage), ("none", "full"))
        self.assertEqual(request.coverage, "full", "components drive only their own consumption")
        for component, due in ((wear, 20), (burner, 0)):
            part = self._consume(request, filter_, component_line_id=component.id)
            self.assertEqual(part.amount_to_invoice, due)
        request.coverage = "goodwill"
        self.assertEqual(wear.coverage, "goodwill")
        self.assertEqual(set(request.consumption_ids.mapped("amount_to_invoice")), {0.0})

    def test_request_without_machine_is_charged_by_its_own_promise(self):
        self._contract(parts_rate=25, labor_rate=0, travel_rate=0)
        request = self._request()
        self.assertEqual(request.coverage, "partial")
        self.assertEqual(self._consume(request, self.burner).amount_to_invoice, 90)

    def test_goodwill_on_one_machine_is_free(self):
        request = self._request(self.machine)
        part = self._consume(request, self.burner)
        request.equipment_line_ids.coverage = "goodwill"
        self.assertEqual(part.amount_to_invoice, 0)
        request.equipment_line_ids.coverage_mode = "auto"
        self.assertEqual(part.amount_to_invoice, 120)

    def test_technician_sees_no_amount(self):
        technician = self._create_user("other", GROUP + "technician")
        fields = self.env["service.consumption"].with_user(technician).fields_get()
        self.assertFalse([name for name in fields if name.startswith("amount")])
