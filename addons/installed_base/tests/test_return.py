from odoo.fields import Command
from odoo.tests import tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestReturn(DeliveryCommon):
    def test_returned_serials_are_returned_and_the_others_stay(self):
        picking = self._ship(self.machine_product, ["B1", "B2", "B3"])
        back = self._return(picking, serials=["B1", "B3"])
        machines = self._equipment(self.machine_product)
        self.assertEqual(machines.mapped("state"), ["returned", "in_service", "returned"])
        self.assertRecordValues(
            machines[0].event_ids.filtered(lambda e: e.event_type == "returned"),
            [{"description": back.name, "res_model": "stock.picking", "res_id": back.id}],
        )

    def test_transfers_open_the_machines_that_they_delivered_or_took_back(self):
        picking = self._ship(self.machine_product, ["B1", "B2", "B3"])
        back = self._return(picking, serials=["B1", "B3"])
        other = self._ship(self.burner)
        machines = self._equipment(self.machine_product)
        keeper = self._create_user("keeper", "stock.group_stock_user")
        self.env.invalidate_all()
        transfers = (picking | back | other).with_user(keeper)
        self.assertEqual(transfers.mapped("service_equipment_count"), [3, 2, 0])
        opened = transfers[1].action_view_service_equipment()
        found = self.env["service.equipment"].search(opened["domain"])
        self.assertEqual(found, machines[0] | machines[2])

    def test_part_of_a_lot_returned_reduces_its_quantity(self):
        picking = self._ship(self.cable, {"L1": 5})
        self._return(picking, quantity=2)
        machine = self._equipment(self.cable)
        self.assertRecordValues(machine, [{"quantity": 3.0, "state": "in_service"}])
        returned = machine.event_ids.filtered(lambda e: e.event_type == "returned")
        self.assertRecordValues(returned, [{"old_value": "5", "new_value": "3"}])
        self._return(picking, quantity=3)
        self.assertEqual(machine.state, "returned")

    def test_parts_of_counted_machines_come_and_go_in_proportion(self):
        clip, reel = self._create_product("Clip"), self._create_product("Reel")
        self.env["service.bom"].create(
            {
                "product_tmpl_id": self.cable.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": clip.id, "quantity": 4, "position": "1"}),
                    Command.create({"product_id": reel.id, "quantity": 1, "position": "2"}),
                ],
            }
        )
        picking = self._ship(self.cable, {"L1": 5})
        machine = self._equipment(self.cable)
        reels = machine.component_ids.filtered(lambda part: part.product_id == reel)
        self.assertEqual(machine.component_ids.mapped("quantity"), [20, 5])
        self._return(picking, quantity=2)
        self.assertEqual(machine.component_ids.mapped("quantity"), [12, 3])
        reels.quantity = 1.5
        self._ship(self.cable, {"L1": 1})
        self.assertEqual(machine.component_ids.mapped("quantity"), [16, 2])
        reels._remove()
        self._send_back(self.cable, {"L1": 3})
        self.assertEqual(machine.component_ids.mapped("quantity"), [4, 2])

    def test_lot_returned_is_that_of_its_customer(self):
        self._ship(self.cable, {"L1": 5}, partner=self.other_customer)
        self._ship(self.cable, {"L1": 4})
        self._send_back(self.cable, {"L1": 4}, partner=self.other_customer)
        theirs, ours = self._equipment(self.cable)
        self.assertRecordValues(
            theirs | ours,
            [
                {"quantity": 1.0, "state": "in_service"},
                {"quantity": 4.0, "state": "in_service"},
            ],
        )

    def test_returned_lot_delivered_again_has_only_the_new_quantity(self):
        picking = self._ship(self.cable, {"L1": 5})
        self._return(picking, quantity=5)
        self._ship(self.cable, {"L1": 2})
        self.assertRecordValues(
            self._equipment(self.cable), [{"quantity": 2.0, "state": "in_service"}]
        )

    def test_goods_that_come_back_from_nobody_in_particular(self):
        self._ship(self.machine_product, ["B1"])
        self._ship(self.radiator, quantity=4)
        nobody = self.env["res.partner"]
        self._send_back(self.machine_product, ["B1"], partner=nobody)
        self._send_back(self.radiator, quantity=1, partner=nobody)
        self._send_back(self.burner, quantity=1, partner=nobody)
        self.assertEqual(self._equipment(self.machine_product).state, "returned")
        self.assertEqual(self._equipment(self.radiator).quantity, 4)

    def test_untracked_goods_returned_reduce_what_their_delivery_made(self):
        first = self._ship(self.radiator, quantity=4)
        self._ship(self.radiator, quantity=6)
        self._return(first, quantity=1)
        older, newer = self._equipment(self.radiator)
        self.assertRecordValues(older | newer, [{"quantity": 3.0}, {"quantity": 6.0}])
        self._return(first, quantity=3)
        self.assertRecordValues(older | newer, [{"state": "returned"}, {"state": "in_service"}])

    def test_untracked_goods_sent_back_are_the_last_that_the_customer_got(self):
        self._ship(self.radiator, quantity=9, partner=self.other_customer)
        self._ship(self.radiator, quantity=4)
        self._ship(self.radiator, quantity=6)
        self._send_back(self.radiator, quantity=8)
        foreign, older, newer = self._equipment(self.radiator)
        # 8 = all 6 of the last delivery and 2 of the 4 before
        self.assertRecordValues(
            foreign | older | newer,
            [
                {"quantity": 9.0, "state": "in_service"},
                {"quantity": 2.0, "state": "in_service"},
                {"state": "returned", "quantity": 6.0},
            ],
        )

    def test_more_returned_than_known_leaves_nothing_at_the_customer(self):
        self._ship(self.radiator, quantity=2)
        self._send_back(self.radiator, quantity=5)
        self.assertEqual(self._equipment(self.radiator).state, "returned")

    def test_same_return_twice_counts_once(self):
        self._ship(self.cable, {"L1": 5})
        back = self._send_back(self.cable, {"L1": 2})
        self.assertFalse(back.move_ids._return_equipment())
        self.assertEqual(self._equipment(self.cable).quantity, 3.0)

    def test_exchange_returns_one_machine_and_delivers_another(self):
        self._stock_up(self.machine_product, ["B2"])
        picking = self._ship(self.machine_product, ["B1"])
        before = self.env["stock.picking"].search([])
        back = self._return(picking, serials=["B1"], exchange=True)
        exchange = self.env["stock.picking"].search([]) - before - back
        self._validate(exchange)
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {"serial_number": "B1", "state": "returned", "site_id": self.site.id},
                {"serial_number": "B2", "state": "in_service", "site_id": self.site.id},
            ],
        )

    def test_resold_machine_leaves_behind_what_tied_it_to_its_first_owner(self):
        picking = self._ship(self.machine_product, ["B1"])
        machine = self._equipment(self.machine_product)
        machine.write(
            {
                "parent_id": self._create_equipment().id,
                "installation_date": "2026-01-10",
                "commissioning_date": "2026-01-20",
            }
        )
        self._return(picking, serials=["B1"])
        self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        self.assertRecordValues(
            machine,
            [
                {
                    "partner_id": self.other_customer.id,
                    "site_id": self.other_customer.id,
                    "state": "in_service",
                    "parent_id": False,
                    "installation_date": False,
                    "commissioning_date": False,
                }
            ],
        )

    def test_machine_sent_back_to_its_owner_keeps_its_dates(self):
        picking = self._ship(self.machine_product, ["B1"])
        machine = self._equipment(self.machine_product)
        machine.commissioning_date = "2026-01-20"
        back = self._return(picking, serials=["B1"])
        self._return(back, serials=["B1"])
        self.assertEqual(machine.state, "in_service")
        self.assertEqual(str(machine.commissioning_date), "2026-01-20")

    def test_first_delivery_counted_again_after_a_resale_changes_nothing(self):
        picking = self._ship(self.machine_product, ["B1"])
        self._return(picking, serials=["B1"])
        self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        self.assertFalse(picking.move_ids._deliver_equipment())
        machine = self._equipment(self.machine_product)
        self.assertRecordValues(machine, [{"partner_id": self.other_customer.id}])

    def test_machine_scrapped_at_the_customer_is_no_return(self):
        self._ship(self.machine_product, ["B1"])
        lot = self._get_lots(self.machine_product, ["B1"])
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.machine_product.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": self.customers.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(self._equipment(self.machine_product).state, "in_service")

    def test_history_tells_delivery_return_and_resale_in_order(self):
        picking = self._ship(self.machine_product, ["B1"])
        self._return(picking, serials=["B1"])
        self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        events = self._equipment(self.machine_product).event_ids.sorted("id")
        self.assertEqual(
            events.mapped("event_type"),
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

    def test_machine_never_returned_changes_owner_and_says_so(self):
        lot = self._get_lots(self.machine_product, ["B1"])
        machine = self._create_equipment(lot_id=lot.id)
        self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        self.assertEqual(machine.partner_id, self.other_customer)
        told = "in service at Hôtel du Lac and never returned"
        self.assertIn(told, machine.event_ids.sorted("id")[-1].description)
        self.assertIn(told, " ".join(machine.message_ids.mapped("body")))
