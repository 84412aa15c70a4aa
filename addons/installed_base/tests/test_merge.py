from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestMerge(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.manager = cls._create_user("manager", group + "manager")
        cls.dispatcher = cls._create_user("dispatcher", group + "dispatcher")
        cls.survivor = cls._create_equipment(delivery_date="2025-03-01")
        cls.duplicate = cls._create_equipment(serial_number="B-1")

    def _merge(self):
        return self.duplicate.with_user(self.manager)._merge_into(self.survivor)

    def _wizard(self, machines=None, user=None):
        return Form(
            self.env["service.equipment.merge"]
            .with_user(user or self.manager)
            .with_context(
                active_model="service.equipment",
                active_ids=(machines or self.survivor + self.duplicate).ids,
            )
        )

    # --- what moves ---

    def test_everything_that_names_the_duplicate_names_the_survivor(self):
        duplicate, survivor = self.duplicate, self.survivor
        pump = self._create_product("Pump")
        component = self.env["service.equipment.component"].create(
            {"equipment_id": duplicate.id, "product_id": pump.id}
        )
        event = duplicate._log_event("verified")
        message = duplicate.message_post(body="The pump hums")
        document = self.env["ir.attachment"].create(
            {
                "name": "plate.txt",
                "raw": b"B20",
                "res_model": duplicate._name,
                "res_id": duplicate.id,
            }
        )
        activity = duplicate.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)
        duplicate.message_subscribe(self.other_customer.ids)
        part = self._create_equipment(parent_id=duplicate.id)
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "b1", "model": duplicate._name, "res_id": duplicate.id}
        )
        self.assertEqual(self._merge(), [])
        self.assertRecordValues(component + component, [{"equipment_id": survivor.id}] * 2)
        self.assertEqual(event.equipment_id, survivor)
        self.assertEqual((message.model, message.res_id), (survivor._name, survivor.id))
        self.assertEqual(document.res_id, survivor.id)
        self.assertEqual(activity.res_id, survivor.id)
        self.assertIn(self.other_customer, survivor.message_partner_ids)
        self.assertEqual(part.parent_id, survivor)
        self.assertEqual(self.env.ref("__import__.b1"), survivor)

    def test_tags_of_both_are_kept(self):
        old, loud = self.env["service.equipment.tag"].create([{"name": "Old"}, {"name": "Loud"}])
        self.survivor.tag_ids = old
        self.duplicate.tag_ids = old + loud
        self._merge()
        self.assertEqual(self.survivor.tag_ids, old + loud)
        self.assertFalse(self.duplicate.tag_ids)

    def test_same_part_of_both_is_one_part(self):
        self.duplicate.component_ids.serial_number = "BU-7"
        kept = self.survivor.component_ids
        self._merge()
        self.assertEqual(self.survivor.component_ids, kept)
        self.assertRecordValues(kept, [{"serial_number": "BU-7", "as_sold": True}])

    def test_parts_with_different_numbers_are_two_parts(self):
        self.survivor.component_ids.serial_number = "BU-6"
        self.duplicate.component_ids.serial_number = "BU-7"
        self._merge()
        self.assertEqual(
            sorted(self.survivor.component_ids.mapped("serial_number")), ["BU-6", "BU-7"]
        )

    def test_part_inside_a_doubled_part_sits_in_the_one_that_remains(self):
        seal = self._create_product("Seal")
        inner = self.env["service.equipment.component"].create(
            {
                "equipment_id": self.duplicate.id,
                "product_id": seal.id,
                "parent_id": self.duplicate.component_ids.id,
            }
        )
        kept = self.survivor.component_ids
        self._merge()
        self.assertRecordValues(
            inner, [{"equipment_id": self.survivor.id, "parent_id": kept.id, "level": 1}]
        )

    def test_survivor_learns_what_it_did_not_know(self):
        self.duplicate.write(
            {
                "version": "2.1",
                "delivery_date": "2026-01-01",
                "installation_date": "2026-01-02",
                "note": "<p>Key at the desk</p>",
                "purchase_price": 800,
            }
        )
        self.survivor.note = "<p>Beware of the dog</p>"
        self._merge()
        self.assertRecordValues(
            self.survivor,
            [
                {
                    "serial_number": "B-1",
                    "version": "2.1",
                    "delivery_date": fields.Date.to_date("2025-03-01"),  # its own
                    "installation_date": fields.Date.to_date("2026-01-02"),
                    "purchase_price": 800.0,
                }
            ],
        )
        for text in ("Key at the desk", "Beware of the dog"):
            self.assertIn(text, self.survivor.note)

    def test_survivor_that_was_part_of_the_duplicate_is_part_of_nothing(self):
        self.survivor.parent_id = self.duplicate
        self._merge()
        self.assertFalse(self.survivor.parent_id)

    def test_follower_of_both_follows_once(self):
        for machine in self.survivor + self.duplicate:
            machine.message_subscribe(self.other_customer.ids)
        self._merge()
        followers = self.survivor.message_follower_ids.partner_id
        self.assertEqual(
            followers.filtered(lambda p: p == self.other_customer), self.other_customer
        )
        self.assertFalse(self.duplicate.message_follower_ids)

    # --- meters ---

    def _meter(self, machine, *readings):
        hours = self.env["service.meter.type"].search([("name", "=", "Burner hours")])
        hours = hours or hours.create(
            {"name": "Burner hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        meter = self.env["service.meter"].create({"equipment_id": machine.id, "type_id": hours.id})
        self.env["service.meter.reading"].create(
            [{"meter_id": meter.id, "date": date, "value": value} for date, value in readings]
        )
        return meter

    def test_readings_of_the_same_meter_are_one_series(self):
        kept = self._meter(self.survivor, ("2026-01-01", 100), ("2026-03-01", 300))
        doubled = self._meter(self.duplicate, ("2026-01-01", 100), ("2026-02-01", 180))
        self.assertEqual(self._merge(), [])
        self.assertFalse(doubled.exists())
        self.assertRecordValues(
            kept.reading_ids.sorted("date"),
            [
                {"equipment_id": self.survivor.id, "value": 100.0, "consumed": 0.0},
                {"equipment_id": self.survivor.id, "value": 180.0, "consumed": 80.0},
                {"equipment_id": self.survivor.id, "value": 300.0, "consumed": 120.0},
            ],
        )

    def test_meter_that_only_the_duplicate_has_moves(self):
        meter = self._meter(self.duplicate, ("2026-01-01", 100))
        self._merge()
        self.assertEqual(meter.equipment_id, self.survivor)
        self.assertEqual(meter.reading_ids.equipment_id, self.survivor)

    def test_readings_that_cannot_be_of_one_meter_refuse_the_merge(self):
        self._meter(self.survivor, ("2026-01-01", 100))
        self._meter(self.duplicate, ("2026-02-01", 80))
        with self.assertRefused(ValidationError, "cannot read"):
            self._merge()
        self.assertFalse(self.duplicate.merged_into_id)

    # --- conflicts ---

    def test_row_that_cannot_move_stays_and_is_told(self):
        self.survivor._log_event("verified", "seen")
        self.duplicate._log_event("verified", "seen again")
        self.env.flush_all()
        self.env.cr.execute(
            "CREATE UNIQUE INDEX ON service_equipment_event (abs(equipment_id), event_type)"
        )
        kept = self._merge()
        self.assertEqual([event.description for event in kept], ["seen again"])
        self.assertEqual(kept[0].equipment_id, self.duplicate)
        self.assertIn("and kept what this one has already", self.survivor.message_ids[0].body)

    def test_survivor_takes_over_the_delivery(self):
        self._deliver(self.machine_product, ["B20-1"])
        delivered = self.env["service.equipment"].search([("serial_number", "=", "B20-1")])
        line = delivered.delivery_move_line_id
        delivered._merge_into(self.survivor)
        self.assertRecordValues(
            self.survivor, [{"lot_id": line.lot_id.id, "delivery_move_line_id": line.id}]
        )
        self.assertFalse(line.move_id._deliver_equipment())

    def test_delivered_serial_finds_the_survivor(self):
        self.duplicate.lot_id = self._get_lots(self.machine_product, ["B-1"])
        self._merge()
        self._deliver(self.machine_product, ["B-1"], partner=self.other_customer)
        self.assertEqual(self.survivor.partner_id, self.other_customer)
        self.assertFalse(self.duplicate.active)

    # --- the trace ---

    def test_trace_is_left_on_both_sides(self):
        self._merge()
        self.assertRecordValues(
            self.duplicate, [{"active": False, "merged_into_id": self.survivor.id}]
        )
        merged = self.survivor.event_ids.filtered(lambda event: event.event_type == "merged")
        self.assertRecordValues(
            merged,
            [{"old_value": self.duplicate.display_name, "user_id": self.manager.id}],
        )
        self.assertIn(self.duplicate.code, self.survivor.message_ids[0].body)
        self.assertIn(self.survivor.code, self.duplicate.message_ids[0].body)
        self.assertEqual(self.survivor.merged_from_ids, self.duplicate)

    def test_merged_record_stays_archived(self):
        self._merge()
        with self.assertRefused(ValidationError, f"merged into {self.survivor.code}"):
            self.duplicate.action_unarchive()

    def test_survivor_of_a_merge_is_not_deleted(self):
        self._merge()
        with self.assertRefused(UserError, r"Records Merged Into This One \(1\)"):
            self.survivor.with_user(self.manager).unlink()

    def test_chain_of_merges_leads_to_the_last(self):
        last = self._create_equipment()
        self._merge()
        self.survivor._merge_into(last)
        self.assertEqual((self.duplicate + self.survivor).merged_into_id, last)

    # --- refusals ---

    def test_merged_record_is_not_merged_again(self):
        self._merge()
        with self.assertRefused(UserError, "was merged into .* already"):
            self._merge()

    def test_machines_of_two_companies_are_not_merged(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_equipment(company_id=company.id)
        with self.assertRefused(UserError, "belongs to Other Company"):
            foreign._merge_into(self.survivor)

    def test_record_is_not_merged_into_itself(self):
        with self.assertRefused(UserError, "itself"):
            self.survivor._merge_into(self.survivor)

    def test_only_a_manager_merges(self):
        with self.assertRefused(AccessError, "service.equipment.merge"):
            self._wizard(user=self.dispatcher).save()

    # --- the wizard ---

    def test_wizard_keeps_the_delivered_record_and_opens_it(self):
        with self._wizard(self.duplicate + self.survivor) as form:
            self.assertEqual(form.survivor_id, self.survivor)
            self.assertFalse(form.differences)
        action = form.record.action_merge()
        self.assertEqual(action["res_id"], self.survivor.id)
        self.assertEqual(self.duplicate.merged_into_id, self.survivor)

    def test_two_serial_numbers_must_be_confirmed(self):
        self.survivor.serial_number = "B-2"
        with self._wizard() as form:
            self.assertIn("B-1", form.differences)
        with self.assertRefused(UserError, "Serial Number: .*B-.* ≠ .*type plate"):
            form.record.action_merge()
        form.record.is_confirmed = True
        form.record.action_merge()
        self.assertEqual(self.survivor.serial_number, "B-2")

    def test_one_record_is_nothing_to_merge(self):
        with self._wizard(self.survivor) as form:
            pass
        with self.assertRefused(UserError, "at least two"):
            form.record.action_merge()

    def test_survivor_must_be_one_of_the_records(self):
        other = self._create_equipment()
        wizard = self.env["service.equipment.merge"].create(
            {
                "equipment_ids": [Command.set((self.survivor + self.duplicate).ids)],
                "survivor_id": other.id,
            }
        )
        with self.assertRefused(UserError, "none of the records"):
            wizard.action_merge()

    def test_delivery_of_a_number_that_was_merged_away_makes_its_own_machine(self):
        self.survivor.serial_number = "B-0"
        wizard = self._wizard()
        wizard.is_confirmed = True
        wizard.save().action_merge()
        self._deliver(self.machine_product, ["B-1"])
        machine = self.env["service.equipment"].search([("serial_number", "=", "B-1")])
        self.assertEqual(len(machine), 1)
        self.assertNotIn(machine, self.survivor + self.duplicate)

    def test_survivor_keeps_its_own_situation(self):
        self.duplicate.write({"state": "retired", "retirement_date": "2024-01-01"})
        other = self._create_equipment(
            partner_id=self.other_customer.id, site_id=self.other_customer.id
        )
        self.survivor.site_id = False
        (self.duplicate + other).with_user(self.manager)._merge_into(self.survivor)
        self.assertRecordValues(
            self.survivor,
            [{"retirement_date": False, "site_id": self.site.id, "partner_id": self.customer.id}],
        )
