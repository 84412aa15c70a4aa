from odoo import fields
from odoo.tests import tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestDelivery(InstalledBaseCommon):
    def _equipment(self, serial):
        return self.env["service.equipment"].search([("serial_number", "=", serial)])

    def test_delivery_of_serials_makes_one_equipment_each(self):
        picking = self._deliver(self.machine_product, ["B20-1", "B20-2"])
        equipment = self.env["service.equipment"].search(
            [("delivery_move_line_id.picking_id", "=", picking.id)], order="serial_number"
        )
        order_line = picking.sale_id.order_line
        expected = {
            "product_id": self.machine_product.id,
            "partner_id": self.customer.id,
            "site_id": self.site.id,
            "state": "in_service",
            "certainty": "as_sold",
            "quantity": 1.0,
            "sale_line_id": order_line.id,
            "delivery_date": fields.Date.context_today(picking),
        }
        self.assertRecordValues(
            equipment,
            [{**expected, "serial_number": "B20-1"}, {**expected, "serial_number": "B20-2"}],
        )
        self.assertEqual(equipment.event_ids.mapped("event_type"), ["delivered", "delivered"])
        self.assertEqual(picking.sale_id.service_equipment_count, 2)

    def test_delivered_equipment_is_made_of_its_service_bom(self):
        self._deliver(self.machine_product, ["B20-1"])
        components = self._equipment("B20-1").component_ids
        self.assertRecordValues(
            components,
            [{"product_id": self.burner.id, "as_sold": True, "state": "installed"}],
        )

    def test_untracked_product_makes_one_counted_equipment(self):
        radiator = self._create_product("Radiator", is_equipment=True)
        picking = self._deliver(radiator, quantity=5)
        equipment = self.env["service.equipment"].search([("product_id", "=", radiator.id)])
        self.assertRecordValues(equipment, [{"quantity": 5.0, "serial_number": False}])
        self.assertEqual(equipment.delivery_move_line_id.picking_id, picking)

    def test_ordinary_product_makes_no_equipment(self):
        self._deliver(self.burner, quantity=2)
        self.assertFalse(
            self.env["service.equipment"].search([("product_id", "=", self.burner.id)])
        )

    def test_same_moves_twice_make_nothing_twice(self):
        picking = self._deliver(self.machine_product, ["B20-1"])
        self.assertFalse(picking.move_ids._deliver_equipment())
        self.assertEqual(len(self._equipment("B20-1")), 1)

    def test_returned_serial_resold_keeps_its_record_and_history(self):
        picking = self._deliver(self.machine_product, ["B20-1"])
        equipment = self._equipment("B20-1")
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(equipment.state, "returned")

        self._deliver(self.machine_product, ["B20-1"], partner=self.other_customer)
        self.assertEqual(self._equipment("B20-1"), equipment)
        self.assertRecordValues(
            equipment, [{"state": "in_service", "partner_id": self.other_customer.id}]
        )
        self.assertEqual(
            set(equipment.event_ids.mapped("event_type")),
            {"delivered", "returned", "state_changed", "owner_changed", "moved"},
        )

    def test_serial_active_elsewhere_is_delivered_and_says_so(self):
        lot = self._get_lots(self.machine_product, ["B20-1"])
        equipment = self._create_equipment(lot_id=lot.id)
        self._deliver(self.machine_product, ["B20-1"], partner=self.other_customer)
        self.assertEqual(equipment.partner_id, self.other_customer)
        self.assertIn("never returned", " ".join(equipment.message_ids.mapped("body")))

    def test_supplier_warranty_starts_at_the_purchase_receipt(self):
        supplier = self.env["res.partner"].create({"name": "Boilermaker"})
        self.machine_product.supplier_warranty_months = 12
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": self.machine_product.id,
                            "product_qty": 1,
                            "price_unit": 800,
                        }
                    )
                ],
            }
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.move_ids.move_line_ids.write({"lot_name": "B20-9", "quantity": 1})
        receipt.move_ids.picked = True
        receipt.button_validate()
        receipt.move_ids.date = "2026-01-31 10:00:00"

        self._deliver(self.machine_product, ["B20-9"])
        self.assertRecordValues(
            self._equipment("B20-9"),
            [
                {
                    "supplier_id": supplier.id,
                    "purchase_price": 800.0,
                    "supplier_warranty_start": fields.Date.to_date("2026-01-31"),
                    # twelve months less one day, both days included
                    "supplier_warranty_end": fields.Date.to_date("2027-01-30"),
                }
            ],
        )
