from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


class Life(RuleBasedStateMachine):
    """People and their requests, in any order; what is refused changes nothing."""

    case = None
    requests = Bundle("requests")

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.env.cr.savepoint()
        self.all = self.case.env["service.request"]

    def teardown(self):
        self.savepoint.rollback()
        self.case.env.invalidate_all()

    def attempt(self, action):
        """What is refused changes nothing."""
        try:
            with self.case.env.cr.savepoint():
                action()
                self.case.env.flush_all()
        except UserError:
            self.case.env.invalidate_all()

    @rule(
        target=requests,
        covered=st.booleans(),
        consumed=st.lists(st.sampled_from(["labor", "travel", "check"]), max_size=2),
        included=st.booleans(),
        closed=st.booleans(),
    )
    def ask(self, covered, consumed, included, closed):
        machine = self.case.machine if covered else self.case._create_equipment()
        request = self.case._request(machine, price_included=included).sudo()
        self.all |= request
        for product in consumed:
            self.case._consume(request, getattr(self.case, product))
        if closed:
            self.close(request)
        return request

    @rule(
        request=requests,
        product=st.sampled_from(["labor", "travel", "check"]),
        quantity=st.integers(1, 300).map(lambda n: n / 100),
        price=st.integers(0, 20000).map(lambda n: n / 100),
    )
    def consume(self, request, product, quantity, price):
        self.attempt(
            lambda: self.case._consume(
                request, getattr(self.case, product), quantity, price_unit=price
            )
        )

    @rule(request=requests, quantity=st.integers(1, 9))
    def correct(self, request, quantity):
        self.attempt(lambda: request.consumption_ids[:1].write({"quantity": quantity}))

    @rule(request=requests, amount=st.integers(0, 30000).map(lambda n: n / 100))
    def type_amount(self, request, amount):
        self.attempt(lambda: request.consumption_ids[-1:].write({"amount_to_invoice": amount}))

    @rule(request=requests, coverage=st.sampled_from(["goodwill", "none", "direct", "sale"]))
    def override(self, request, coverage):
        order = self.case.order if coverage == "sale" else self.case.order.browse()
        self.attempt(lambda: request.write({"coverage": coverage, "coverage_sale_id": order.id}))

    @rule()
    def invoice_order(self):
        self.attempt(self.case.order._create_invoices)

    @rule(request=requests)
    def cover_again(self, request):
        self.attempt(request.action_reset_coverage)

    @rule(request=requests)
    def drop(self, request):
        self.attempt(lambda: request.consumption_ids[:1].action_cancel())

    @rule(request=requests)
    def close(self, request):
        self.attempt(lambda: request.action_close(undone="done"))

    @rule(request=requests)
    def reopen(self, request):
        self.attempt(request.action_reopen)

    def waiting(self):
        return self.all.filtered(lambda r: r.invoice_state == "to_invoice")

    @precondition(waiting)
    @rule(grouping=st.sampled_from(["request", "customer"]))
    def invoice(self, grouping):
        self.attempt(lambda: self.waiting()._create_service_invoices(grouping=grouping))

    def drafts(self):
        return self.all.invoice_ids.filtered(lambda m: m.state == "draft")

    @precondition(drafts)
    @rule(paid=st.booleans())
    def credit(self, paid):
        def post_and_reverse():
            invoice = self.drafts()[0]
            if invoice.amount_total and invoice.move_type == "out_invoice":
                invoice.action_post()
                if paid:
                    self.case._pay(invoice)
                invoice._reverse_moves(cancel=not paid).filtered(
                    lambda move: move.state == "draft"
                ).action_post()

        self.attempt(post_and_reverse)

    @precondition(drafts)
    @rule()
    def cancel_invoice(self):
        self.attempt(lambda: self.drafts()[0].button_cancel())

    @rule()
    def take_back(self):
        """Cancelled invoices and posted credit notes become drafts again."""
        undone = self.all.invoice_ids.filtered(
            lambda m: m.state == "cancel" or (m.move_type == "out_refund" and m.state == "posted")
        )
        self.attempt(undone[:1].button_draft)

    @precondition(drafts)
    @rule()
    def forget_draft(self):
        self.attempt(lambda: self.drafts()[0].unlink())

    @rule(target=requests, requests=st.lists(requests, min_size=2, max_size=3, unique=True))
    def merge(self, requests):
        survivor, *others = requests
        merged = self.all.browse([other.id for other in others])
        self.attempt(lambda: merged._merge_into(survivor))
        return survivor

    @invariant()
    def everything_is_somewhere(self):
        self.case.assertBalanced(self.all)


