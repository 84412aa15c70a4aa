from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.installed_base.tests.delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestKit(DeliveryCommon):
    """A boiler that is sold as a kit: a burner with a serial number and two valves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.valve = cls._create_product("Valve", is_storable=True, standard_price=15)
        cls.numbered = cls._create_product(
            "Burner with Number", is_storable=True, tracking="serial", standard_price=100
        )
        cls.kit = cls._create_product("Boiler Kit", is_equipment=True)
        cls.bom = cls._create_kit_bom(cls.kit, {cls.numbered: 1, cls.valve: 2})

    @classmethod
    def _create_kit_bom(cls, kit, parts, **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts.items()
                ],
                **values,
            }
        )

    def _sell_kits(self, quantity, serials, kit=None):
        """An order whose parts are reserved in our stock."""
        self._stock_up(self.numbered, serials)
        self._stock_up(self.valve, quantity=2 * quantity)
        return self._sell(kit or self.kit, quantity)

    def _parts(self, machine):
        return [
            (part.product_id, part.serial_number, part.quantity)
            for part in machine.component_ids.sorted("id")
        ]

    def test_delivered_kit_is_one_machine_of_the_delivered_parts(self):
        order = self._sell_kits(1, ["N1"])
        self._validate(order.picking_ids)
        machine = self._equipment(self.kit)
        self.assertRecordValues(
            machine,
            [
                {
                    "quantity": 1.0,
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "sale_line_id": order.order_line.id,
                    "state": "in_service",
                    "certainty": "as_sold",
                    "purchase_price": 130.0,  # 100 + 2 x 15
                }
            ],
        )
        self.assertEqual(
            self._parts(machine), [(self.numbered, "N1", 1.0), (self.valve, False, 2.0)]
        )
        self.assertEqual(set(machine.component_ids.mapped("as_sold")), {True})
        self.assertEqual(machine.event_ids.mapped("event_type"), ["delivered"])

    def test_each_of_several_kits_is_a_machine_with_its_own_parts(self):
        order = self._sell_kits(3, ["N1", "N2", "N3"])
        self._validate(order.picking_ids)
        machines = self._equipment(self.kit)
        self.assertEqual(
            [self._parts(machine) for machine in machines],
            [
                [(self.numbered, serial, 1.0), (self.valve, False, 2.0)]
                for serial in ("N1", "N2", "N3")
            ],
        )
        self.assertEqual(len(machines.event_ids), 3)

    def test_parts_of_a_backorder_complete_the_machines(self):
        order = self._sell_kits(2, ["N1", "N2"])
        first = order.picking_ids
        valves = first.move_ids.filtered(lambda move: move.product_id == self.valve)
        valves.quantity = 3
        first.move_ids.picked = True
        self.env["stock.backorder.confirmation"].with_context(
            button_validate_picking_ids=first.ids
        ).create({"pick_ids": [Command.link(first.id)]}).process()
        one, two = self._equipment(self.kit)
        self.assertEqual(
            self._parts(one) + self._parts(two),
            [
                (self.numbered, "N1", 1.0),
                (self.valve, False, 2.0),
                (self.numbered, "N2", 1.0),
                (self.valve, False, 1.0),
            ],
        )
        self._validate(order.picking_ids - first)
        self.assertEqual(self._equipment(self.kit), one | two)
        self.assertEqual(
            self._parts(two),
            [
                (self.numbered, "N2", 1.0),
                (self.valve, False, 1.0),
                (self.valve, False, 1.0),
            ],
        )

    def test_more_parts_than_ordered_make_no_other_machine(self):
        order = self._sell_kits(1, ["N1"])
        self._stock_up(self.valve, quantity=1)
        order.picking_ids.move_ids.filtered(lambda move: move.product_id == self.valve).quantity = 3
        self._validate(order.picking_ids)
        self.assertEqual(
            self._parts(self._equipment(self.kit)),
            [(self.numbered, "N1", 1.0), (self.valve, False, 3.0)],
        )

    def test_kit_inside_a_kit_is_part_of_one_machine(self):
        system = self._create_product("System", is_equipment=True)
        self._create_kit_bom(system, {self.kit: 1, self.radiator: 4})
        self._stock_up(self.radiator, quantity=4)
        order = self._sell_kits(1, ["N1"], kit=system)
        self._validate(order.picking_ids)
        self.assertFalse(self._equipment(self.kit) | self._equipment(self.radiator))
        self.assertEqual(
            set(self._parts(self._equipment(system))),
            {
                (self.numbered, "N1", 1.0),
                (self.valve, False, 2.0),
                (self.radiator, False, 4.0),
            },
        )

    def test_parts_that_are_machines_are_so_when_the_kit_is_none(self):
        self.kit.is_equipment = False
        self.numbered.is_equipment = True
        order = self._sell_kits(2, ["N1", "N2"])
        self._validate(order.picking_ids)
        self.assertFalse(self._equipment(self.kit))
        self.assertRecordValues(
            self._equipment(self.numbered),
            [
                {"serial_number": "N1", "sale_price": 0.0, "component_ids": []},
                {"serial_number": "N2", "sale_price": 0.0, "component_ids": []},
            ],
        )

    def test_kit_shipped_without_an_order_is_a_machine(self):
        self._stock_up(self.numbered, ["N1"])
        self._stock_up(self.valve, quantity=2)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.site.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.kit.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self._validate(picking)
        self.assertEqual(
            self._parts(self._equipment(self.kit)),
            [(self.numbered, "N1", 1.0), (self.valve, False, 2.0)],
        )

    def test_same_moves_twice_make_nothing_twice(self):
        order = self._sell_kits(2, ["N1", "N2"])
        self._validate(order.picking_ids)
        self.assertFalse(order.picking_ids.move_ids._deliver_equipment())
        self.assertEqual(len(self._equipment(self.kit).component_ids), 4)

    def _return_parts(self, picking, quantities):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0)
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._validate(back)
        return back

    def test_kit_of_which_all_parts_come_back_is_returned(self):
        picking = self._sell_kits(1, ["N1"]).picking_ids
        self._validate(picking)
        self._return_parts(picking, {self.numbered: 1, self.valve: 2})
        machine = self._equipment(self.kit)
        self.assertEqual(machine.state, "returned")
        self.assertEqual(set(machine.component_ids.mapped("state")), {"installed"})

    def test_part_of_a_kit_that_comes_back_is_taken_out_of_the_machine(self):
        picking = self._sell_kits(1, ["N1"]).picking_ids
        self._validate(picking)
        back = self._return_parts(picking, {self.valve: 1})
        machine = self._equipment(self.kit)
        self.assertEqual(machine.state, "in_service")
        self.assertEqual(
            [(p.product_id, p.state, p.quantity) for p in machine.component_ids.sorted("id")],
            [
                (self.numbered, "installed", 1.0),
                (self.valve, "installed", 1.0),
                (self.valve, "removed", 1.0),
            ],
        )
        self.assertRecordValues(
            machine.event_ids.filtered(lambda e: e.event_type == "component_removed"),
            [{"description": back.name, "old_value": "Valve"}],
        )
        back = self._return_parts(picking, {self.valve: 1})
        self.assertRecordValues(
            machine.event_ids.filtered(lambda e: e.res_id == back.id),
            [{"old_value": "Valve", "res_model": "stock.picking", "res_id": back.id}],
        )
        self._return_parts(picking, {self.numbered: 1})
        self.assertEqual(machine.state, "returned")

    def _sell_again(self, serial, quantity=1):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.other_customer.id,
                "order_line": [
                    Command.create({"product_id": self.kit.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        lines = order.picking_ids.move_line_ids
        self.assertIn(serial, lines.lot_id.mapped("name"))
        self._validate(order.picking_ids)
        return order

    def test_returned_kit_that_is_sold_again_is_the_same_machine(self):
        first = self._sell_kits(2, ["N1", "N2"]).picking_ids
        self._validate(first)
        kept, machine = self._equipment(self.kit)
        self._return_parts(first, {self.numbered: 2, self.valve: 4})
        self.assertEqual((kept | machine).mapped("state"), ["returned", "returned"])
        parts = machine.component_ids
        self.env["stock.quant"].search([("lot_id.name", "=", "N1")]).sudo().unlink()
        order = self._sell_again("N2")
        self.assertEqual(self._equipment(self.kit), kept | machine)
        self.assertEqual(kept.state, "returned")
        self.assertRecordValues(
            machine,
            [
                {
                    "state": "in_service",
                    "partner_id": self.other_customer.id,
                    "sale_line_id": order.order_line.id,
                    "component_ids": parts.ids,
                }
            ],
        )
        self.assertEqual(set(parts.mapped("state")), {"installed"})
        self.assertEqual(
            machine.event_ids.sorted("id").mapped("event_type"),
            [
                "delivered",
                "state_changed",
                "returned",
                "owner_changed",
                "moved",
                "state_changed",
                "delivered",
            ],
        )
        self._return_parts(order.picking_ids, {self.numbered: 1, self.valve: 2})
        self.assertEqual(machine.state, "returned")

    def test_returned_kit_sold_again_with_other_parts_shows_them(self):
        first = self._sell_kits(1, ["N1"]).picking_ids
        self._validate(first)
        self._return_parts(first, {self.numbered: 1, self.valve: 2})
        machine = self._equipment(self.kit)
        pump = self._create_product("Pump", is_storable=True)
        self._stock_up(pump)
        self.bom.bom_line_ids.filtered(lambda part: part.product_id == self.valve).product_qty = 1
        self.bom.bom_line_ids = [Command.create({"product_id": pump.id, "product_qty": 1})]
        self._sell_again("N1")
        self.assertEqual(self._equipment(self.kit), machine)
        self.assertEqual(
            [(p.product_id, p.state, p.quantity) for p in machine.component_ids.sorted("id")],
            [
                (self.numbered, "installed", 1.0),
                (self.valve, "installed", 1.0),
                (self.valve, "removed", 1.0),
                (pump, "installed", 1.0),
            ],
        )

    def test_kit_of_another_serial_number_is_another_machine(self):
        first = self._sell_kits(1, ["N1"]).picking_ids
        self._validate(first)
        self._return_parts(first, {self.numbered: 1, self.valve: 2})
        self.env["stock.quant"].search([("lot_id.name", "=", "N1")]).sudo().unlink()
        self._stock_up(self.numbered, ["N9"])
        self._sell_again("N9")
        old, new = self._equipment(self.kit)
        self.assertEqual((old | new).mapped("state"), ["returned", "in_service"])
        self.assertEqual(self._parts(new), [(self.numbered, "N9", 1.0), (self.valve, False, 2.0)])

    def test_kit_without_numbers_sent_again_to_its_customer_is_the_same_machine(self):
        plain = self._create_product("Plain Kit", is_equipment=True)
        self._create_kit_bom(plain, {self.valve: 2})
        self._stock_up(self.valve, quantity=2)
        picking = self._sell(plain).picking_ids
        self._validate(picking)
        machine = self._equipment(plain)
        back = self._return_parts(picking, {self.valve: 2})
        self.assertEqual(machine.state, "returned")
        self._return_parts(back, {self.valve: 2})
        self.assertEqual(self._equipment(plain), machine)
        self.assertEqual(machine.state, "in_service")

    def test_transfer_opens_the_machines_of_its_kits(self):
        order = self._sell_kits(3, ["N1", "N2", "N3"])
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.service_equipment_count, 3)

    def test_kits_delivered_before_they_were_machines_are_made_later(self):
        self.kit.is_equipment = False
        picking = self._sell_kits(2, ["N1", "N2"]).picking_ids
        self._validate(picking)
        self.kit.is_equipment = True
        machines = self.kit.product_tmpl_id._create_missing_equipment()
        self.assertEqual(
            [self._parts(machine) for machine in machines.sorted("id")],
            [[(self.numbered, serial, 1.0), (self.valve, False, 2.0)] for serial in ("N1", "N2")],
        )
