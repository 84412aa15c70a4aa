from datetime import date

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestViews(ServiceContractCommon):
    """What people type, as the least user who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("boss", "installed_base.group_service_manager")
        cls.call_taker = cls._create_user("caller", "installed_base.group_service_user")

    def test_a_contract_typed_from_a_template(self):
        template = self._create_template(
            {"scope": "customer", "parts_rate": 50},
            price=99,
            commitment_ids=[Command.create({"response_hours": 4})],
        )
        form = Form(self.env["service.contract"].with_user(self.manager))
        form.partner_id = self.customer
        form.date_start = date(2026, 7, 1)
        form.template_id = template
        self.assertEqual(form.date_end, date(2027, 6, 30))
        with form.coverage_ids.new() as line:
            line.scope = "equipment"
            line.equipment_id = self.machine
            line.date_end = date(2026, 12, 31)
        contract = form.save()
        self.assertRecordValues(
            contract.coverage_ids,
            [
                {"scope": "customer", "parts_rate": 50, "date_end": date(2027, 6, 30)},
                {"scope": "equipment", "parts_rate": 100, "date_end": date(2026, 12, 31)},
            ],
        )
        self.assertEqual(contract.price, 99)
        self.assertEqual(contract.commitment_ids.response_hours, 4)
        self.assertRegex(contract.name, r"^CT/\d{5}$")
        self.assertEqual(contract.equipment_ids, self.machine)
        self.assertEqual(contract.action_view_equipment()["res_id"], self.machine.id)

    def test_a_contract_typed_without_template(self):
        form = Form(self.env["service.contract"].with_user(self.manager))
        form.partner_id = self.customer
        contract = form.save()
        self.assertRecordValues(
            contract,
            [
                {
                    "kind": "maintenance",
                    "renewal": "none",
                    "invoice_interval": 1,
                    "invoice_interval_unit": "year",
                    "currency_id": self.env.company.currency_id.id,
                    "state": "draft",
                }
            ],
        )

    def test_a_template_typed(self):
        form = Form(self.env["service.contract.template"].with_user(self.manager))
        form.name = "Full"
        with form.coverage_ids.new() as line:
            line.scope = "category"
            line.product_category_id = self.boilers
        self.assertEqual(form.save().coverage_ids.product_category_id, self.boilers)

    def test_the_machine_tells_its_cover(self):
        contract = self._create_contract({"equipment_id": self.machine.id, "travel_rate": 0})
        form = Form(self.machine.with_user(self.call_taker))
        self.assertEqual(form.coverage_status, "partial")
        self.assertEqual(form.coverage_contract_id, contract)
        self.assertIn(contract.name, form.coverage_reason)
        self.assertEqual((form.parts_rate, form.travel_rate), (100, 0))
        self.assertFalse(form.warranty_end)

    def test_all_views_open_for_each_role(self):
        self._create_contract()
        models = (
            "service.contract",
            "service.contract.template",
            "service.contract.coverage",
            "service.points.move",
            "service.competence",
            "service.equipment",
        )
        for group in ("service_user", "service_technician", "service_manager"):
            user = self._create_user(group, f"installed_base.group_{group}")
            for model in models:
                with self.subTest(group=group, model=model):
                    views = (
                        self.env[model]
                        .with_user(user)
                        .get_views([(False, "list"), (False, "form"), (False, "search")])
                    )
                    self.assertEqual(set(views["views"]), {"list", "form", "search"})

    def test_a_stock_clerk_opens_products_without_right_on_contracts(self):
        self.machine_product.warranty_template_id = self._create_template(kind="warranty")
        clerk = self._create_user("clerk", "stock.group_stock_user")
        template = self.machine_product.product_tmpl_id.with_user(clerk)
        views = template.get_views([(False, "form")])
        self.assertNotIn("warranty_template_id", views["views"]["form"]["arch"])

    def test_contracts_including_machines_by_product_and_system(self):
        child = self._create_equipment(serial_number="B-2", parent_id=self.machine.id)
        other = self._create_equipment(serial_number="B-3")
        by_system = self._create_contract()
        by_category = self._create_contract(
            {"scope": "category", "product_category_id": self.heating.id}
        )
        burners = self._create_contract({"scope": "product", "product_id": self.burner.id})
        self.assertEqual(by_system.equipment_ids, self.machine | child)
        self.assertEqual(by_category.equipment_ids, self.machine | child | other)
        self.assertFalse(burners.equipment_ids)
        self.assertEqual(by_category.equipment_count, 3)
