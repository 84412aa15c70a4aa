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

    def test_a_part_to_order_is_wanted_for_the_next_visit(self):
        self._send_ok("consume", product=self.burner.id, quantity=1, at=self._now(), to_order=True)
        self._send_ok("step", step="arrive", at=self._now())
        self._send_ok("finish", outcome="to_resume", at=self._now(), reason="No burner left")
        follow_up = self.request.intervention_ids - self.intervention
        self.assertTrue(follow_up.consumption_ids.is_to_order)
        self.assertEqual(self._on_hand(self.burner, self.van), 5)

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
        # one out of the van, the old one into it
        self.assertEqual(self._on_hand(self.burner, self.van), 5)

    def test_parts_of_other_machines_are_out_of_reach(self):
        foreign = self._create_equipment()
        part = self.env["service.equipment.component"].create(
            {"equipment_id": foreign.id, "product_id": self.burner.id}
        )
        answer = self._send("exchange", component=part.id, product=self.burner.id, at=self._now())
        self.assertEqual(answer["verdict"], "rejected")
        self.assertEqual(part.state, "installed")

    def test_a_defective_part_comes_into_the_van(self):
        self._send_ok("take_back", product=self.burner.id, quantity=1)
        self.assertEqual(self._on_hand(self.burner, self.van), 6)

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
        quant.action_apply_inventory()
        self.assertEqual(self._on_hand(self.burner, self.van), 4)

    def test_the_van_of_a_colleague_is_out_of_reach(self):
        self.env["stock.quant"]._update_available_quantity(self.burner, self.colleague_van, 3)
        line = {"product": self.burner.id, "quantity": 0, "location": self.colleague_van.id}
        self._push(self._command("count", False, lines=[line]))
        quants = self.env["stock.quant"].search([("location_id", "=", self.colleague_van.id)])
        self.assertFalse(quants.inventory_quantity_set)
