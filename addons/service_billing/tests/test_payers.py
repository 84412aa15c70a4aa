from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestPayers(ServiceBillingCommon):
    """A request is split between several payers by hand: all of it is somebody's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer, cls.lessor = cls.env["res.partner"].create(
            [{"name": "Insurer"}, {"name": "Lessor"}]
        )
        cls.user_claire = cls._create_user("claire", "installed_base.group_service_user")

    def _water_damage(self, **values):
        """Work for 120, a journey for 35 and a part for 100, nothing of it covered."""
        request = self._request(self._create_equipment(), **values)
        self._consume(request, self.labor, 2)
        self._consume(request, self.travel)
        self._consume(request, self.burner, price_unit=100.0)
        return request

    def _split(self, request, payer, user=None, confirm=True, **values):
        split = (
            self.env["service.payer.split"]
            .with_user(user or self.accountant)
            .create({"request_id": request.id, "partner_id": payer.id, **values})
        )
        if confirm:
            split.action_confirm()
        return split

    def _payers(self, request):
        """``{(payer, role): (amount, not invoiced yet)}``."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            (line.partner_id, line.role): (line.amount, line.amount_open)
            for line in request.payer_line_ids
        }

    def test_insurer_lessor_and_customer_share_a_request_and_get_an_invoice_each(self):
        request = self._water_damage()
        for scope in ("part", "labor"):
            self._split(request, self.insurer, scope=scope, percent=70)
        self._split(request, self.lessor, scope="travel", computation="rest")
        said = "\n".join(request.message_ids.mapped("body"))
        self.assertIn("Lessor pays $&nbsp;35.00", said.replace("\xa0", "&nbsp;"))
        # 70 % of 120 + 100; the journey; 30 % of 120 + 100
        expected = {
            (self.insurer, "third_party"): (154.0, 154.0),
            (self.lessor, "other"): (35.0, 35.0),
            (self.customer, "customer"): (66.0, 66.0),
        }
        self.assertEqual(self._payers(request), expected)
        request.action_close(undone="done")
        invoices = self._invoice(request).sudo()
        self.assertEqual(
            {invoice.partner_id: invoice.amount_untaxed for invoice in invoices},
            {self.insurer: 154.0, self.lessor: 35.0, self.customer: 66.0},
        )
        self.assertEqual({opened for _, opened in self._payers(request).values()}, {0.0})
        balance = self.env["service.billing.balance"].search([("request_id", "=", request.id)])
        self.assertEqual(set(balance.mapped("difference")), {0.0})
        self.assertEqual(sum(balance.mapped("amount_third_party")), 154.0)
        self.assertEqual(sum(balance.mapped("amount_goodwill")), 0.0)
        texts = "\n".join(
            invoices.filtered(lambda i: i.partner_id == self.insurer).invoice_line_ids.mapped(
                "name"
            )
        )
        self.assertIn(self.customer.name, texts)
        self.assertIn("84.00", texts)
        self.assertIn("120.00", texts)
        with self.assertRefused(UserError, "nothing to split"):
            self._split(request, self.insurer)

    def test_an_amount_is_spread_over_the_lines_to_the_cent(self):
        # (amount, shares of labour 120, travel 35, part 100): in proportion, the last the rest
        cases = (
            (100.0, [47.06, 13.72, 39.22]),
            (255.0, [120.0, 35.0, 100.0]),
            (0.01, [0.0, 0.01, 0.0]),
        )
        for amount, shares in cases:
            request = self._water_damage()
            split = self._split(request, self.insurer, computation="amount", amount=amount)
            found = request.consumption_ids.mapped("amount_covered")
            with self.subTest(amount=amount):
                self.assertEqual([round(share, 2) for share in found], shares)
                self.assertEqual(split.amount_pays + split.amount_left, 255.0)
                self.assertEqual(sum(amount for amount, _ in self._payers(request).values()), 255.0)

    def test_the_share_follows_the_quantity_and_never_exceeds_what_the_coverage_leaves(self):
        machine = self._create_equipment()
        self._create_contract({"equipment_id": machine.id, "labor_rate": 50, "travel_rate": 0})
        request = self._request(machine)
        labor = self._consume(request, self.labor, 2)
        self._split(request, self.insurer, percent=40)
        # of 120 the contract bears 60, the insurer 48 and the customer 12
        self.assertRecordValues(
            labor, [{"amount_borne": 60.0, "amount_covered": 48.0, "amount_to_invoice": 12.0}]
        )
        labor.quantity = 1
        self.assertRecordValues(
            labor, [{"amount_borne": 30.0, "amount_covered": 24.0, "amount_to_invoice": 6.0}]
        )
        self._split(request, self.insurer, percent=90)
        self.assertRecordValues(
            labor, [{"amount_borne": 30.0, "amount_covered": 30.0, "amount_to_invoice": 0.0}]
        )
        self.assertEqual(
            self._payers(request),
            {
                (self.env.company.partner_id, "own"): (30.0, 0.0),
                (self.insurer, "third_party"): (30.0, 30.0),
            },
        )

    def test_what_the_customer_pays_may_be_typed_beside_the_third_party(self):
        request = self._request(self._create_equipment())
        labor = self._consume(request, self.labor, 2)
        self._split(request, self.insurer, percent=50)
        labor.amount_to_invoice = 20.0
        self.assertRecordValues(
            labor, [{"amount_covered": 60.0, "amount_to_invoice": 20.0, "amount_borne": 0.0}]
        )
        self.assertEqual(
            self._payers(request),
            {
                (self.insurer, "third_party"): (60.0, 60.0),
                (self.customer, "customer"): (20.0, 20.0),
                (self.env.company.partner_id, "goodwill"): (40.0, 0.0),
            },
        )
        request.action_unsplit_payers()
        self.assertRecordValues(labor, [{"third_party_id": False, "amount_covered": 0.0}])

    def test_the_customer_pays_everything_again(self):
        request = self._water_damage()
        self._split(request, self.insurer, percent=70)
        self._split(request, self.lessor, computation="rest")
        self.assertTrue(request.is_split)
        request.with_user(self.user_claire).action_unsplit_payers()
        self.assertFalse(request.is_split)
        self.assertEqual(self._payers(request), {(self.customer, "customer"): (255.0, 255.0)})

    def test_bad_splits_are_refused_in_words(self):
        machine = self._create_equipment()
        self._create_contract(
            {"equipment_id": machine.id, "labor_rate": 50, "covered_by_id": self.lessor.id}
        )
        covered = self._request(machine)
        self._consume(covered, self.labor)
        request = self._water_damage()
        cases = (
            (request, {"percent": 0}, "more than 0"),
            (request, {"percent": 101}, "at most 100"),
            (request, {"computation": "amount", "amount": 256}, "cannot pay.*255"),
            (request, {"computation": "amount", "amount": 0}, "cannot pay"),
            (request, {"consumption_ids": False}, "nothing to split"),
            (covered, {"percent": 10}, "Lessor.*All That Is Left"),
        )
        for record, values, message in cases:
            with self.subTest(values=values), self.assertRefused(UserError, message):
                self._split(record, self.insurer, **values)
        with self.assertRefused(ValidationError, "at most 100"):
            request.consumption_ids[0].write(
                {"third_party_id": self.insurer.id, "third_party_rate": 120}
            )

    def test_who_may_split(self):
        technician = self._create_user("tech", "installed_base.group_service_technician")
        request = self._water_damage()
        self._split(request, self.insurer, user=self.user_claire, percent=10)
        with self.assertRefused(AccessError, "."):
            request.with_user(technician).action_split_payers()
        request.action_close(undone="done")
        self.env.invalidate_all()
        with self.assertRefused(UserError, "closed already"):
            request.with_user(self.user_claire).action_split_payers()
        self._split(request, self.insurer, percent=20)
        with self.assertRefused(UserError, "Insurer pays a share"):
            self._split(request, self.lessor, percent=20)
        self.assertEqual(sum(request.consumption_ids.mapped("amount_covered")), 51.0)
