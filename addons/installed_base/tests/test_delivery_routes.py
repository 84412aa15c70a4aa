from odoo.fields import Command
from odoo.tests import tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryRoutes(DeliveryCommon):
    def _walk(self, order, steps):
        """Validate the steps of a delivery; return how many machines there are after each."""
        counts = []
        for _step in range(steps):
            picking = order.picking_ids.filtered(lambda p: p.state == "assigned")
            self._validate(picking)
            counts.append(len(self._equipment(self.machine_product)))
        return counts

    def test_only_the_last_of_two_steps_makes_the_machine(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock_up(self.machine_product, ["B1"])
        order = self._sell(self.machine_product)
        self.assertEqual(self._walk(order, 2), [0, 1])
        machine = self._equipment(self.machine_product)
        self.assertRecordValues(
            machine,
            [
                {
                    "serial_number": "B1",
                    "site_id": self.site.id,
                    "sale_line_id": order.order_line.id,
                }
            ],
        )
        self.assertEqual(
            machine.delivery_move_line_id.picking_id.picking_type_id, self.warehouse.out_type_id
        )

    def test_only_the_last_of_three_steps_makes_the_machine(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._stock_up(self.machine_product, ["B1"])
        order = self._sell(self.machine_product)
        self.assertEqual(self._walk(order, 3), [0, 0, 1])
        self.assertEqual(self._equipment(self.machine_product).sale_line_id, order.order_line)

    def test_goods_sent_by_the_supplier_make_the_machine_of_the_customer(self):
        supplier = self.env["res.partner"].create({"name": "Boilermaker"})
        dropship = self.env["stock.picking.type"].create(
            {
                "name": "Dropship",
                "sequence_code": "DS",
                "code": "incoming",
                "use_create_lots": True,
                "default_location_src_id": self.suppliers.id,
                "default_location_dest_id": self.customers.id,
            }
        )
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "picking_type_id": dropship.id,
                "dest_address_id": self.site.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": 1,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                    for product, price in ((self.machine_product, 800), (self.radiator, 90))
                ],
            }
        )
        self.machine_product.supplier_warranty_months = 24
        purchase.button_confirm()
        picking = purchase.picking_ids
        self.assertEqual(picking.partner_id, supplier)
        picking.move_line_ids.filtered(
            lambda line: line.product_id == self.machine_product
        ).lot_name = "B1"
        self._validate(picking)
        machine = self._equipment(self.machine_product)
        expected = {
            "partner_id": self.customer.id,
            "site_id": self.site.id,
            "supplier_id": supplier.id,
            "state": "in_service",
        }
        self.assertRecordValues(
            machine | self._equipment(self.radiator),
            [
                {**expected, "serial_number": "B1", "purchase_price": 800.0},
                {**expected, "serial_number": False, "purchase_price": 90.0},
            ],
        )
        self.assertEqual(machine.supplier_warranty_start, machine.delivery_date)

        self._return(picking, quantity=1)
        self.assertEqual(machine.state, "returned")
        self.assertEqual(self._equipment(self.radiator).state, "returned")

    def test_transfer_without_sale_order_makes_the_machine(self):
        self._ship(self.machine_product, ["B1"])
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {
                    "partner_id": self.customer.id,
                    "site_id": self.site.id,
                    "sale_line_id": False,
                    "sale_price": 0.0,
                    "state": "in_service",
                }
            ],
        )

    def test_immediate_transfer_makes_the_machine(self):
        lot = self._get_lots(self.machine_product, ["B1"])
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.site.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.machine_product.id,
                            "lot_id": lot.id,
                            "quantity": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._equipment(self.machine_product).lot_id, lot)

    def test_machine_delivered_to_a_person_belongs_to_their_company(self):
        person = self.env["res.partner"].create(
            {"name": "Caretaker", "parent_id": self.customer.id, "type": "contact"}
        )
        self._ship(self.machine_product, ["B1"], partner=person)
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {
                    "partner_id": self.customer.id,
                    "site_id": person.id,
                    "contact_id": person.id,
                }
            ],
        )

    def test_machine_delivered_to_the_address_of_a_site_belongs_to_the_company(self):
        cellar = self.env["res.partner"].create(
            {"name": "Cellar", "parent_id": self.site.id, "type": "delivery"}
        )
        self._ship(self.machine_product, ["B1"], partner=cellar)
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [{"partner_id": self.customer.id, "site_id": cellar.id, "contact_id": False}],
        )

    def test_address_changed_on_the_transfer_is_the_site(self):
        self._stock_up(self.machine_product, ["B1"])
        order = self._sell(self.machine_product)
        order.picking_ids.partner_id = self.other_customer
        self._validate(order.picking_ids)
        self.assertEqual(self._equipment(self.machine_product).partner_id, self.other_customer)

    def test_transfer_to_nobody_makes_no_machine(self):
        self._ship(self.machine_product, ["B1"], partner=self.env["res.partner"])
        self.assertFalse(self._equipment(self.machine_product))

    def test_packages_change_nothing(self):
        picking = self._transfer(self.machine_product, ["B1", "B2"])
        for line in picking.move_line_ids:
            line.result_package_id = self.env["stock.package"].create({})
        self._validate(picking)
        self.assertEqual(
            self._equipment(self.machine_product).mapped("serial_number"), ["B1", "B2"]
        )

    def test_whole_package_moved_makes_its_machines(self):
        package = self.env["stock.package"].create({})
        for lot in self._get_lots(self.machine_product, ["B1", "B2"]):
            self.env["stock.quant"]._update_available_quantity(
                self.machine_product,
                self.warehouse.lot_stock_id,
                1,
                lot_id=lot,
                package_id=package,
            )
        order = self._sell(self.machine_product, 2)
        self.assertEqual(order.picking_ids.move_line_ids.package_id, package)
        self._validate(order.picking_ids)
        self.assertEqual(
            sorted(self._equipment(self.machine_product).mapped("serial_number")), ["B1", "B2"]
        )

    def test_transfer_inside_the_warehouse_makes_no_machine(self):
        self._stock_up(self.machine_product, ["B1"])
        self._ship(
            self.machine_product,
            ["B1"],
            picking_type_id=self.warehouse.int_type_id.id,
            location_dest_id=self.warehouse.wh_output_stock_loc_id.id,
        )
        self.assertFalse(self._equipment(self.machine_product))

    def test_cancelled_transfer_makes_no_machine(self):
        picking = self._transfer(self.machine_product, ["B1"])
        picking.action_cancel()
        self.assertEqual(picking.state, "cancel")
        self.assertFalse(self._equipment(self.machine_product))

    def test_machine_reported_under_the_same_number_becomes_the_delivered_one(self):
        typed = self._create_equipment(serial_number="B1")
        self._ship(self.machine_product, ["B1"])
        machine = self._equipment(self.machine_product)
        self.assertEqual(machine, typed)
        self.assertRecordValues(
            machine, [{"lot_id": self._get_lots(self.machine_product, ["B1"]).id}]
        )
        self.assertEqual(machine.event_ids.mapped("event_type"), ["delivered"])

    def test_archived_machine_that_is_delivered_is_active_again(self):
        lot = self._get_lots(self.machine_product, ["B1"])
        machine = self._create_equipment(lot_id=lot.id)
        machine.write({"state": "retired", "retirement_date": "2026-01-01", "active": False})
        self._ship(self.machine_product, ["B1"])
        self.assertEqual(self._equipment(self.machine_product), machine)
        self.assertRecordValues(
            machine, [{"active": True, "state": "in_service", "retirement_date": False}]
        )

    def test_storekeeper_without_service_rights_delivers_machines(self):
        keeper = self._create_user("keeper", "stock.group_stock_user")
        picking = self._transfer(self.machine_product, ["B1"])
        picking.move_ids.picked = True
        picking.with_user(keeper).button_validate()
        machine = self._equipment(self.machine_product)
        self.assertEqual(machine.event_ids.user_id, keeper)
        self.assertEqual(machine.with_user(keeper).action_view_delivery()["res_id"], picking.id)
