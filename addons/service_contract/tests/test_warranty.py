from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestWarranty(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warranty = cls._create_template(
            {"scope": "equipment", "travel_rate": 0}, name="One year", kind="warranty"
        )
        cls.machine_product.warranty_template_id = cls.warranty

    def _get_machines(self, picking):
        return self.env["service.equipment"].search(
            [("delivery_move_line_id.picking_id", "=", picking.id)], order="id"
        )

    def _get_contract(self, picking):
        return self.env["service.contract"].search([("picking_id", "=", picking.id)])

    def test_a_delivery_makes_one_active_contract_with_a_line_for_each_machine(self):
        picking = self._deliver(self.machine_product, ["S1", "S2", "S3"])
        contract = self._get_contract(picking)
        machines = self._get_machines(picking)
        self.assertRecordValues(
            contract,
            [
                {
                    "kind": "warranty",
                    "state": "active",
                    "partner_id": self.customer.id,
                    "template_id": self.warranty.id,
                    "date_start": date(2026, 6, 15),
                    "date_end": date(2027, 6, 14),
                }
            ],
        )
        self.assertEqual(len(machines), 3)
        self.assertRecordValues(
            contract.coverage_ids.sorted(lambda line: line.equipment_id.id),
            [
                {
                    "scope": "equipment",
                    "equipment_id": machine.id,
                    "parts_rate": 100,
                    "travel_rate": 0,
                    "date_end": date(2027, 6, 14),
                }
                for machine in machines
            ],
        )
        self.assertEqual(contract.equipment_ids, machines)
        self.assertEqual(set(machines.mapped("warranty_end")), {date(2027, 6, 14)})

    def test_the_first_and_the_last_day_are_in_warranty(self):
        machine = self._get_machines(self._deliver(self.machine_product, ["S1"]))
        item = {"equipment_id": machine.id}
        for day, status in (
            ("2026-06-14", "none"),
            ("2026-06-15", "partial"),
            ("2027-06-14", "partial"),
            ("2027-06-15", "none"),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._cover(day, **item)["status"], status)

    def test_a_product_without_warranty_makes_no_contract(self):
        self.machine_product.warranty_template_id = False
        picking = self._deliver(self.machine_product, ["S1"])
        self.assertFalse(self._get_contract(picking))
        self.assertFalse(self._get_machines(picking).warranty_end)

    def test_a_template_without_lines_covers_each_machine_in_full(self):
        self.warranty.coverage_ids.unlink()
        picking = self._deliver(self.machine_product, ["S1"])
        machine = self._get_machines(picking)
        self.assertEqual(self._get_contract(picking).coverage_ids.equipment_id, machine)
        self.assertEqual(self._cover(equipment_id=machine.id)["status"], "full")

    def test_a_warranty_promises_nothing_about_other_machines(self):
        self.warranty.coverage_ids.scope = "customer"
        picking = self._deliver(self.machine_product, ["S1"])
        machine = self._get_machines(picking)
        self.assertRecordValues(
            self._get_contract(picking).coverage_ids,
            [{"scope": "equipment", "equipment_id": machine.id}],
        )
        self.assertNotCovered(self._cover(), "scope")

    def test_lines_for_a_product_or_category_go_to_its_machines_only(self):
        self.warranty.coverage_ids = [
            Command.clear(),
            Command.create({"scope": "category", "product_category_id": self.heating.id}),
            Command.create({"scope": "product", "product_id": self.burner.id, "parts_rate": 1}),
            Command.create({"is_exclusion": True, "component_category_id": self.wear_parts.id}),
        ]
        picking = self._deliver(self.machine_product, ["S1"])
        machine = self._get_machines(picking)
        self.assertRecordValues(
            self._get_contract(picking).coverage_ids,
            [
                {"equipment_id": machine.id, "parts_rate": 100, "is_exclusion": False},
                {"equipment_id": machine.id, "parts_rate": 100, "is_exclusion": True},
            ],
        )

    def test_a_machine_without_category_is_in_no_category(self):
        self.machine_product.categ_id = False
        self.warranty.coverage_ids = [
            Command.create({"scope": "category", "product_category_id": self.heating.id})
        ]
        picking = self._deliver(self.machine_product, ["S1"])
        self.assertEqual(len(self._get_contract(picking).coverage_ids), 1)

    def test_a_leap_day_gets_its_full_year(self):
        self.assertEqual(self.warranty._get_end_date(date(2028, 2, 29)), date(2029, 2, 28))
        self.assertEqual(self.warranty._get_end_date(date(2028, 3, 1)), date(2029, 2, 28))
        self.assertEqual(self.warranty._get_end_date(date(2027, 3, 1)), date(2028, 2, 29))
        self.warranty.write({"duration": 1, "duration_unit": "month"})
        self.assertEqual(self.warranty._get_end_date(date(2027, 1, 31)), date(2027, 2, 28))
        self.warranty.write({"duration": 30, "duration_unit": "day"})
        self.assertEqual(self.warranty._get_end_date(date(2027, 1, 31)), date(2027, 3, 1))

    def test_a_warranty_from_commissioning_runs_from_delivery_until_then(self):
        self.warranty.start_on = "commissioning"
        picking = self._deliver(self.machine_product, ["S1", "S2"])
        early, late = self._get_machines(picking)
        self.assertEqual(early.warranty_end, date(2027, 6, 14))
        early.commissioning_date = "2026-07-01"
        self.assertRecordValues(
            self._get_contract(picking).coverage_ids.filtered(lambda c: c.equipment_id == early),
            [{"date_start": date(2026, 7, 1), "date_end": date(2027, 6, 30)}],
        )
        self.assertEqual(early.warranty_end, date(2027, 6, 30))
        self.assertEqual(late.warranty_end, date(2027, 6, 14))

    def test_machines_of_one_delivery_keep_their_own_duration(self):
        pump = self._create_product("Pump", is_storable=True, is_equipment=True)
        pump.warranty_template_id = self._create_template(
            {}, name="Half a year", kind="warranty", duration=6
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 1})
                    for product in (pump, self.machine_product)
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        boiler_move = picking.move_ids.filtered(lambda m: m.product_id == self.machine_product)
        boiler_move.move_line_ids.unlink()
        boiler_move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.machine_product.id,
                    "lot_id": self._get_lots(self.machine_product, ["S1"]).id,
                    "quantity": 1,
                    "location_id": boiler_move.location_id.id,
                    "location_dest_id": boiler_move.location_dest_id.id,
                    "picking_id": picking.id,
                }
            )
        ]
        (picking.move_ids - boiler_move).quantity = 1
        picking.move_ids.picked = True
        picking.button_validate()
        contract = self._get_contract(picking)
        self.assertEqual(contract.date_end, date(2027, 6, 14))
        ends = {line.equipment_id.product_id: line.date_end for line in contract.coverage_ids}
        self.assertEqual(ends, {pump: date(2026, 12, 14), self.machine_product: date(2027, 6, 14)})

    def test_a_machine_delivered_again_to_its_customer_keeps_its_warranty(self):
        machine = self._get_machines(self._deliver(self.machine_product, ["S1"]))
        self.assertFalse(machine._create_warranties())

    def test_a_new_owner_gets_a_warranty_of_its_own(self):
        lot = self._get_lots(self.machine_product, ["S1"])
        machine = self._create_equipment(lot_id=lot.id, delivery_date="2026-01-01")
        machine._create_warranties()
        self._deliver(self.machine_product, ["S1"], partner=self.other_customer)
        self.assertEqual(machine.partner_id, self.other_customer)
        owners = machine.contract_coverage_ids.contract_id.mapped("partner_id")
        self.assertEqual(owners, self.other_customer | self.customer)
        answer = self._cover(partner_id=False, equipment_id=machine.id)
        self.assertEqual(
            self.env["service.contract"].browse(answer["contract_id"]).partner_id,
            self.other_customer,
        )

    def test_the_stock_clerk_who_delivers_needs_no_right_on_contracts(self):
        clerk = self._create_user("clerk", "stock.group_stock_user")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "order_line": [
                    Command.create({"product_id": self.machine_product.id, "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        self._get_lots(self.machine_product, ["S9"])
        self._validate_delivery(order.with_user(clerk).sudo(False), ["S9"])
        self.assertTrue(self._get_contract(order.picking_ids))
        machine = self._get_machines(order.picking_ids)
        self.assertEqual(machine.with_user(clerk).warranty_end, date(2027, 6, 14))

    def test_a_suspended_or_terminated_warranty(self):
        picking = self._deliver(self.machine_product, ["S1"])
        machine = self._get_machines(picking)
        contract = self._get_contract(picking)
        contract.action_suspend(reason="unpaid")
        self.assertEqual(machine.warranty_end, date(2027, 6, 14))
        contract.action_terminate(reason="returned")
        self.assertFalse(machine.warranty_end)
        self.assertFalse(
            self.env["service.equipment"].search(
                [("warranty_end", ">=", "2026-06-15"), ("id", "=", machine.id)]
            )
        )
