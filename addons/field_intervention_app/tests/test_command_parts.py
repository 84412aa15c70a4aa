from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestCommandParts(FieldAppCommon):
    def test_a_part_that_was_used_left_the_van(self):
        answer = self._send_ok(
            "consume",
            product=self.burner.id,
            quantity=2,
            at=self._now(hours=1),
            equipment=self.machine.id,
            note="Old one cracked",
        )
        consumption = self.intervention.consumption_ids
        self.assertRecordValues(
            consumption,
            [
                {
                    "state": "done",
                    "quantity": 2.0,
                    "note": "Old one cracked",
                    "user_id": self.technician_user.id,
                    "equipment_line_id": self.request.equipment_line_ids.id,
                }
            ],
        )
        self.assertEqual(answer["result"]["consumption"], consumption.id)
        self.assertEqual(self._on_hand(self.burner, self.van), 3)

    def test_more_than_the_van_holds_is_a_fact_all_the_same(self):
        self._send_ok("consume", product=self.burner.id, quantity=7, at=self._now())
        self.assertEqual(self._on_hand(self.burner, self.van), -2)

    def test_an_entry_taken_back_returns_the_part(self):
        command = self._command("consume", product=self.burner.id, quantity=2, at=self._now())
        self._push(command)
        self._send_ok("unconsume", command=command["uuid"])
        self.assertEqual(self.intervention.consumption_ids.state, "cancelled")
        self.assertEqual(self._on_hand(self.burner, self.van), 5)

    def test_a_planned_part_is_used_or_stays(self):
        self._use(self.intervention, self.burner, self.burner)
        used, kept = self.intervention.consumption_ids
        shared = {"product": self.burner.id, "at": self._now()}
        self._send_ok("consume", consumption=used.id, quantity=3, **shared)
        self._send_ok("consume", consumption=kept.id, quantity=0, **shared)
        self.assertEqual((used + kept).mapped("state"), ["done", "cancelled"])
        self.assertEqual(self._on_hand(self.burner, self.van), 2)

    def _lines(self):
        """What the technician's phone shows of the parts: (quantity, state)."""
        [row] = self._pull()["changed"]["interventions"]
        return [(line["quantity"], line["state"]) for line in row["consumptions"]]

    def test_an_answer_on_a_planned_part_is_taken_back_and_the_plan_is_as_before(self):
        """| used of two planned | lines then |; taken back: two are planned, none left the van"""
        cases = (
            (2, [(2, "done")]),
            (3, [(3, "done")]),
            (1, [(1, "todo"), (1, "done")]),
            (0, [(2, "cancelled")]),
        )
        for used, lines in cases:
            with self.subTest(used=used):
                self.intervention.consumption_ids.unlink()
                planned = self._use(self.intervention, self.burner, quantity=2)
                entry = {"consumption": planned.id, "product": self.burner.id, "at": self._now()}
                answer = self._command("consume", quantity=used, note="Cracked", **entry)
                [given] = self._push(answer)
                self.assertEqual(given["verdict"], "applied", given)
                self.assertEqual(self._lines(), lines)
                self.assertEqual(self._on_hand(self.burner, self.van), 5 - used)
                for _twice in range(2):
                    self._send_ok("unconsume", command=answer["uuid"])
                    self.assertEqual(self._lines(), [(2, "todo")])
                    self.assertEqual(self._on_hand(self.burner, self.van), 5)
                self.assertRecordValues(
                    planned, [{"note": False, "is_added_on_visit": False, "is_to_order": False}]
                )

    def test_the_rest_of_a_planned_part_was_used_before_the_first_is_taken_back(self):
        planned = self._use(self.intervention, self.burner, quantity=2)
        entry = {"consumption": planned.id, "product": self.burner.id, "at": self._now()}
        first = self._command("consume", quantity=1, **entry)
        self._push(first, self._command("consume", quantity=1, **entry))
        self._send_ok("unconsume", command=first["uuid"])
        self.assertEqual(sorted(self._lines()), [(1, "done"), (1, "todo")])
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_only_own_entries_are_offered_to_be_taken_back(self):
        self.intervention.helper_ids = self.colleague
        entry = self._command("consume", product=self.burner.id, quantity=1, at=self._now())
        self._push(entry)
        for user, offered in ((self.technician_user, entry["uuid"]), (self.colleague_user, None)):
            [row] = self._pull(user)["changed"]["interventions"]
            self.assertEqual(row["consumptions"][0].get("command"), offered)

    def test_a_refused_entry_names_its_intervention(self):
        answer = self._send("exchange", component=2**30, product=self.burner.id, at=self._now())
        self.assertRecordValues(
            self._log(answer),
            [{"verdict": "rejected", "intervention_id": self.intervention.id}],
        )

    def _finish_with_one_answer(self, **finish):
        """End a visit with two planned parts: one was used, of the other nobody said anything."""
        self._use(self.intervention, self.burner, self.burner)
        used, silent = self.intervention.consumption_ids
        entry = {"consumption": used.id, "product": self.burner.id, "quantity": 1}
        self._send_ok("step", step="arrive", at=self._now())
        self._send_ok("consume", **entry, at=self._now())
        self._send_ok("finish", **finish, at=self._now())
        self.assertEqual(used.state, "done")
        self.assertEqual(self._on_hand(self.burner, self.van), 4)
        return silent

    def test_a_planned_part_without_an_answer_goes_to_the_follow_up(self):
        silent = self._finish_with_one_answer(outcome="to_resume", reason="One is left")
        follow_up = self.request.intervention_ids - self.intervention
        self.assertEqual((silent.state, silent.intervention_id), ("todo", follow_up))

    def test_a_planned_part_without_an_answer_was_not_used_when_all_is_done(self):
        self.intervention.nature_id.sudo().is_report_required = False
        silent = self._finish_with_one_answer(outcome="done", satisfied=True)
        self.assertEqual((silent.state, self.request.state), ("cancelled", "closed"))

    def test_a_part_to_order_is_wanted_for_the_next_visit(self):
        self._send_ok("consume", product=self.burner.id, quantity=1, at=self._now(), to_order=True)
        self._send_ok("step", step="arrive", at=self._now())
        self._send_ok("finish", outcome="to_resume", at=self._now(), reason="No burner left")
        follow_up = self.request.intervention_ids - self.intervention
        self.assertTrue(follow_up.consumption_ids.is_to_order)
        self.assertEqual(self._on_hand(self.burner, self.van), 5)

    def test_a_part_to_order_is_brought_or_bought_once(self):
        stock = self.warehouse.lot_stock_id
        # as a rule vans do not stand in the warehouse: a transfer never takes from them
        self.van.location_id = self.warehouse.view_location_id
        self.env["stock.quant"]._update_available_quantity(self.burner, stock, 1)
        shared = {"product": self.burner.id, "at": self._now(), "to_order": True}
        answer = self._send_ok("consume", quantity=3, **shared)
        self.assertEqual(answer["result"]["order"], "ordered")
        orderpoint = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.burner.id), ("location_id", "=", self.van.id)]
        )
        self.assertEqual(self.intervention.sudo().picking_ids.move_ids.product_qty, 1)
        self.assertEqual(orderpoint.qty_to_order_manual, 2)
        self._send_ok("consume", quantity=4, **shared)
        self.assertEqual(
            sum(self.intervention.sudo().picking_ids.move_ids.mapped("product_qty")), 1
        )
        self.assertEqual(orderpoint.qty_to_order_manual, 6)
        with self.assertRefused(UserError, "not ordered again"):
            self.intervention.action_order_parts()

    def test_a_wish_that_cannot_be_ordered_is_kept_for_the_office(self):
        self.agency.warehouse_id = False
        self.request.warehouse_id = False
        answer = self._send_ok(
            "consume", product=self.burner.id, quantity=1, at=self._now(), to_order=True
        )
        self.assertIn("No warehouse", answer["result"]["order"])
        self.assertTrue(self._log(answer).needs_attention)
        self.assertTrue(self.intervention.consumption_ids.is_to_order)

    def test_an_ordered_part_is_used_when_it_came(self):
        shared = {"product": self.burner.id, "quantity": 1, "at": self._now()}
        self._send_ok("consume", to_order=True, **shared)
        line = self.intervention.consumption_ids
        self._send_ok("consume", consumption=line.id, **shared)
        self.assertRecordValues(line, [{"state": "done", "is_to_order": False}])
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_a_part_leaves_the_place_in_the_van_that_the_technician_names(self):
        case = self.env["stock.location"].create({"name": "Case", "location_id": self.van.id})
        self.env["stock.quant"]._update_available_quantity(self.burner, case, 2)
        shared = {"product": self.burner.id, "quantity": 1, "at": self._now()}
        self._send_ok("consume", location=case.id, **shared)
        self.assertEqual(self._on_hand(self.burner, case), 1)
        answer = self._send("consume", location=self.colleague_van.id, **shared)
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("not in your van", answer["message"])

    def test_a_helper_uses_parts_of_the_own_van(self):
        self.intervention.helper_ids = self.colleague
        self.env["stock.quant"]._update_available_quantity(self.burner, self.colleague_van, 3)
        self._pull(self.colleague_user)
        self._send_ok(
            "consume",
            user=self.colleague_user,
            product=self.burner.id,
            quantity=1,
            at=self._now(),
        )
        self._send_ok("take_back", user=self.colleague_user, product=self.burner.id, quantity=2)
        self.assertEqual(self._on_hand(self.burner, self.van), 5)
        self.assertEqual(self._on_hand(self.burner, self.colleague_van), 2)
        defective = self.colleague.defective_location_id
        self.assertEqual(self._on_hand(self.burner, defective), 2)
        rows = self._pull(self.colleague_user)["changed"]["van"]
        self.assertEqual(
            sorted((row["quantity"], row["defective"]) for row in rows), [(2, False), (2, True)]
        )

    def test_a_tracked_part_names_its_number(self):
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        shared = {"product": pump.id, "quantity": 1, "at": self._now()}
        answer = self._send("consume", **shared)
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("Pump", answer["message"])
        self._send_ok("consume", numbers=["P-1"], **shared)
        self.assertEqual(self.intervention.consumption_ids.lot_ids.name, "P-1")

    def test_an_exchange_replaces_the_part_in_the_machine(self):
        old = self.machine.installed_component_ids
        self._send_ok(
            "exchange", component=old.id, product=self.burner.id, at=self._now(), take_back=True
        )
        new = self.machine.installed_component_ids
        self.assertEqual(old.state, "removed")
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual(self.intervention.consumption_ids.product_id, self.burner)
        # one out of the van, the old one beside it
        self.assertEqual(self._on_hand(self.burner, self.van), 4)
        self.assertEqual(self._on_hand(self.burner, self.technician.defective_location_id), 1)

    def test_the_number_found_on_the_old_part_is_noted(self):
        """| tracked | number known | number found | kept as |"""
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        known = self.env["stock.lot"].create({"product_id": pump.id, "name": "P-OLD"})
        for product, lot, found in (
            (self.burner, False, "B-1"),
            (pump, False, "P-1"),
            (pump, known, "P-2"),
            (pump, known, ""),
        ):
            with self.subTest(product=product.name, known=lot and lot.name, found=found):
                part = self.env["service.equipment.component"].create(
                    {
                        "equipment_id": self.machine.id,
                        "product_id": product.id,
                        "lot_id": lot and lot.id,
                    }
                )
                self._send_ok(
                    "exchange",
                    component=part.id,
                    product=self.burner.id,
                    old_number=found,
                    at=self._now(),
                    take_back=True,
                )
                self.assertRecordValues(
                    part, [{"state": "removed", "serial_number": found or "P-OLD"}]
                )
                defective = self.technician.defective_location_id
                there = self.env["stock.quant"].search(
                    [("location_id", "=", defective.id), ("product_id", "=", product.id)]
                )
                if product.tracking == "serial":
                    self.assertIn(found or "P-OLD", there.lot_id.mapped("name"))

    def test_parts_of_other_machines_are_out_of_reach(self):
        foreign = self._create_equipment()
        part = self.env["service.equipment.component"].create(
            {"equipment_id": foreign.id, "product_id": self.burner.id}
        )
        answer = self._send("exchange", component=part.id, product=self.burner.id, at=self._now())
        self.assertEqual(answer["verdict"], "rejected")
        self.assertEqual(part.state, "installed")

    def test_a_defective_part_is_taken_along_apart_from_the_good_ones(self):
        self._send_ok("take_back", product=self.burner.id, quantity=1)
        self.assertEqual(self._on_hand(self.burner, self.van), 5)
        self.assertEqual(self._on_hand(self.burner, self.technician.defective_location_id), 1)

    def test_a_count_waits_for_the_agency(self):
        line = {"product": self.burner.id, "quantity": 4, "location": self.van.id}
        command = self._command("count", False, lines=[line])
        [answer] = self._push(command)
        self.assertEqual(answer["verdict"], "applied", answer)
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.burner.id), ("location_id", "=", self.van.id)]
        )
        self.assertRecordValues(
            quant,
            [
                {
                    "quantity": 5,
                    "inventory_quantity": 4,
                    "inventory_quantity_set": True,
                    "inventory_diff_quantity": -1,
                }
            ],
        )
        [row] = self._pull()["changed"]["van"]
        self.assertEqual((row["quantity"], row["counted"]), (5, 4))
        quant.with_user(self.dispatcher).action_apply_van_count()
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_the_van_of_a_colleague_is_out_of_reach(self):
        self.env["stock.quant"]._update_available_quantity(self.burner, self.colleague_van, 3)
        line = {"product": self.burner.id, "quantity": 0, "location": self.colleague_van.id}
        [answer] = self._push(self._command("count", False, lines=[line]))
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("is not in your van", answer["message"])
        quants = self.env["stock.quant"].search([("location_id", "=", self.colleague_van.id)])
        self.assertFalse(quants.inventory_quantity_set)
