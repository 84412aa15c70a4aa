from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestMachines(ServiceRequestCommon):
    """The machines of a request and their components."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger", "is_company": True})
        cls.first = cls._create_equipment(serial_number="OLD-1")
        cls.second = cls._create_equipment(serial_number="OLD-2")
        cls.foreign = cls._create_equipment(
            serial_number="OLD-3", partner_id=cls.stranger.id, site_id=False
        )
        cls.filter = cls.env["ir.filters"].create(
            {
                "name": "Old boilers",
                "model_id": "service.equipment",
                "domain": "[('serial_number', 'ilike', 'OLD-')]",
                "user_ids": False,
            }
        )

    def test_machines_of_the_site_then_of_the_customer_are_proposed_and_any_serial_is_found(self):
        flat = self.env["res.partner"].create({"name": "Flat", "parent_id": self.customer.id})
        self.second.site_id = flat
        here = {"service_request_customer_id": self.customer.id}
        there = {**here, "service_request_site_id": flat.id}
        empty = {**here, "service_request_site_id": self.stranger.id}
        for context, text, found in (
            (there, "", self.second),
            (there, "OLD-", self.second),
            (there, "OLD-1", self.first),
            (here, "OLD-", self.first | self.second),
            (empty, "OLD-", self.first | self.second),
            (here, "OLD-3", self.foreign),
            ({"service_request_customer_id": self.stranger.id}, "", self.foreign),
            ({}, "OLD-", self.first | self.second | self.foreign),
        ):
            with self.subTest(context=context, text=text):
                machines = self.env["service.equipment"].with_user(self.call_taker)
                pairs = machines.with_context(**context).name_search(text)
                self.assertEqual({pair[0] for pair in pairs}, set(found.ids))

    def test_machine_of_another_site_than_the_chosen_one_is_shown_and_told(self):
        flat = self.env["res.partner"].create(
            {"name": "Flat", "type": "delivery", "parent_id": self.customer.id}
        )
        house = flat.copy({"name": "House", "parent_id": self.customer.id})
        self.first.site_id, self.second.site_id = flat, house
        machines = self.env["service.equipment"].with_user(self.call_taker)
        picker = machines.with_context(service_request_customer_id=self.customer.id)
        found = picker.web_name_search("OLD-", {"display_name": {}})
        shown = {line["id"]: line["__formatted_display_name"] for line in found}
        self.assertTrue(shown[self.first.id].endswith("\t--Flat--"))
        self.assertTrue(shown[self.second.id].endswith("\t--House--"))
        self.assertNotIn("House", self.second.display_name)
        usual = self.env["res.partner"].browse(self.customer.address_get(["delivery"])["delivery"])
        requests = self.env["service.request"].with_user(self.call_taker)
        spec = {"site_id": {"fields": {"display_name": {}}}, "equipment_id": {}, "partner_id": {}}
        other = next(site for site in flat | house if site != usual)
        target = self.first if other == house else self.second
        for chosen, machine, told in (
            (other, target, True),
            (other, (self.first | self.second) - target, False),  # stands there
            (usual, target, False),  # nobody chose the usual one
            (flat.browse(), target, False),
        ):
            with self.subTest(chosen=chosen.name, machine=machine.serial_number):
                values = {
                    "partner_id": self.customer.id,
                    "site_id": chosen.id,
                    "equipment_id": machine.id,
                }
                warning = requests.onchange(values, ["equipment_id"], spec).get("warning")
                self.assertEqual(bool(warning), told)
                if told:
                    self.assertIn(chosen.name, warning["message"])
                    self.assertIn(machine.site_id.name, warning["message"])

    def test_owner_of_the_machine_becomes_the_customer_on_demand(self):
        request = self._request(self.foreign)
        number = request.customer_number
        self.assertEqual(request.machine_owner_id, self.stranger)
        request.action_switch_customer()
        self.assertEqual(request.partner_id, self.stranger)
        self.assertEqual(request.site_id, self.stranger)
        self.assertFalse(request.machine_owner_id)
        self.assertFalse(request.customer_warning)
        own = self._request(self.first)
        own.action_switch_customer()
        self.assertEqual((own.partner_id, own.customer_number), (self.customer, number + 1))

    def test_filter_fills_the_machines_of_the_customer(self):
        request = self._request(
            equipment_mode="filtered", equipment_filter_id=self.filter.id, competence_id=False
        )
        self.assertEqual(request.equipment_line_ids.equipment_id, self.first | self.second)
        request.equipment_filter_customer_only = False
        request.action_fill_equipment()
        self.assertEqual(len(request.equipment_line_ids), 3, "those there already stay")
        self.assertEqual(len(request.equipment_line_ids.filtered("is_default")), 1)

    def test_chosen_filter_shows_its_machines_before_saving(self):
        self.env.invalidate_all()
        requests = self.env["service.request"].with_user(self.call_taker)
        with Form(requests) as form:
            form.title = "Yearly maintenance"
            form.partner_id = self.customer
            form.equipment_mode = "filtered"
            form.equipment_filter_id = self.filter
            self.assertEqual(len(form.equipment_line_ids), 2)
            form.equipment_line_ids.remove(1)
        request = form.record
        self.assertEqual(len(request.equipment_line_ids), 1, "one was taken off before saving")
        later = self._request(equipment_mode="filtered")
        later.equipment_filter_id = self.filter
        self.assertEqual(later.equipment_line_ids.equipment_id, self.first | self.second)

    def test_filter_that_finds_nothing_says_so(self):
        request = self._request(equipment_mode="filtered")
        with self.assertRefused(UserError, "Choose a filter"):
            request.action_fill_equipment()
        self.filter.domain = "[('serial_number', '=', 'NONE')]"
        request.equipment_filter_id = self.filter
        with self.assertRefused(UserError, "Old boilers.*finds no machine"):
            request.action_fill_equipment()

    def test_switching_empties_machines_and_components(self):
        request = self._request(self.first | self.second)
        request.equipment_line_ids[0].component_line_ids = [
            Command.create({"product_id": self.burner.id})
        ]
        part = self._consume(request, self.burner)
        request.action_switch_equipment_mode()
        self.assertEqual(request.equipment_mode, "filtered")
        self.assertFalse(request.equipment_line_ids | request.component_line_ids.equipment_line_id)
        self.assertFalse(request.component_line_ids)
        self.assertEqual((part.state, part.amount_to_invoice), ("cancelled", 0))
        request.action_switch_equipment_mode()
        self.assertEqual(request.equipment_mode, "listed")

    def test_type_says_how_machines_are_named(self):
        preventive = self.env["service.request.type"].create(
            {"name": "Maintenance", "code": "MNT", "equipment_mode": "filtered"}
        )
        self.assertEqual(self._request().equipment_mode, "listed")
        self.assertEqual(self._request(type_id=preventive.id).equipment_mode, "filtered")
        request = self._request(self._create_equipment(serial_number="N-1"))
        request.type_id = preventive
        self.assertEqual(request.equipment_mode, "listed")
        self.assertTrue(request.equipment_line_ids)

    def test_machine_that_was_worked_on_stays(self):
        request = self._request(self.first)
        part = self._consume(request, self.labor)
        part.action_mark_done()
        with self.assertRefused(UserError, "Work was done on"):
            request.action_switch_equipment_mode()
        self.assertEqual(request.equipment_line_ids.equipment_id, self.first)

    def test_change_of_machine(self):
        request = self._request(self.first)
        line = request.equipment_line_ids
        line.component_line_ids = [Command.create({"product_id": self.burner.id})]
        undone = self._consume(request, self.burner, component_line_id=line.component_line_ids.id)
        done = self._consume(request, self.labor)
        done.action_mark_done()
        self.assertEqual(done.amount_to_invoice, 60)
        line.equipment_id = self._deliver_machine()
        self.assertFalse(line.component_line_ids)
        self.assertEqual(undone.state, "cancelled")
        self.assertRecordValues(
            done, [{"state": "done", "equipment_line_id": line.id, "amount_to_invoice": 0}]
        )

    def test_quantity_of_a_machine(self):
        many = self._create_equipment(quantity=4)
        line = self._request(many).equipment_line_ids
        self.assertEqual(line.quantity, 4)
        line.quantity = 2
        for wrong in (0, 5, -1):
            with self.assertRefused(ValidationError, "give a number between 1 and 4"):
                line.quantity = wrong

    def test_machine_of_another_customer_is_warned_about_and_kept(self):
        request = self._request(self.foreign)
        self.assertEqual(request.equipment_line_ids.equipment_id, self.foreign)
        line = self.env["service.request.equipment"].new(
            {"request_id": request.id, "equipment_id": self.foreign.id}
        )
        self.assertIn("Stranger", line._onchange_equipment_id()["warning"]["message"])
        line.equipment_id = self.first
        self.assertIsNone(line._onchange_equipment_id())

    def test_component_of_another_machine_is_refused(self):
        component = self.env["service.equipment.component"].create(
            {"equipment_id": self.second.id, "product_id": self.burner.id}
        )
        line = self._request(self.first).equipment_line_ids
        with self.assertRefused(ValidationError, "is not part of"):
            line.component_line_ids = [Command.create({"component_id": component.id})]
        other = self._request(self.second).equipment_line_ids
        other.component_line_ids = [Command.create({"component_id": component.id})]
        self.assertEqual(other.component_line_ids.product_id, self.burner)

    def test_parts_of_the_machine_are_proposed_first_and_any_other_after_them(self):
        in_bom, installed, other = (
            self._create_product(f"Burner {name}", sequence=sequence)
            for name, sequence in (("in BOM", 9), ("installed", 9), ("of another make", -1))
        )
        self.env["service.bom"].create(
            {
                "product_tmpl_id": self.first.product_id.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": in_bom.id})],
            }
        )
        self.env["service.equipment.component"].create(
            [
                {"equipment_id": self.first.id, "product_id": installed.id},
                {"equipment_id": self.second.id, "product_id": other.id},
            ]
        )
        products = self.env["product.product"].with_user(self.call_taker)
        self.env.invalidate_all()
        chosen = products.with_context(propose_for_equipment_id=self.first.id)
        found = [product_id for product_id, _name in chosen.name_search("Burner ")]
        self.assertEqual(set(found[:2]), {in_bom.id, installed.id})
        self.assertIn(other.id, found[2:])
        found = [product_id for product_id, _name in chosen.name_search("Burner ", limit=2)]
        self.assertEqual(set(found), {in_bom.id, installed.id})
        line = self._request(self.first).equipment_line_ids
        chosen = products.with_context(propose_for_request_line_id=line.id)
        found = [product_id for product_id, _name in chosen.name_search("Burner ", limit=2)]
        self.assertEqual(set(found), {in_bom.id, installed.id})

    def test_what_is_consumed_is_proposed_before_machines_and_contracts(self):
        template = self.warranty.copy({"kind": "maintenance"})
        machine, contract, part, hour = (
            self._create_product(f"Choice {name}", **values)
            for name, values in (
                ("1 machine", {"is_equipment": True, "is_storable": True, "tracking": "serial"}),
                ("2 contract", {"type": "service", "service_contract_template_id": template.id}),
                ("3 part", {}),
                (
                    "4 hour",
                    {"type": "service", "uom_id": self.env.ref("uom.product_uom_hour").id},
                ),
            )
        )
        products = self.env["product.product"].with_user(self.call_taker)
        for kind, expected in (
            ("part", [part, hour, machine, contract]),
            ("labor", [hour, part, machine, contract]),
            (False, [part, hour, machine, contract]),
        ):
            context = {"propose_for_request_line_id": False, "propose_kind": kind}
            found = products.with_context(**context).name_search("Choice ")
            self.assertEqual([pid for pid, _name in found], [p.id for p in expected], kind)
        used = products.search([("name", "like", "Choice "), ("is_service_consumable", "=", True)])
        self.assertEqual(used, part | hour)
        self.assertEqual((machine | part).filtered("is_service_consumable"), part)

    def test_on_loan_is_marked(self):
        line = self._request(self.first).equipment_line_ids
        self.assertFalse(line.is_on_loan)
        self.first.state = "on_loan"
        self.assertTrue(line.is_on_loan)

    def test_machines_are_typed_on_the_form(self):
        with Form(self.env["service.request"].with_user(self.call_taker)) as form:
            form.equipment_id = self.first
            form.title = "Cold"
        self.assertEqual(form.record.equipment_line_ids.equipment_id, self.first)
        self.assertTrue(form.record.equipment_line_ids.is_default)

    # ------------------------------------------------------------ the default machine
    def test_header_is_corrected_and_the_first_machine_is_not_kept(self):
        requests = self.env["service.request"].with_user(self.call_taker)
        with Form(requests) as form:
            form.title = "Cold"
            form.equipment_id = self.first
            form.equipment_id = self.second
            self.assertEqual(form.equipment_id, self.second)
        request = form.record
        self.assertEqual(request.equipment_line_ids.equipment_id, self.second)
        request.equipment_id = self.first  # by RPC, nothing hangs on the line
        self.assertRecordValues(
            request.equipment_line_ids, [{"equipment_id": self.first.id, "is_default": True}]
        )
        self._consume(request, self.burner)
        self.env.flush_all()  # as between two calls
        for machine in (self.second, self.foreign):  # by RPC, then on the form
            with self.subTest(machine=machine.serial_number):
                if machine == self.second:
                    request.equipment_id = machine
                else:
                    with Form(request) as form:
                        form.equipment_id = machine
                self.assertEqual(request.equipment_id, machine)
                default = request.equipment_line_ids.filtered("is_default")
                self.assertEqual(default.equipment_id, machine)
        self.assertEqual(request.equipment_line_ids.equipment_id, self.first | self.foreign)

    def test_machines_and_another_header_are_all_kept_on_creation(self):
        request = self._request(self.first, equipment_id=self.second.id)
        self.assertEqual(request.equipment_line_ids.equipment_id, self.first | self.second)
        self.assertEqual(request.equipment_id, self.second)

    def test_ticking_another_machine_as_default_unticks_the_one_before(self):
        request = self._request(self.first | self.second)
        first, second = request.equipment_line_ids
        with Form(request.with_user(self.call_taker)) as form:
            with form.equipment_line_ids.edit(1) as line:
                line.is_default = True
            self.assertEqual(form.equipment_id, self.second)
        self.assertEqual(request.equipment_line_ids.mapped("is_default"), [False, True])
        first.is_default = True
        self.assertEqual((first | second).mapped("is_default"), [True, False])
        third = first.create(
            {"request_id": request.id, "equipment_id": self.foreign.id, "is_default": True}
        )
        self.assertEqual(request.equipment_line_ids.filtered("is_default"), third)
        self.assertEqual(request.equipment_id, self.foreign)
