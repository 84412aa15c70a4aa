from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestSale(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_template({"travel_rate": 50}, name="Maintenance", price=90)
        cls.contract_product = cls.env["product.product"].create(
            {
                "name": "Maintenance of a boiler",
                "type": "service",
                "service_contract_template_id": cls.template.id,
            }
        )

    def _order(self, *lines, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "order_line": [
                    Command.create({"product_id": self.contract_product.id, **line})
                    for line in lines or [{}]
                ],
                **values,
            }
        )

    def _confirm(self, *lines):
        order = self._order(*lines)
        order.action_confirm()
        return order

    def test_a_confirmed_order_makes_a_draft_for_the_machines_chosen(self):
        second = self._create_equipment(serial_number="B-2")
        order = self._confirm(
            {
                "service_equipment_ids": (self.machine | second).ids,
                "price_unit": 600,
                "product_uom_qty": 2,
                "tax_ids": [],
            }
        )
        contract = order.service_contract_ids
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "draft",
                    "kind": "maintenance",
                    "partner_id": self.customer.id,
                    "invoice_partner_id": order.partner_invoice_id.id,
                    "template_id": self.template.id,
                    "sale_line_id": order.order_line.id,
                    "product_id": self.contract_product.id,
                    "price": 1200,
                    "date_start": date(2026, 6, 15),
                    "date_end": date(2027, 6, 14),
                }
            ],
        )
        self.assertRecordValues(
            contract.coverage_ids,
            [
                {"equipment_id": self.machine.id, "travel_rate": 50},
                {"equipment_id": second.id, "travel_rate": 50},
            ],
        )
        self.assertEqual(order.service_contract_count, 1)
        self.assertEqual(order.action_view_service_contracts()["res_id"], contract.id)

    def test_a_quotation_makes_nothing(self):
        order = self._order({"service_equipment_ids": self.machine.ids})
        self.assertFalse(order.service_contract_ids)

    def test_an_order_of_other_products_makes_nothing(self):
        order = self._confirm({"product_id": self.burner.id})
        self.assertFalse(order.service_contract_ids)

    def test_the_machines_of_the_same_order_join_when_they_are_delivered(self):
        order = self._confirm({}, {"product_id": self.machine_product.id, "product_uom_qty": 2})
        contract = order.service_contract_ids
        self.assertRecordValues(
            contract, [{"date_start": False, "date_end": False, "coverage_ids": []}]
        )
        self._validate_delivery(order, ["S1", "S2"])
        self.assertRecordValues(
            contract, [{"date_start": date(2026, 6, 15), "date_end": date(2027, 6, 14)}]
        )
        self.assertEqual(contract.coverage_ids.equipment_id.mapped("serial_number"), ["S1", "S2"])

    def test_what_is_delivered_later_by_the_same_order_joins_whatever_became_of_the_contract(self):
        self.warehouse.out_type_id.create_backorder = "always"
        order = self._confirm({}, {"product_id": self.machine_product.id, "product_uom_qty": 3})
        contract = order.service_contract_ids
        self._validate_delivery(order, ["S1"])
        contract.action_activate()
        with freeze_time("2026-08-01 10:00:00"):
            self._validate_delivery(order, ["S2"])
        contract.action_suspend("Unpaid", date="2026-06-15")
        with freeze_time("2026-09-01 10:00:00"):
            self._validate_delivery(order, ["S3"])
        self.assertEqual(
            contract.coverage_ids.equipment_id.mapped("serial_number"), ["S1", "S2", "S3"]
        )
        self.assertEqual(
            (contract.date_start, contract.date_end), (date(2026, 6, 15), date(2027, 6, 14))
        )

    def test_machines_chosen_keep_others_of_the_order_out(self):
        order = self._confirm(
            {"service_equipment_ids": self.machine.ids},
            {"product_id": self.machine_product.id, "product_uom_qty": 1},
        )
        self._validate_delivery(order, ["S1"])
        self.assertEqual(order.service_contract_ids.coverage_ids.equipment_id, self.machine)

    def test_lines_for_the_whole_customer_are_sold_as_they_are(self):
        self.template.coverage_ids = [
            Command.create({"scope": "customer", "competence_ids": self.pumps.ids})
        ]
        order = self._confirm({"service_equipment_ids": self.machine.ids})
        self.assertEqual(
            sorted(order.service_contract_ids.coverage_ids.mapped("scope")),
            ["customer", "equipment"],
        )

    def test_it_activates_on_its_start_date(self):
        contract = self._confirm({"service_equipment_ids": self.machine.ids}).service_contract_ids
        domain = contract._get_activation_domain(date(2026, 6, 14))
        self.assertNotIn(contract, contract.search(domain))
        domain = contract._get_activation_domain(date(2026, 6, 15))
        self.assertIn(contract, contract.search(domain))

    def test_cancelling_the_order_ends_its_drafts(self):
        order = self._confirm({"service_equipment_ids": self.machine.ids})
        contract = order.service_contract_ids
        order._action_cancel()
        self.assertEqual(contract.state, "terminated")
        self.assertNotCovered(self._cover(), "state")
        order.action_draft()
        order.action_confirm()
        self.assertEqual(
            sorted(order.service_contract_ids.mapped("state")), ["draft", "terminated"]
        )

    def test_cancelling_the_order_leaves_active_contracts(self):
        order = self._confirm({"service_equipment_ids": self.machine.ids})
        order.service_contract_ids.action_activate()
        order._action_cancel()
        self.assertEqual(order.service_contract_ids.state, "active")

    def test_a_line_added_to_a_confirmed_order_makes_its_contract(self):
        order = self._confirm({"service_equipment_ids": self.machine.ids})
        order.order_line = [
            Command.create(
                {
                    "product_id": self.contract_product.id,
                    "service_equipment_ids": self.machine.ids,
                }
            )
        ]
        self.assertEqual(len(order.service_contract_ids), 2)
        order.order_line._create_service_contracts()
        self.assertEqual(len(order.service_contract_ids), 2)

    def test_the_salesperson_needs_no_right_on_contracts(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        order = self._order({"service_equipment_ids": self.machine.ids}, user_id=seller.id)
        order.with_user(seller).action_confirm()
        self.assertEqual(order.service_contract_ids.state, "draft")
