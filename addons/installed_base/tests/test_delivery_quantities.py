from odoo.fields import Command
from odoo.tests import tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryQuantities(DeliveryCommon):
    def test_lot_makes_one_machine_for_each_customer(self):
        self._ship(self.cable, {"L1": 5, "L2": 2})
        self._ship(self.cable, {"L1": 3}, partner=self.other_customer)
        self.assertRecordValues(
            self._equipment(self.cable),
            [
                {"serial_number": "L1", "quantity": 5.0, "partner_id": self.customer.id},
                {"serial_number": "L2", "quantity": 2.0, "partner_id": self.customer.id},
                {"serial_number": "L1", "quantity": 3.0, "partner_id": self.other_customer.id},
            ],
        )

    def test_more_of_a_lot_is_counted_with_what_the_customer_has(self):
        first = self._ship(self.cable, {"L1": 5})
        annex = self.site.copy({"name": "Annex", "parent_id": self.customer.id})
        second = self._ship(self.cable, {"L1": 3}, partner=annex)
        machine = self._equipment(self.cable)
        self.assertRecordValues(machine, [{"quantity": 8.0, "site_id": self.site.id}])
        self.assertEqual(machine.move_line_ids.picking_id, first | second)
        self.assertEqual(
            machine.event_ids.sorted("id").mapped("description"),
            [f"{first.name}: 5 Units", f"{second.name}: 3 Units"],
        )
        self.assertEqual(machine.event_ids.sorted("id")[1].new_value, annex.display_name)

    def test_lines_of_one_lot_in_a_transfer_make_one_machine(self):
        picking = self._transfer(self.cable, {"L1": 5})
        line = picking.move_line_ids
        line.copy({"quantity": 2, "picking_id": picking.id, "move_id": line.move_id.id})
        self._validate(picking)
        self.assertRecordValues(self._equipment(self.cable), [{"quantity": 7.0}])

    def test_untracked_move_from_several_places_makes_one_machine(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        self._stock_up(self.radiator, quantity=4)
        self._stock_up(self.radiator, quantity=3, location=shelf)
        order = self._sell(self.radiator, 7)
        self.assertEqual(len(order.picking_ids.move_line_ids), 2)
        self._validate(order.picking_ids)
        machine = self._equipment(self.radiator)
        self.assertRecordValues(machine, [{"quantity": 7.0}])
        self.assertEqual(machine.move_line_ids, order.picking_ids.move_line_ids)

    def test_quantity_and_price_are_those_of_one_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.radiator.uom_ids = dozen
        order = self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.radiator.id,
                            "product_uom_qty": 2,
                            "product_uom_id": dozen.id,
                            "price_unit": 1200,
                            "discount": 10,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._validate_delivery(order)
        # two dozen at 1,200 less 10 %: 24 radiators at 1,080 / 12
        self.assertRecordValues(
            self._equipment(self.radiator), [{"quantity": 24.0, "sale_price": 90.0}]
        )

    def test_price_is_in_the_currency_of_the_company(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        # one unit of the company's currency is worth 4 Q
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 4.0}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Q", "currency_id": currency.id})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.radiator.id,
                            "product_uom_qty": 1,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._validate_delivery(order)
        self.assertEqual(self._equipment(self.radiator).sale_price, 25.0)

    def test_backorder_makes_the_machines_of_its_own_delivery(self):
        self._stock_up(self.machine_product, ["B1", "B2", "B3"])
        order = self._sell(self.machine_product, 3)
        first = order.picking_ids
        first.move_line_ids.sorted("id")[1:].unlink()
        first.move_ids.picked = True
        self.env["stock.backorder.confirmation"].with_context(
            button_validate_picking_ids=first.ids
        ).create({"pick_ids": [Command.link(first.id)]}).process()
        self.assertEqual(self._equipment(self.machine_product).mapped("serial_number"), ["B1"])
        second = order.picking_ids - first
        self._validate(second)
        machines = self._equipment(self.machine_product)
        self.assertEqual(sorted(machines.mapped("serial_number")), ["B1", "B2", "B3"])
        self.assertEqual(machines.sale_line_id, order.order_line)
        self.assertEqual(machines.delivery_move_line_id.picking_id, first | second)

    def test_serial_product_shipped_without_numbers_is_counted(self):
        out = self.warehouse.out_type_id
        out.write({"use_existing_lots": False, "use_create_lots": False})
        self._ship(self.machine_product, quantity=2)
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [{"serial_number": False, "lot_id": False, "quantity": 2.0}],
        )
