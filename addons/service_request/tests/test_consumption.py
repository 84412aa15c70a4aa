from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestConsumption(ServiceRequestCommon):
    def setUp(self):
        super().setUp()
        self.request = self._request(self._create_equipment(serial_number="OLD-1"))
        self.stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.burner, self.stock, 10)

    def _available(self, product=None):
        product = (product or self.burner).with_context(location=self.stock.id)
        product.invalidate_recordset(["qty_available"])
        return product.qty_available

    def test_kind_unit_and_price_come_from_the_product(self):
        for product, kind, price in (
            (self.burner, "part", 120),
            (self.labor, "labor", 60),
            (self.travel, "travel", 35),
        ):
            consumption = self._consume(self.request, product, 2)
            self.assertRecordValues(
                consumption,
                [
                    {
                        "kind": kind,
                        "uom_id": product.uom_id.id,
                        "price_unit": price,
                        "amount_consumed": 2 * price,
                        "amount_to_invoice": 2 * price,
                        "billable": "full",
                        "state": "todo",
                        "equipment_line_id": self.request.equipment_line_ids.id,
                    }
                ],
            )
        self.assertRecordValues(
            self.request,
            [
                {
                    "amount_part": 240,
                    "amount_labor": 120,
                    "amount_travel": 70,
                    "amount_consumed": 430,
                    "amount_billable": 430,
                    "amount_unbilled": 0,
                }
            ],
        )

    def test_minutes_are_priced_by_the_hour(self):
        minute = self.env["uom.uom"].create(
            {
                "name": "Minute",
                "relative_factor": 1 / 60,
                "relative_uom_id": self.env.ref("uom.product_uom_hour").id,
            }
        )
        labor = self._consume(self.request, self.labor, 90, uom_id=minute.id)
        self.assertAlmostEqual(labor.amount_consumed, 90, 2)

    def test_pricelist_of_the_request_gives_the_price(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Ten percent off",
                "item_ids": [Command.create({"compute_price": "percentage", "percent_price": 10})],
            }
        )
        self.request.pricelist_id = pricelist
        self.assertEqual(self._consume(self.request, self.burner).amount_consumed, 108)

    def test_amount_changed_by_hand_stays_until_the_quantity_changes(self):
        part = self._consume(self.request, self.burner, 2)
        part.amount_to_invoice = 100
        self.assertEqual(part.billable, "partial")
        part.note = "Discount promised on the phone"
        self.request.title = "Another title"
        self.assertEqual(part.amount_to_invoice, 100)
        part.quantity = 3
        self.assertEqual(part.amount_to_invoice, 360)

    def test_free_and_full_write_the_amount(self):
        part = self._consume(self.request, self.burner)
        part.billable = "free"
        self.assertEqual(part.amount_to_invoice, 0)
        part.billable = "full"
        self.assertEqual(part.amount_to_invoice, 120)

    def test_done_part_leaves_the_stock(self):
        part = self._consume(self.request, self.burner, 2)
        self.assertEqual(self._available(), 10, "planning takes nothing")
        part.action_mark_done()
        self.assertEqual((part.state, part.qty_issued, self._available()), ("done", 2, 8))
        self.assertEqual(part.move_ids.location_dest_id.usage, "customer")

    def test_corrections_make_the_difference(self):
        part = self._consume(self.request, self.burner, 2)
        part.action_mark_done()
        part.quantity = 5
        self.assertEqual((part.qty_issued, self._available()), (5, 5))
        part.quantity = 1
        self.assertEqual((part.qty_issued, self._available()), (1, 9))
        part.action_cancel()
        self.assertEqual((part.state, self._available()), ("cancelled", 10))
        self.assertEqual(len(part.move_ids), 4, "nothing that happened is deleted")

    def test_what_left_the_stock_for_a_closed_request_is_corrected_by_who_has_the_right(self):
        part = self._consume(self.request, self.burner, 2)
        labor = self._consume(self.request, self.labor)
        self.request.action_close(undone="done")
        self.env.invalidate_all()
        manager = self._create_user("manager", "installed_base.group_service_manager")
        labor.with_user(self.call_taker).quantity = 3
        part.with_user(self.call_taker).note = "The old one leaked"
        for change in ({"quantity": 5}, {"done_date": False}, {"is_cancelled": True}):
            with self.assertRefused(AccessError, f"{self.request.name} is closed"):
                part.with_user(self.call_taker).write(change)
        part.with_user(manager).quantity = 5
        self.assertEqual((part.qty_issued, self._available()), (5, 5))
        self.request.with_user(self.call_taker).action_reopen()
        part.with_user(self.call_taker).quantity = 1
        self.assertEqual((part.qty_issued, self._available()), (1, 9))

    def _stock_pumps(self, *serials, tracking="serial"):
        """A tracked pump, and one piece of each of these numbers on the shelves."""
        pump = self._create_product("Pump", is_storable=True, tracking=tracking)
        lots = self._get_lots(pump, serials)
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(pump, self.stock, 1, lot_id=lot)
        return pump, lots

    def _answer(self, action):
        """The dialogue of an action, as the call taker fills it in."""
        self.env.invalidate_all()
        wizards = self.env[action["res_model"]].with_user(self.call_taker)
        return Form(wizards.with_context(**action["context"]))

    def test_tracked_part_must_name_its_serials(self):
        pump, lots = self._stock_pumps("P1", "P2")
        part = self._consume(self.request, pump, 2, lot_ids=[Command.set(lots[0].ids)])
        with self.assertRefused(UserError, "Pump is tracked: give the 2 lot"):
            part.done_date = "2026-03-02 10:00:00"
        with self.assertRefused(UserError, "Pump is tracked"):
            self.request.action_close(undone="done")
        part.lot_ids = lots
        self.assertIs(part.action_mark_done(), True, "nothing is left to ask")
        self.assertEqual(part.move_ids.move_line_ids.lot_id, lots)
        self.assertEqual(self._available(pump), 0)

    def test_serials_are_asked_for_when_a_tracked_part_is_done(self):
        pump, lots = self._stock_pumps("P1", "P2", "P3")
        gone = self._get_lots(pump, ["P9"])
        part = self._consume(self.request, pump, 2)
        labor = self._consume(self.request, self.labor)
        action = (part | labor).action_mark_done("2026-03-02 10:00:00")
        self.assertEqual((part.state, labor.state), ("todo", "done"), "only the pump waits")
        with self._answer(action) as form, form.line_ids.edit(0) as line:
            self.assertEqual(line.available_lot_ids[:], lots, "those on the shelves")
            self.assertNotIn(gone, line.available_lot_ids[:])
            self.assertFalse(line.lot_ids[:], "three are there, two are used")
            line.lot_ids.add(lots[0])
            line.lot_ids.add(lots[2])
        form.record.action_confirm()
        self.assertEqual((part.state, str(part.done_date)), ("done", "2026-03-02 10:00:00"))
        self.assertEqual(part.move_ids.move_line_ids.lot_id, lots[0] | lots[2])

    def test_correcting_a_done_part_asks_which_serials(self):
        pump, (one, two, three) = self._stock_pumps("P1", "P2", "P3")
        part = self._consume(self.request, pump, 2, lot_ids=[Command.set((one | two).ids)])
        part.action_mark_done()
        for quantity, used, words in (
            (3, one | two | three, False),  # more
            (1, three, "Back to stock: P1, P2."),  # fewer
            (1, one, "Back to stock: P3."),  # another
        ):
            with self.subTest(quantity=quantity, used=used.mapped("name")):
                dialogue = self._answer(part.action_correct_issue())
                with dialogue as form, form.line_ids.edit(0) as line:
                    self.assertEqual(line.lot_ids[:], part.lot_ids)
                    line.quantity = quantity
                    line.lot_ids.set(used)
                    self.assertEqual(line.consequence or False, words)
                form.record.action_confirm()
                issued = {lot: qty for lot, qty in part._get_issued_by_lot().items() if qty}
                self.assertEqual(issued, dict.fromkeys(used, 1))
                self.assertEqual((part.quantity, part.qty_issued), (quantity, quantity))
                self.assertEqual(self._available(pump), 3 - quantity)
        for quantity, used, words in ((2, one, "give the 2 lot"), (0, one.browse(), "cancel")):
            dialogue = self._answer(part.action_correct_issue())
            with dialogue as form, form.line_ids.edit(0) as line:
                line.quantity = quantity
                line.lot_ids.set(used)
            with self.assertRefused(UserError, words):
                form.record.action_confirm()
        with self.assertRefused(UserError, "change its quantity instead"):
            self._consume(self.request, self.burner, done_date="2026-03-02").action_correct_issue()

    def test_a_serial_is_taken_from_where_it_stands_and_the_user_is_told(self):
        pump, here = self._stock_pumps("P1", "P2")
        shelf, van = self.env["stock.location"].create(
            [
                {"name": "Shelf", "location_id": self.stock.id},
                {"name": "Van", "location_id": self.warehouse.view_location_id.id},
            ]
        )
        lots = self._get_lots(pump, ["P3", "P4", "P5"])
        for lot, place in zip(lots, (shelf, van), strict=False):
            self.env["stock.quant"]._update_available_quantity(pump, place, 1, lot_id=lot)
        there, afar, nowhere = lots
        part = self._consume(self.request, pump)
        with self._answer(part.action_mark_done()) as form, form.line_ids.edit(0) as line:
            self.assertEqual(line.available_lot_ids[:], here | there | afar, "nothing unknown")
            line.lot_ids.set(there)
            self.assertFalse(line.consequence)
            line.lot_ids.set(afar)
            self.assertRegex(line.consequence, "P4 stands in .*Van: it is taken from there")
        form.record.action_confirm()
        self.assertEqual(part.move_ids.location_id, van)
        part.action_cancel()
        self.assertEqual(self._available(pump), 3, "those here and the one on the shelf")
        quants = self.env["stock.quant"]
        self.assertEqual(quants._get_available_quantity(pump, van, lot_id=afar), 1)
        self.assertFalse(quants.search([("product_id", "=", pump.id), ("quantity", "<", 0)]))
        self.assertIn("P5 is not in our stock", part._explain_lot_places(nowhere | there))

    def test_planning_asks_when_and_who(self):
        labor = self._consume(self.request, self.labor)
        wizards = self.env["service.consumption.plan"].with_user(self.call_taker)
        with Form(wizards.with_context(default_consumption_ids=labor.ids)) as form:
            self.assertEqual(form.user_id, self.request.user_id)
            form.date = "2026-04-01 08:00:00"
            form.user_id = self.dispatcher
        form.record.action_plan()
        self.assertRecordValues(labor, [{"state": "planned", "user_id": self.dispatcher.id}])
        self.assertEqual(str(labor.planned_date), "2026-04-01 08:00:00")
        with Form(wizards.with_context(default_consumption_ids=labor.ids)) as form:
            form.performer_type = "external"
            form.vendor_id = self.other_customer
        form.record.action_plan()
        self.assertEqual(
            (labor.user_id, labor.vendor_id), (labor.user_id.browse(), self.other_customer)
        )

    def test_the_only_lot_there_is_proposed(self):
        for tracking in ("serial", "lot"):
            pump, lots = self._stock_pumps("P1", tracking=tracking)
            part = self._consume(self.request, pump)
            self._answer(part.action_mark_done()).save().action_confirm()
            self.assertEqual((part.state, part.lot_ids), ("done", lots), tracking)

    def test_reserved_serials_are_proposed(self):
        pump, _lots = self._stock_pumps("P1", "P2", "P3")
        part = self._consume(self.request, pump, 2)
        part.action_reserve()
        kept = part.sudo().move_ids.move_line_ids.lot_id
        self._answer(part.action_mark_done()).save().action_confirm()
        self.assertEqual((len(part.lot_ids), part.lot_ids), (2, kept))

    def test_closing_asks_for_serials_too(self):
        pump, lots = self._stock_pumps("P1", "P2")
        part = self._consume(self.request, pump)
        form = self._answer(self.request.action_close())
        form.undone = "done"
        with form.lot_line_ids.edit(0) as line:
            line.lot_ids.add(lots[1])
        form.save().action_close()
        self.assertEqual((self.request.state, part.state), ("closed", "done"))
        self.assertEqual(part.move_ids.move_line_ids.lot_id, lots[1])

    def test_stock_is_not_touched_when_not_asked(self):
        part = self._consume(self.request, self.burner, issue_stock=False)
        part.action_mark_done()
        self.assertFalse(part.move_ids)

    def test_wrong_input_is_refused_with_its_reason(self):
        with self.assertRefused(ValidationError, "Burner cannot be consumed as"):
            self._consume(self.request, self.burner, kind="labor")
        other = self._request(self._create_equipment())
        with self.assertRefused(ValidationError, "is not on the request"):
            self._consume(self.request, self.burner, equipment_line_id=other.equipment_line_ids.id)
        for quantity in (0, -2):
            with self.assertRefused(ValidationError, "must be more than zero"):
                self._consume(self.request, self.burner, quantity)
        with self.assertRefused(ValidationError, "Labour is counted in Hours.*consumed in kg"):
            self._consume(self.request, self.labor, uom_id=self.env.ref("uom.product_uom_kgm").id)

    def test_own_units_and_those_of_time_are_proposed(self):
        part, labor = (
            self._consume(self.request, product) for product in (self.burner, self.labor)
        )
        self.assertEqual(part.allowed_uom_ids, self.burner.uom_id)
        self.assertLessEqual(
            self.labor.uom_id | self.env.ref("uom.product_uom_day"), labor.allowed_uom_ids
        )
        self.assertNotIn(self.burner.uom_id, labor.allowed_uom_ids)

    def test_done_consumption_is_not_deleted(self):
        part = self._consume(self.request, self.burner)
        part.action_mark_done()
        with self.assertRefused(UserError, "cancel it"):
            part.unlink()

    def test_stock_follows_whatever_is_corrected(self):
        """Of 24 on the shelves two are used; each correction goes on from the one before."""
        self.env["stock.quant"]._update_available_quantity(self.burner, self.stock, 14)
        dozen = self.env.ref("uom.product_uom_dozen")
        part = self._consume(self.request, self.burner, 2)
        for values, issued, to_issue, available in (
            ({"done_date": "2026-03-02 10:00:00"}, 2, 0, 22),
            ({"done_date": False}, 0, 2, 24),
            ({"done_date": "2026-03-02 11:00:00", "quantity": 12}, 12, 0, 12),
            ({"quantity": 1, "uom_id": dozen.id}, 1, 0, 12),
            ({"issue_stock": False}, 0, 0, 24),
            ({"issue_stock": True}, 1, 0, 12),
            ({"is_cancelled": True}, 0, 0, 24),
        ):
            part.write(values)
            self.assertEqual(
                (part.qty_issued, part.qty_to_issue, self._available()),
                (issued, to_issue, available),
                values,
            )

    def test_issued_part_does_not_become_another_one(self):
        valve = self._create_product("Valve", is_storable=True)
        part = self._consume(self.request, self.burner, 2)
        part.action_mark_done()
        with self.assertRefused(ValidationError, "Burner was taken out of stock.*Valve"):
            part.product_id = valve
        part.done_date = False
        part.product_id = valve
        part.issue_stock = False
        part.action_mark_done()
        part.product_id = self.burner
        self.assertEqual((part.qty_issued, self._available()), (2, 8), "the one that is named")

    def test_availability_of_the_part(self):
        part = self._consume(self.request, self.burner, 2)
        self.assertEqual((part.free_qty, part.forecast_qty), (10, 10))
        self.assertEqual(self._consume(self.request, self.labor).free_qty, 0)
        action = part.action_view_stock()
        quants = self.env["stock.quant"].with_user(self.call_taker).search(action["domain"])
        self.assertEqual(sum(quants.mapped("quantity")), 10)
        part.action_mark_done()
        part.invalidate_recordset()
        self.assertEqual(part.free_qty, 8)

    def test_plan_then_done(self):
        labor = self._consume(self.request, self.labor)
        labor.action_plan("2026-04-01 08:00:00", self.technician_user.id)
        self.assertRecordValues(labor, [{"state": "planned", "user_id": self.technician_user.id}])
        labor.action_mark_done("2026-04-01 10:00:00")
        self.assertEqual(labor.state, "done")