@tagged("post_install", "-at_install")
class TestConservation(ServiceBillingCommon):
    """consumed = covered + invoiced + to invoice + on sale order + goodwill + points, always."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["res.partner"].create({"name": "Insurer"})
        cls.machine = cls._create_equipment()
        cls.check = cls._create_product(
            "Check with taxes",
            type="service",
            list_price=36.0,
            taxes_id=[Command.set(cls._create_tax(20, price_include_override="tax_included").ids)],
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create({"product_id": cls.labor.id})],
            }
        )
        cls.order.action_confirm()
        cls.env["service.contract"].create(
            {
                "partner_id": cls.customer.id,
                "kind": "maintenance",
                "date_start": "2020-01-01",
                "coverage_ids": [
                    Command.create(
                        {
                            "equipment_id": cls.machine.id,
                            "labor_rate": 70,
                            "travel_rate": 0,
                            "covered_by_id": cls.insurer.id,
                        }
                    )
                ],
            }
        ).action_activate()

    def assertBalanced(self, requests):
        self.env.flush_all()
        balance = self.env["service.billing.balance"]
        balance.invalidate_model()
        rows = balance.search([("request_id", "in", requests.ids)])
        self.assertEqual(
            rows.consumption_id, requests.consumption_ids.filtered(lambda c: c.state == "done")
        )
        self.assertFalse(rows.filtered("difference").mapped("difference"))
        for consumption in requests.consumption_ids:
            for share in ("bill_to", "covered_by"):
                lines = consumption.invoice_line_ids._filter_billing()
                self.assertLessEqual(
                    len(lines.filtered(lambda line, s=share: line.service_share == s)), 1
                )
        for line in requests.consumption_ids.invoice_line_ids._filter_billing():
            amount = "amount_to_invoice" if line.service_share == "bill_to" else "amount_covered"
            bills = line.service_consumption_ids
            included = all(bills.request_id.mapped("price_included"))
            self.assertAlmostEqual(
                line.price_total if included else line.price_subtotal,
                sum(bills.mapped(amount)),
                # a tax that is in the price rounds the price without it
                delta=0.0051 if included or not line.tax_ids else 0.0101,
            )

    def test_each_way_of_bearing_has_its_column(self):
        request = self._closed_request(self.labor, self.travel, equipment=self.machine)
        row = self.env["service.billing.balance"]

        def columns():
            self.env.flush_all()
            row.invalidate_model()
            rows = row.search([("request_id", "=", request.id)], order="id")
            return [
                (r.amount_consumed, r.amount_third_party, r.amount_to_invoice, r.amount_invoiced)
                for r in rows
            ]

        self.assertEqual(columns(), [(60, 42, 18, 0), (35, 0, 35, 0)])
        self._invoice(request)
        self.assertEqual(columns(), [(60, 42, 0, 18), (35, 0, 0, 35)])
        free = self._closed_request(self.labor, equipment=self.machine, coverage="goodwill")
        self.env.flush_all()
        self.assertRecordValues(
            row.search([("request_id", "=", free.id)]),
            [{"amount_goodwill": 60.0, "amount_own": 0.0, "difference": 0.0}],
        )

    def test_a_line_billed_twice_shows(self):
        request = self._closed_request()
        invoice = self._invoice(request).sudo()
        copy = invoice.copy()
        copy.invoice_line_ids.service_consumption_ids = request.consumption_ids
        self.env.flush_all()
        row = self.env["service.billing.balance"].search([("request_id", "=", request.id)])
        self.assertEqual(row.difference, -60.0)

    def test_whatever_people_do_in_whatever_order(self):
        Life.case = self
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=15,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
