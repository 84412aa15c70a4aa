from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestParts(FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.burner, cls.van, -5)
        # beside the shelves, so that a transfer from the warehouse takes nothing from it
        cls.van = cls.env["stock.location"].create(
            {"name": "Van 2", "location_id": cls.warehouse.view_location_id.id}
        )
        cls.technician.stock_location_id = cls.van
        cls._stock(cls.burner, cls.van, 1)
        cls.machine = cls._create_equipment()

    @classmethod
    def _stock(cls, product, location, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity, lot_id=lot)

    def _free(self, product, location):
        return self.env["stock.quant"]._get_available_quantity(product, location)

    def _planned(self, quantity=3, product=None):
        request = self._request(self.machine)
        self._consume(request, product or self.burner, quantity)
        return self._plan(request)

    def test_shortage_says_where_there_is_stock(self):
        self._stock(self.burner, self.warehouse.lot_stock_id, 7)
        intervention = self._planned()
        self.assertEqual(
            intervention.with_user(self.technician_user).part_shortage,
            "2 × Burner missing; in stock: WH/Stock 7",
        )
        self._stock(self.burner, self.van, 2)
        intervention.invalidate_recordset(["part_shortage"])
        self.assertFalse(intervention.part_shortage)

    def _kept(self, location=None):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.burner.id), ("location_id", "=", (location or self.van).id)]
        )
        return sum(quants.mapped("reserved_quantity"))

    def test_a_planned_part_is_reserved_in_the_van(self):
        self._stock(self.burner, self.van, 2)
        first = self._planned(2)
        self.assertEqual(self._kept(), 2)
        self.assertFalse(first.part_shortage)
        request = self._request(self.machine)
        self._consume(request, self.burner, 2)
        second = self._plan(request, self.start + timedelta(hours=4))
        self.assertEqual((self._kept(), second.consumption_ids.qty_reserved), (3, 1))
        board = self.env["service.intervention"].with_user(self.dispatcher)
        midnight = self.start - timedelta(hours=8)
        bars = board.get_board(midnight, midnight + timedelta(days=2))["interventions"]
        self.assertEqual(
            {bar["id"]: bar["is_short"] for bar in bars}, {first.id: False, second.id: True}
        )
        self.assertEqual(second._find_missing_parts()[second.id], {self.burner: 1})
        first.action_cancel("Customer away")
        self.assertEqual((self._kept(), second.consumption_ids.qty_reserved), (2, 2))
        self.assertFalse(second._find_missing_parts())

    def test_a_reservation_follows_the_plan(self):
        other_van = self.env["stock.location"].create(
            {"name": "Van 3", "location_id": self.warehouse.view_location_id.id}
        )
        other = self._create_technician("Other", stock_location_id=other_van.id)
        self._stock(self.burner, self.van, 1)
        self._stock(self.burner, other_van, 2)
        intervention = self._planned(2)
        later = self.start + timedelta(days=1)
        intervention.action_plan(start=later)
        move = intervention.consumption_ids.sudo().move_ids
        self.assertRecordValues(move, [{"date": later, "state": "assigned", "quantity": 2}])
        intervention.action_plan(other.id)
        self.assertEqual((self._kept(), self._kept(other_van)), (0, 2))
        intervention.action_unplan()
        self.assertEqual((self._kept(), self._kept(other_van)), (0, 0))
        intervention.action_plan(self.technician.id, self.start)
        self.assertEqual(self._kept(), 2)
        intervention.consumption_ids.quantity = 1
        self.assertEqual(self._kept(), 1)
        intervention.consumption_ids = [Command.create({"product_id": self.burner.id})]
        self.assertEqual(self._kept(), 2)
        intervention.consumption_ids[-1:].is_to_order = True
        self.assertEqual(self._kept(), 1)
        intervention.write({"technician_id": False, "vendor_id": self.customer.id})
        self.assertEqual(self._kept(), 0)

    def test_a_part_kept_on_the_shelves_is_fetched_when_the_job_is_planned(self):
        shelves = self.warehouse.lot_stock_id
        self._stock(self.burner, shelves, 2)
        request = self._request(self.machine)
        self._consume(request, self.burner, 3)
        request.consumption_ids.action_reserve()
        self.assertEqual(self._kept(shelves), 2)
        intervention = self._plan(request)
        picking = intervention.sudo().picking_ids
        self.assertRecordValues(picking.move_ids, [{"product_qty": 2, "state": "assigned"}])
        self.assertEqual((self._kept(shelves), self._kept()), (2, 1))
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual((self._kept(), intervention.consumption_ids.qty_reserved), (3, 3))
        intervention.action_arrive()
        intervention.consumption_ids.action_mark_done()
        intervention.report = "<p>Three burners</p>"
        intervention.action_done()
        self.assertEqual((self._kept(), self._free(self.burner, self.van)), (0, 0))

    def test_what_is_under_way_goes_to_whoever_does_the_job(self):
        self._stock(self.burner, self.warehouse.lot_stock_id, 2)
        other_van = self.env["stock.location"].create(
            {"name": "Van 3", "location_id": self.warehouse.view_location_id.id}
        )
        other = self._create_technician("Other", stock_location_id=other_van.id)
        intervention = self._planned(3)
        intervention.action_prepare_parts()
        picking = intervention.sudo().picking_ids
        intervention.action_plan(other.id)
        self.assertEqual((picking.location_dest_id, picking.state), (other_van, "assigned"))
        self.assertEqual(picking.move_ids.move_line_ids.location_dest_id, other_van)
        intervention.action_cancel("Customer away")
        self.assertEqual((picking.state, self._kept(self.warehouse.lot_stock_id)), ("cancel", 0))

    def test_an_ordered_part_belongs_to_the_next_visit(self):
        gasket = self._create_product("Gasket", is_storable=True)
        intervention = self._planned(1, gasket)
        intervention.action_arrive()
        intervention.consumption_ids.is_to_order = True
        intervention.action_order_parts()
        self.assertFalse(intervention.has_parts_to_order)
        follow_up = intervention.action_to_resume()
        follow_up.action_plan(self.technician.id, self.start + timedelta(days=2))
        self.assertIn("1 × Gasket missing", follow_up.part_shortage)
        self._stock(gasket, self.van, 1)
        follow_up.consumption_ids.sudo().move_ids._action_assign()
        follow_up.action_arrive()
        follow_up.consumption_ids.action_mark_done()
        follow_up.report = "<p>Gasket in</p>"
        follow_up.action_done()
        self.assertEqual(follow_up.consumption_ids.state, "done")
        self.assertEqual(self._free(gasket, self.van), 0)

    def test_shortages_of_many_jobs_take_no_more_queries(self):
        jobs = self._planned()
        one = self._count_queries(jobs)
        for days in range(1, 4):
            request = self._request(self.machine)
            self._consume(request, self.burner, 9)
            jobs |= self._plan(request, self.start + timedelta(days=days))
        self.assertEqual(self._count_queries(jobs), one)

    def _count_queries(self, jobs):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(set(jobs._find_missing_parts()), set(jobs.ids))
        return self.env.cr.sql_log_count - before

    def test_missing_parts_come_from_the_warehouse_once(self):
        self._stock(self.burner, self.warehouse.lot_stock_id, 10)
        intervention = self._planned().with_user(self.dispatcher)
        intervention.action_prepare_parts()
        intervention.action_prepare_parts()
        picking = intervention.sudo().picking_ids
        self.assertRecordValues(
            picking.move_ids,
            [
                {
                    "product_qty": 2,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.van.id,
                    "state": "assigned",
                }
            ],
        )

    def test_who_may_only_read_moves_no_parts(self):
        accountant = self._create_user("accounts", "account.group_account_invoice")
        self._stock(self.burner, self.warehouse.lot_stock_id, 10)
        job = self._planned().sudo()

        def refuse(method):
            self.env.invalidate_all()
            with self.subTest(method), self.assertRefused(AccessError, "."):
                getattr(job.with_user(accountant), method)()

        refuse("action_prepare_parts")
        job.action_prepare_parts()
        job.picking_ids.move_ids.picked = True
        job.picking_ids.button_validate()
        refuse("action_return_unused")
        job.consumption_ids.is_to_order = True
        refuse("action_order_parts")

    def test_unused_parts_come_back(self):
        self._stock(self.burner, self.warehouse.lot_stock_id, 10)
        intervention = self._planned().sudo()
        intervention.action_prepare_parts()
        intervention.picking_ids.move_ids.picked = True
        intervention.picking_ids.button_validate()
        self.assertEqual((self._kept(), self._free(self.burner, self.van)), (3, 0))
        intervention.consumption_ids.quantity = 1
        intervention.action_arrive()
        intervention.consumption_ids.action_mark_done()
        intervention.report = "<p>One was enough</p>"
        intervention.action_done()
        self.assertEqual(intervention._get_unused(), {self.burner: 1})
        back = intervention.action_return_unused()
        self.assertRecordValues(
            back.move_ids,
            [{"product_qty": 1, "location_dest_id": self.warehouse.lot_stock_id.id}],
        )
        self.assertFalse(intervention.action_return_unused(), "it is on its way back")

    def test_ordered_parts_are_transferred_or_proposed_to_the_buyers(self):
        gasket = self._create_product("Gasket", is_storable=True)
        self._stock(gasket, self.warehouse.lot_stock_id, 1)
        intervention = self._planned(3, gasket).with_user(self.technician_user)
        with self.assertRefused(UserError, "to order"):
            intervention.action_order_parts()
        intervention.consumption_ids.is_to_order = True
        intervention.action_order_parts()
        self.assertEqual(intervention.sudo().picking_ids.move_ids.product_qty, 1)
        orderpoint = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", gasket.id), ("location_id", "=", self.van.id)]
        )
        self.assertEqual(orderpoint.qty_to_order, 2)

    def test_what_is_ordered_comes_on_top_of_the_rule_of_the_van(self):
        gasket = self._create_product("Gasket", is_storable=True)
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": gasket.id,
                "location_id": self.van.id,
                "warehouse_id": self.warehouse.id,
                "product_min_qty": 4,
                "product_max_qty": 6,
            }
        )
        self.assertEqual(orderpoint.qty_to_order, 6)
        intervention = self._planned(3, gasket).with_user(self.technician_user)
        intervention.consumption_ids.is_to_order = True
        usual = orderpoint.qty_to_order
        intervention.action_order_parts()
        self.assertEqual(orderpoint.qty_to_order, usual + 3)

    def test_reordering_of_the_van_fetches_and_buys(self):
        maker = self.env["res.partner"].create({"name": "Maker"})
        gasket = self._create_product(
            "Gasket",
            is_storable=True,
            seller_ids=[Command.create({"partner_id": maker.id, "price": 2})],
            route_ids=[Command.set(self.env.ref("purchase_stock.route_warehouse0_buy").ids)],
        )
        self._stock(gasket, self.warehouse.lot_stock_id, 1)
        self.technician.technician_agency_ids = self.agency
        self.agency.warehouse_id = self.warehouse
        for _again in range(2):
            action = self.technician.action_view_van_rules()
        self.assertEqual(action["context"]["default_location_id"], self.van.id)
        rule = (
            self.env["stock.warehouse.orderpoint"]
            .with_context(**action["context"])
            .create({"product_id": gasket.id, "product_min_qty": 1, "product_max_qty": 3})
        )
        rule.action_replenish()
        moves = self.env["stock.move"].search([("product_id", "=", gasket.id)])
        into_van = moves.filtered(lambda move: move.location_dest_id == self.van)
        self.assertEqual(sum(into_van.mapped("product_qty")), 3)
        self.assertEqual(into_van.location_id, self.warehouse.lot_stock_id)
        bought = self.env["purchase.order.line"].search([("product_id", "=", gasket.id)])
        self.assertRecordValues(bought, [{"product_qty": 2, "partner_id": maker.id}])

    def test_parts_come_out_of_the_place_in_the_van_that_holds_them(self):
        case = self.env["stock.location"].create({"name": "Case", "location_id": self.van.id})
        gasket = self._create_product("Gasket", is_storable=True)
        self._stock(gasket, case, 4)
        intervention = self._planned(2, gasket)
        intervention.consumption_ids.action_mark_done()
        self.assertEqual(self._free(gasket, case), 2)

    def test_serials_in_the_whole_van_are_asked_for(self):
        case = self.env["stock.location"].create({"name": "Case", "location_id": self.van.id})
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        lots = self._get_lots(pump, ["P1", "P2", "P3"])
        for place, lot in zip((self.van, case, self.warehouse.lot_stock_id), lots, strict=True):
            self._stock(pump, place, 1, lot)
        intervention = self._planned(1, pump)
        part = intervention.consumption_ids.with_user(self.technician_user)
        self.env.invalidate_all()
        action = part.action_mark_done()
        asked = self.env[action["res_model"]].with_user(self.technician_user)
        form = Form(asked.with_context(**action["context"]))
        with form.line_ids.edit(0) as line:
            self.assertEqual(len(line.lot_ids[:]), 1, "the one that is kept for the visit")
            self.assertEqual(line.available_lot_ids[:], lots, "in the van and elsewhere")
            line.lot_ids.set(lots[2])
            self.assertIn("P3 stands in", line.consequence)
            line.lot_ids.set(lots[0])
            self.assertFalse(line.consequence, "the whole van is at hand")
            line.lot_ids.clear()
            line.lot_ids.add(lots[1])
        form.save()
        form.record.action_confirm()
        self.assertEqual((part.state, self._free(pump, case)), ("done", 0))

    def test_without_a_visit_a_technician_uses_what_is_in_the_van(self):
        self._stock(self.burner, self.warehouse.lot_stock_id, 5)
        gasket = self._create_product("Gasket", is_storable=True)
        self._stock(gasket, self.warehouse.lot_stock_id, 5)
        request = self._request(self.machine)
        for product, performer, source in (
            (self.burner, self.technician_user, self.van),
            (gasket, self.technician_user, self.warehouse.lot_stock_id),
            (self.burner, self.call_taker, self.warehouse.lot_stock_id),
        ):
            part = self._consume(request, product, user_id=performer.id)
            part.action_mark_done()
            self.assertEqual(part.move_ids.location_id, source, product.name)

    def test_technician_without_a_van_cannot_use_parts(self):
        intervention = self._planned()
        self.technician.stock_location_id = False
        with self.assertRefused(UserError, "Théo Technician has no van"):
            intervention.consumption_ids.action_mark_done()
        with self.assertRefused(UserError, "Nobody with a van"):
            intervention.action_prepare_parts()

    def test_exchange_in_one_gesture(self):
        ignition = self._create_product(
            "Ignition", is_storable=True, tracking="serial", supplier_warranty_months=12
        )
        old, new = self._get_lots(ignition, ["OLD", "NEW"])
        self._stock(ignition, self.van, 1, new)
        component = self.env["service.equipment.component"].create(
            {"equipment_id": self.machine.id, "product_id": ignition.id, "lot_id": old.id}
        )
        intervention = self._plan(self._request(self.machine)).with_user(self.technician_user)
        intervention.action_arrive()
        action = intervention.action_exchange_part()
        exchange = (
            self.env[action["res_model"]]
            .with_user(self.technician_user)
            .with_context(**action["context"])
            .create({"component_id": component.id, "note": "Cracked"})
        )
        self.assertEqual(exchange.product_id, ignition)
        with self.assertRefused(UserError, "tracked"):
            exchange.action_exchange()
        exchange.lot_id = new
        exchange.action_exchange()
        successor = component.replaced_by_id
        self.assertRecordValues(
            component | successor,
            [{"state": "removed", "lot_id": old.id}, {"state": "installed", "lot_id": new.id}],
        )
        today = Date.context_today(successor)
        self.assertEqual(successor.install_date, today)
        self.assertEqual(
            successor.supplier_warranty_end, Date.subtract(Date.add(today, months=12), days=1)
        )
        self.assertRecordValues(
            self.machine.event_ids.filtered(lambda e: e.event_type == "component_replaced"),
            [{"res_model": "service.intervention", "res_id": intervention.id}],
        )
        self.assertRecordValues(
            intervention.consumption_ids,
            [{"state": "done", "lot_ids": new.ids, "note": "Cracked"}],
        )
        defective = self.technician.defective_location_id
        self.assertFalse(defective._child_of(self.warehouse.view_location_id), "not free there")
        self.assertEqual(self._free(ignition, defective), 1)
        self.assertFalse(intervention._read_free(self.van, ignition).get((self.van.id, ignition)))

    def test_the_number_that_is_found_on_the_old_part_is_noted(self):
        ignition = self._create_product("Ignition", is_storable=True, tracking="serial")
        [new] = self._get_lots(ignition, ["NEW"])
        self._stock(ignition, self.van, 1, new)
        unknown = self.env["service.equipment.component"].create(
            {"equipment_id": self.machine.id, "product_id": ignition.id}
        )
        intervention = self._plan(self._request(self.machine)).with_user(self.technician_user)
        intervention.action_arrive()
        values = {
            "intervention_id": intervention.id,
            "component_id": unknown.id,
            "lot_id": new.id,
        }
        exchanges = self.env["service.intervention.exchange"].with_user(self.technician_user)
        with self.assertRefused(UserError, "its number is not known"):
            exchanges.create(values).action_exchange()
        exchanges.create({**values, "old_number": "FOUND "}).action_exchange()
        self.assertRecordValues(unknown, [{"state": "removed", "serial_number": "FOUND"}])
        defective = self.technician.defective_location_id
        held = self.env["stock.quant"].search([("location_id", "=", defective.id)])
        self.assertEqual(held.lot_id.name, "FOUND")

    def test_a_part_is_added(self):
        sensor = self._create_product("Sensor", is_storable=True, supplier_warranty_months=12)
        self._stock(sensor, self.van, 3)
        intervention = self._plan(self._request(self.machine)).with_user(self.technician_user)
        intervention.action_arrive()
        action = intervention.action_exchange_part()
        change = self.env[action["res_model"]].with_user(self.technician_user)
        change = Form(change.with_context(**action["context"]))
        self.assertEqual(change.equipment_id, self.machine)
        change.product_id = sensor
        change.quantity = 2
        change.save().action_exchange()
        added = self.machine.component_ids.filtered(lambda part: part.product_id == sensor)
        today = Date.context_today(added)
        self.assertRecordValues(
            added,
            [
                {
                    "state": "installed",
                    "quantity": 2,
                    "install_date": today,
                    "supplier_warranty_end": Date.subtract(Date.add(today, months=12), days=1),
                }
            ],
        )
        self.assertEqual(self._free(sensor, self.van), 1)
        self.assertRecordValues(
            self.machine.event_ids.filtered(lambda e: e.event_type == "component_added"),
            [{"res_model": "service.intervention", "res_id": intervention.id}],
        )

    def test_product_picker_proposes_parts_of_van_and_machine_first(self):
        self._create_product("Burner of another make", sequence=-1)
        gasket = self._create_product("Zz burner kit", is_storable=True)
        self._stock(gasket, self.van, 1)
        intervention = self._plan(self._request(self.machine)).with_user(self.technician_user)
        products = self.env["product.product"].with_user(self.technician_user)
        found = products.with_context(propose_for_intervention_id=intervention.id).name_search(
            "burner", limit=2
        )
        self.assertEqual({id_ for id_, _name in found}, {self.burner.id, gasket.id})
