from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import InstalledBaseCommon

TODAY = fields.Date.to_date("2026-06-15")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestComponent(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("technician", "installed_base.group_service_technician")
        cls.burner_b = cls._create_product("Burner B", is_storable=True)
        cls.burner_c = cls._create_product("Burner C", is_storable=True)
        cls.burner_x = cls._create_product("Burner X", is_storable=True)
        cls.bom_line = cls.machine_product.service_bom_ids.line_ids
        cls.equipment = cls._create_equipment()
        cls.part = cls.equipment.component_ids

    def _substitutes(self, *parts):
        self.bom_line.substitute_ids = [
            Command.create({"product_id": product.id, "supersedes": supersedes})
            for product, supersedes in parts
        ]

    def _wizard(self, component=None, user=None):
        action = (
            (component or self.part).with_user(user or self.env.user).action_replace_component()
        )
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.env.user)
            .with_context(**action["context"])
        )

    def _types(self):
        return self.equipment.event_ids.mapped("event_type")

    def test_lines_of_a_service_bom_are_named_by_their_part_and_position(self):
        plain = self.bom_line.copy({"position": False})
        self.assertEqual((self.bom_line + plain).mapped("display_name"), ["Burner (P1)", "Burner"])
        self.assertEqual(
            self.env["service.bom.line"].name_search("Burner", [("bom_id", "=", plain.bom_id.id)]),
            [(plain.id, "Burner"), (self.bom_line.id, "Burner (P1)")][::-1],
        )

    # --- which part ---

    def test_latest_superseding_part_comes_first_then_the_part_then_the_interchangeable(self):
        self._substitutes(
            (self.burner_x, False), (self.burner_b, "2025-01-01"), (self.burner_c, "2026-06-15")
        )
        self.assertEqual(
            list(self.part._find_replacement_parts(TODAY)[self.part]),
            [self.burner_c, self.burner_b, self.burner, self.burner_x],
        )

    def test_part_that_supersedes_later_is_not_proposed_yet(self):
        self._substitutes((self.burner_c, "2026-06-16"))
        self.assertEqual(list(self.part._find_replacement_parts(TODAY)[self.part]), [self.burner])

    def test_substitute_that_is_installed_finds_what_supersedes_it(self):
        self._substitutes((self.burner_b, "2025-01-01"), (self.burner_c, "2026-01-01"))
        installed = self.part._replace(self.burner_b, date="2025-06-01")
        parts = installed._find_replacement_parts(TODAY)[installed]
        self.assertEqual(parts[0], self.burner_c)

    def test_part_unknown_to_the_bom_is_replaced_by_its_like(self):
        pump = self._create_product("Pump")
        part = self.env["service.equipment.component"].create(
            {"equipment_id": self.equipment.id, "product_id": pump.id}
        )
        self.assertEqual(list(part._find_replacement_parts(TODAY)[part]), [pump])

    def test_line_of_the_position_decides_between_two_of_the_same_part(self):
        bom = self.bom_line.bom_id
        bom.line_ids = [
            Command.create(
                {
                    "product_id": self.burner.id,
                    "position": "P2",
                    "substitute_ids": [
                        Command.create({"product_id": self.burner_b.id, "supersedes": "2025-01-01"})
                    ],
                }
            )
        ]
        machine = self._create_equipment()
        first, second = machine.component_ids
        found = machine.component_ids._find_replacement_parts(TODAY)
        self.assertEqual((found[first][0], found[second][0]), (self.burner, self.burner_b))

    def test_part_is_no_substitute_of_itself(self):
        with self.assertRefused(ValidationError, "cannot substitute itself"):
            self._substitutes((self.burner, False))

    # --- the wizard ---

    def test_technician_replaces_a_part_by_what_supersedes_it(self):
        self._substitutes((self.burner_c, "2026-01-01"))
        with self._wizard(user=self.technician) as form:
            self.assertEqual(form.product_id, self.burner_c)
            self.assertIn("supersedes", form.superseded_note)
            form.serial_number = "C-77"
        form.record.action_confirm()
        self.assertRecordValues(
            self.equipment.installed_component_ids,
            [
                {
                    "product_id": self.burner_c.id,
                    "serial_number": "C-77",
                    "position": "P1",
                    "install_date": TODAY,
                    "difference": "replacement",
                }
            ],
        )
        self.assertRecordValues(
            self.part,
            [{"state": "removed", "removal_date": TODAY, "difference": "replaced"}],
        )
        self.assertEqual(self.part.current_id, self.equipment.installed_component_ids)
        self.assertEqual(self._types(), ["component_replaced"])

    def test_history_names_parts_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.company.partner_id.lang = "fr_FR"
        self.burner.with_context(lang="fr_FR").name = "Brûleur"
        self.burner_b.with_context(lang="fr_FR").name = "Brûleur B"
        self.part._replace(self.burner_b)
        self.assertRecordValues(
            self.equipment.event_ids.filtered(lambda e: e.event_type == "component_replaced"),
            [{"old_value": "Brûleur", "new_value": "Brûleur B"}],
        )

    def test_another_day_leaves_the_part_and_number_that_were_chosen(self):
        self._substitutes((self.burner_c, "2026-01-01"))
        with self._wizard() as form:
            form.product_id = self.burner
            form.serial_number = "A-1"
            form.date = fields.Date.to_date("2026-06-14")
            self.assertEqual((form.product_id, form.serial_number), (self.burner, "A-1"))

    def test_number_unknown_to_the_stock_is_added_to_it(self):
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        with self._wizard(user=self.technician) as form:
            form.product_id = pump
            form.serial_number = " P-1 "
        form.record.action_confirm()
        new = self.equipment.installed_component_ids
        self.assertEqual((new.lot_id.name, new.lot_id.product_id), ("P-1", pump))

    def test_number_known_to_the_stock_is_taken_from_it(self):
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        lot = self._get_lots(pump, ["P-1"])
        with self._wizard() as form:
            form.product_id = pump
            form.serial_number = "P-1"
        form.record.action_confirm()
        self.assertEqual(self.equipment.installed_component_ids.lot_id, lot)

    def test_tracked_part_without_its_number_is_refused(self):
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        wizard = self.env["service.equipment.component.replace"].create(
            {"component_id": self.part.id, "product_id": pump.id}
        )
        with self.assertRefused(UserError, "Pump is tracked by number.*Boiler B20"):
            wizard.action_confirm()

    def test_number_of_another_product_is_refused(self):
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        lot = self._get_lots(pump, ["P-1"])
        with self.assertRefused(UserError, "P-1 is one of Pump, not of Burner"):
            self.part._replace(self.burner, lot)

    def test_number_installed_elsewhere_is_pointed_out(self):
        other = self._create_equipment()
        other.component_ids.serial_number = "S-5"
        with self._wizard() as form:
            self.assertFalse(form.elsewhere_note)
            form.serial_number = "S-5"
            self.assertIn(other.code, form.elsewhere_note)

    def test_replacement_before_the_installation_is_refused(self):
        self.part.install_date = "2026-02-01"
        with self.assertRefused(UserError, "2026-02-01.*2026-01-31"):
            self.part._replace(self.burner, date="2026-01-31")

    def test_salesperson_replaces_nothing(self):
        salesperson = self._create_user("sales", "sales_team.group_sale_salesman")
        with self.assertRefused(AccessError, "component.replace"):
            self._wizard(user=salesperson).save()

    # --- supplier warranty ---

    def test_supplier_warranty_runs_from_the_replacement_of_a_part_without_receipt(self):
        supplier = self.env["res.partner"].create({"name": "Burnermaker"})
        self.burner_b.write(
            {
                "supplier_warranty_months": 12,
                "seller_ids": [Command.create({"partner_id": supplier.id})],
            }
        )
        new = self.part._replace(self.burner_b, date="2026-01-31")
        self.assertRecordValues(
            new,
            [
                {
                    "supplier_id": supplier.id,
                    # twelve months less one day, both days included
                    "supplier_warranty_end": fields.Date.to_date("2027-01-30"),
                }
            ],
        )

    def test_supplier_warranty_runs_from_the_purchase_receipt_of_the_number(self):
        supplier = self.env["res.partner"].create({"name": "Pumpmaker"})
        pump = self._create_product(
            "Pump", is_storable=True, tracking="serial", supplier_warranty_months=24
        )
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "order_line": [Command.create({"product_id": pump.id, "product_qty": 1})],
            }
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.move_ids.move_line_ids.write({"lot_name": "P-9", "quantity": 1})
        receipt.move_ids.picked = True
        receipt.button_validate()
        receipt.move_ids.date = "2026-03-10 10:00:00"
        new = self.part._replace(pump, self._get_lots(pump, ["P-9"]), date="2026-06-01")
        self.assertRecordValues(
            new,
            [
                {
                    "supplier_id": supplier.id,
                    "supplier_warranty_end": fields.Date.to_date("2028-03-09"),
                }
            ],
        )

    def test_part_without_supplier_warranty_has_no_end(self):
        self.assertFalse(self.part._replace(self.burner_b).supplier_warranty_end)

    # --- the tree ---

    def _assembly(self):
        pump, seal = self._create_product("Pump"), self._create_product("Seal")
        values = {"equipment_id": self.equipment.id}
        components = self.env["service.equipment.component"]
        assembly = components.create({**values, "product_id": pump.id, "position": "P2"})
        inner = components.create(
            {**values, "product_id": seal.id, "position": "1", "parent_id": assembly.id}
        )
        return assembly, inner

    def test_tree_is_sorted_by_position_each_assembly_before_its_parts(self):
        assembly, inner = self._assembly()
        late = self.env["service.equipment.component"].create(
            {"equipment_id": self.equipment.id, "product_id": self.burner.id, "position": "P10"}
        )
        tree = self.equipment.component_ids.sorted("tree_key")
        self.assertEqual(
            [(part, part.level) for part in tree],
            [(self.part, 0), (assembly, 0), (inner, 1), (late, 0)],
        )

    def test_part_moves_in_the_tree_with_its_assembly(self):
        assembly, inner = self._assembly()
        assembly.position = "A"
        self.env.flush_all()
        self.assertEqual(
            list(
                self.env["service.equipment.component"].search(
                    [("equipment_id", "=", self.equipment.id)]
                )
            ),
            [assembly, inner, self.part],
        )

    def test_parts_of_a_replaced_assembly_stay_in_the_new_one(self):
        assembly, inner = self._assembly()
        new = assembly._replace(assembly.product_id)
        self.assertRecordValues(inner, [{"parent_id": new.id, "state": "installed", "level": 1}])

    def test_parts_of_a_replaced_assembly_may_go_with_it(self):
        assembly, inner = self._assembly()
        with self._wizard(assembly) as form:
            form.keep_parts = False
        form.record.action_confirm()
        self.assertRecordValues(inner, [{"parent_id": assembly.id, "state": "removed"}])

    def test_removing_an_assembly_removes_its_parts(self):
        assembly, inner = self._assembly()
        assembly.action_remove()
        self.assertRecordValues(assembly + inner, [{"state": "removed", "removal_date": TODAY}] * 2)
        with self.assertRefused(UserError, "already been removed"):
            assembly.action_remove()

    def test_component_is_no_part_of_itself(self):
        assembly, inner = self._assembly()
        with self.assertRefused(ValidationError, "part of itself"):
            assembly.parent_id = inner

    # --- history ---

    def test_replacement_is_one_event_dated_on_its_day(self):
        self.part._replace(self.burner_b, date="2026-03-01", source=self.customer)
        self.assertRecordValues(
            self.equipment.event_ids,
            [
                {
                    "event_type": "component_replaced",
                    "date": fields.Datetime.to_datetime("2026-03-01 12:00:00"),
                    "old_value": "Burner",
                    "new_value": "Burner B",
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                }
            ],
        )

    def test_parts_of_the_bom_make_no_event(self):
        self.assertFalse(self.equipment.event_ids)

    def test_part_added_by_whomever_is_in_the_history(self):
        components = self.env["service.equipment.component"].with_user(self.technician)
        with Form(components.with_context(default_equipment_id=self.equipment.id)) as form:
            form.product_id = self.burner_x
        self.assertRecordValues(
            self.equipment.event_ids,
            [
                {
                    "event_type": "component_added",
                    "old_value": False,
                    "new_value": "Burner X",
                    "user_id": self.technician.id,
                }
            ],
        )
        added = self.equipment.component_ids - self.part
        self.assertEqual(added.difference, "added")

    def test_part_removed_by_whomever_is_in_the_history(self):
        self.part.with_user(self.technician).write({"state": "removed"})
        self.assertRecordValues(
            self.equipment.event_ids,
            [{"event_type": "component_removed", "old_value": "Burner", "new_value": False}],
        )
        self.assertRecordValues(self.part, [{"difference": "removed", "removal_date": TODAY}])

    def test_deleted_part_is_in_the_history(self):
        part = self.env["service.equipment.component"].create(
            {"equipment_id": self.equipment.id, "product_id": self.burner_x.id}
        )
        part.unlink()
        self.assertEqual(self._types(), ["component_removed", "component_added"])

    def test_number_noted_later_is_in_the_history(self):
        self.part.serial_number = "B-1"
        self.assertRecordValues(
            self.equipment.event_ids,
            [{"event_type": "modified", "old_value": "Burner", "new_value": "Burner (B-1)"}],
        )

    def test_writing_what_is_there_already_is_no_event(self):
        self.part.write({"state": "installed", "product_id": self.burner.id})
        self.assertFalse(self.equipment.event_ids)

    def test_what_stands_in_the_place_follows_the_chain(self):
        second = self.part._replace(self.burner_b)
        third = second._replace(self.burner_c)
        self.assertEqual(self.part.current_id, third)
        third._remove()
        self.assertFalse(self.part.current_id)

    def test_what_was_sold_is_not_denied(self):
        other = self._create_equipment()
        part = self.part.with_user(self.technician)
        for values, told in (
            ({"as_sold": False}, "mark it as removed"),
            ({"equipment_id": other.id}, "remove it there, and add it to the other machine"),
        ):
            with self.assertRefused(UserError, told):
                part.write(values)
        with self.assertRefused(ValidationError, "before it was installed"):
            part.write({"install_date": "2026-03-01", "removal_date": "2026-02-01"})
        with self.assertRefused(UserError, "in the future"):
            part._replace(self.burner_b, date=fields.Date.to_date("2026-06-16"))
        part.quantity = 2
        event = self.equipment.event_ids[0]
        self.assertEqual(
            (event.event_type, event.old_value, event.new_value),
            ("modified", "Burner", "2 × Burner"),
        )
