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

PRODUCTS = ["labor", "travel", "check", "test"]


class Life(RuleBasedStateMachine):
    """People and their requests, in any order; what is refused changes nothing."""

    case = None
    requests = Bundle("requests")

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.env.cr.savepoint()
        self.all = self.case.env["service.request"]
        self.changed = self.case.env["account.move.line"]

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
        consumed=st.lists(st.sampled_from(PRODUCTS), max_size=2),
        included=st.booleans(),
        abroad=st.booleans(),
        closed=st.booleans(),
    )
    def ask(self, covered, consumed, included, abroad, closed):
        machine = self.case.machine if covered else self.case._create_equipment()
        request = self.case._request(machine, price_included=included).sudo()
        if abroad:
            request.fiscal_position_id = self.case.abroad
        self.all |= request
        for product in consumed:
            self.case._consume(request, getattr(self.case, product))
        if closed:
            self.close(request)
        return request

    @rule(
        request=requests,
        product=st.sampled_from(PRODUCTS),
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

    @rule(request=requests, rate=st.integers(1, 100), rest=st.booleans())
    def split(self, request, rate, rest):
        """Somebody else pays a part of it, or what is left of it."""
        split = self.case.env["service.payer.split"].create(
            {
                "request_id": request.id,
                "partner_id": self.case.insurer.id,
                "computation": "rest" if rest else "percent",
                "percent": rate,
            }
        )
        self.attempt(split.action_confirm)

    @rule(request=requests)
    def unsplit(self, request):
        self.attempt(request.action_unsplit_payers)

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
    @rule(price=st.integers(0, 20000).map(lambda n: n / 100))
    def change_draft(self, price):
        line = self.drafts()[0].invoice_line_ids.filtered("service_consumption_ids")[:1]
        self.changed |= line
        self.attempt(lambda: line.write({"price_unit": price}))

    @precondition(drafts)
    @rule()
    def give_back_a_part(self):
        def post_and_rebate():
            invoice = self.drafts()[0]
            invoice.action_post()
            rebate = invoice._reverse_moves()
            line, *others = rebate.invoice_line_ids
            rebate.invoice_line_ids = [
                Command.update(line.id, {"quantity": line.quantity / 2}),
                *(Command.delete(other.id) for other in others),
            ]
            rebate.action_post()

        self.attempt(post_and_rebate)

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
        self.case.assertBalanced(self.all, self.changed)


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
        # what has the tax in the price here has it on top abroad
        cls.abroad = cls.env["account.fiscal.position"].create({"name": "Abroad"})
        on_top = cls._create_tax(
            8.1,
            price_include_override="tax_excluded",
            fiscal_position_ids=[Command.link(cls.abroad.id)],
            original_tax_ids=[Command.set(cls.check.taxes_id.ids)],
        )
        cls.test = cls._create_product(
            "Test with a tax on top",
            type="service",
            list_price=19.99,
            taxes_id=[Command.set(on_top.ids)],
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

    def assertBalanced(self, requests, changed=()):
        """Everything is somewhere, and invoices say what customers were told, unless changed."""
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
        missing = 0.0
        for line in requests.consumption_ids.invoice_line_ids._filter_billing():
            amount = "amount_to_invoice" if line.service_share == "bill_to" else "amount_covered"
            told = sum(line.service_consumption_ids.mapped(amount))
            if line not in changed:
                self.assertAlmostEqual(self._get_said(line), told, places=6)
            credits = line.move_id.reversal_move_ids.filtered(lambda m: m.state == "posted")
            back = credits.invoice_line_ids._filter_billed_like(line)
            if told:
                missing += told - self._get_said(line) + sum(map(self._get_said, back))
        self.assertAlmostEqual(sum(rows.mapped("amount_changed")), missing, places=4)

    def _get_said(self, line):
        included = line.service_consumption_ids.request_id.mapped("price_included")
        return line.price_total if all(included) else line.price_subtotal

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
        self.env.cr.execute(
            "SELECT sum(amount_consumed), sum(difference) FROM service_billing_balance "
            "WHERE request_id = %s",
            [request.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (95, 0), "it is a view of the database")
        self._invoice(request)
        self.assertEqual(columns(), [(60, 42, 0, 18), (35, 0, 0, 35)])
        free = self._closed_request(self.labor, equipment=self.machine, coverage="goodwill")
        self.env.flush_all()
        self.assertRecordValues(
            row.search([("request_id", "=", free.id)]),
            [{"amount_goodwill": 60.0, "amount_own": 0.0, "difference": 0.0}],
        )
        for kind, column in (("maintenance", "amount_own"), ("points", "amount_points")):
            machine = self._create_equipment()
            promise = {"equipment_id": machine.id, "points_per_hour": 4}
            self._create_contract(promise, kind=kind, points_initial=10)
            borne = self._closed_request(self.labor, equipment=machine)
            self.env.flush_all()
            self.assertRecordValues(
                row.search([("request_id", "=", borne.id)]),
                [{column: 60.0, "amount_to_invoice": 0.0, "difference": 0.0}],
            )

    def test_what_accounting_changed_shows(self):
        # 60 are told; the draft is changed to 50, a credit note gives 20 back: 30 are invoiced
        request = self._closed_request()
        invoice = self._invoice(request).sudo()
        self.env.flush_all()
        row = self.env["service.billing.balance"].search([("request_id", "=", request.id)])

        def assertRow(**amounts):
            self.env.flush_all()
            row.invalidate_recordset()
            self.assertRecordValues(row, [{**amounts, "difference": 0.0}])
            consumption = request.sudo().consumption_ids
            self.assertEqual(consumption.amount_revenue, amounts["amount_invoiced"])

        assertRow(amount_invoiced=60, amount_changed=0)
        invoice.invoice_line_ids.price_unit = 50
        assertRow(amount_invoiced=50, amount_changed=10)
        invoice.action_post()
        rebate = invoice._reverse_moves()
        rebate.invoice_line_ids.price_unit = 20
        assertRow(amount_invoiced=50, amount_changed=10)
        rebate.action_post()
        assertRow(amount_invoiced=30, amount_changed=30)

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
