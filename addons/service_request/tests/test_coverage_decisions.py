from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestCoverageDecisions(ServiceRequestCommon):
    """What people decide about coverage, and who hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._create_user("director", GROUP + "sales_director")
        cls.director.group_ids += cls.env.ref(GROUP + "user")
        cls.boss = cls._create_user("boss", GROUP + "manager")
        boss = cls.env["hr.employee"].create({"name": "Boss", "user_id": cls.boss.id})
        for user in (cls.call_taker, cls.director):
            cls.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id, "parent_id": boss.id}
            )
        cls.machine = cls._create_equipment(serial_number="OLD-1")

    def _alerts(self, request):
        return self.env["mail.message"].search(
            [
                ("model", "=", "service.request"),
                ("res_id", "=", request.id),
                ("partner_ids", "in", self.boss.partner_id.ids),
            ]
        )

    def test_goodwill_is_told_to_the_manager_of_who_gives_it(self):
        contract = self._create_contract({"scope": "customer"}, date_start="2020-01-01")
        for values, alerts in (
            ({"coverage": "contract", "contract_id": contract.id}, 0),
            ({"coverage": "contract", "coverage_contract_id": contract.id}, 0),
            ({"coverage": "goodwill"}, 1),
            ({"coverage_manual": "goodwill"}, 1),
            ({"coverage": "contract"}, 1),
            ({"coverage": "sale"}, 1),
            ({"coverage": "direct"}, 0),
            ({"coverage": "none"}, 0),
        ):
            request = self._request(self.machine)
            request.write(values)
            self.assertEqual(len(self._alerts(request)), alerts, values)
            created = self._request(self.machine, **values)
            self.assertEqual(len(self._alerts(created)), alerts, values)
        request = self._request(self.machine)
        request.equipment_line_ids.coverage = "goodwill"
        self.assertEqual(len(self._alerts(request)), 1, "on one machine, too")

    def test_call_taker_finds_the_order_that_somebody_else_sold(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.director.id,
                "order_line": [Command.create({"product_id": self.labor.id})],
            }
        )
        request = self._request(self.machine)
        orders = self.env["sale.order"].with_user(self.call_taker)
        self.assertFalse(orders.search([("id", "=", order.id)]), "a quotation promises nothing")
        order.action_confirm()
        self.env.invalidate_all()
        with Form(request.with_user(self.call_taker)) as form:
            form.coverage_manual = "sale"
            form.coverage_sale_id = orders.search([("id", "=", order.id)])
        self.assertEqual((request.coverage, request.coverage_sale_id), ("sale", order))
        self.assertIn(order.name, request.coverage_label)
        with self.assertRefused(AccessError, "sale.order"):
            request.coverage_sale_id.with_user(self.call_taker).note = "Free of charge"

    def test_goodwill_of_a_sales_director_needs_no_alert(self):
        request = self._request(self.machine).with_user(self.director)
        request.coverage = "goodwill"
        self.assertFalse(self._alerts(request))

    def test_goodwill_that_nobody_hears_of_is_noted(self):
        request = self._request(self.machine).with_user(self.dispatcher)
        request.coverage = "goodwill"
        self.assertIn("has no manager", request.message_ids[:1].body)

    def test_technician_decides_nothing(self):
        line = self._request(self.machine).equipment_line_ids.with_user(self.technician_user)
        for values in ({"coverage": "goodwill"}, {"coverage_manual": "goodwill"}):
            with self.assertRefused(AccessError, "office"):
                line.write(values)

    def test_direct_invoicing_records_the_agreement(self):
        request = self._request(self.machine)
        self.assertFalse(request.direct_agreed_on)
        request.contact_id = self.customer.child_ids[:1]
        request.coverage = "direct"
        self.assertTrue(request.direct_agreed_on)
        self.assertEqual(request.direct_agreed_by_id, request.contact_id or self.customer)
        request.direct_agreement_ref = "Call of this morning"
        request.action_reset_coverage()
        self.assertFalse(request.direct_agreed_on or request.direct_agreed_by_id)

    def test_provisional_coverage_is_confirmed_before_closing(self):
        covered = self._deliver_machine()
        request = self._request(covered)
        line = request.equipment_line_ids
        line.coverage_to_confirm = True
        part = self._consume(request, self.burner)
        self.assertEqual((line.coverage, part.amount_to_invoice), ("full", 0))
        with self.assertRefused(UserError, "provisional"):
            request.action_close(undone="done")
        with self.assertRefused(UserError, "Say why"):
            line.action_confirm_coverage(" ")
        wizard = Form(
            self.env["service.coverage.confirm"]
            .with_user(self.call_taker)
            .with_context(default_line_id=line.id)
        )
        wizard.reason = "Frozen by the customer"
        wizard.coverage = "none"
        wizard.save().action_confirm()
        self.assertRecordValues(
            line,
            [
                {
                    "coverage": "none",
                    "coverage_to_confirm": False,
                    "coverage_confirmation": "Frozen by the customer",
                }
            ],
        )
        self.assertEqual(part.amount_to_invoice, 120)
        self.assertIn("Frozen", request.message_ids[:1].body)
        request.action_close(undone="done")
        self.assertEqual(request.state, "closed")

    def test_nothing_is_said_before_a_customer_is_known(self):
        request = self.env["service.request"].with_user(self.call_taker).new({})
        self.assertFalse(request.coverage)
        self.assertIn("customer must be given", request.coverage_label)

    def test_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        covered = self._deliver_machine()
        line = self._request(covered).equipment_line_ids
        english = line.coverage_label
        self.assertIn("Covered in full", english)
        french = line.with_context(lang="fr_FR").coverage_label
        self.assertNotEqual(french, english)
        self.assertIn(line.contract_id.name, french)
        line.contract_id.sudo().action_terminate(reason="sold", date="2020-01-01")
        line.invalidate_recordset()
        self.assertEqual(
            line.with_context(lang="fr_FR").coverage_label,
            french,
            "answered differently today: what was decided stays",
        )
