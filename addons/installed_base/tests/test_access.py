from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestAccess(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.technician = cls._create_user("technician", group + "technician")
        cls.call_taker = cls._create_user("calltaker", group + "user")
        cls.manager = cls._create_user("manager", group + "manager")
        cls.storekeeper = cls._create_user("storekeeper", "stock.group_stock_user")
        cls.employee = cls._create_user("employee")
        cls.equipment = cls._create_equipment()

    def test_who_may_do_what_with_a_machine(self):
        for user, rights in (
            (self.employee, ""),
            (self.storekeeper, "read"),
            (self.technician, "read write create"),
            (self.call_taker, "read write create"),
            (self.manager, "read write create unlink"),
        ):
            equipment = self.equipment.with_user(user)
            allowed = [
                right
                for right in ("read", "write", "create", "unlink")
                if equipment.has_access(right)
            ]
            self.assertEqual(" ".join(allowed), rights, user.login)

    def test_nobody_changes_the_history(self):
        event = self.equipment._log_event("verified")
        for user in (
            self.technician,
            self.call_taker,
            self.manager,
            self.env.ref("base.user_admin"),
        ):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"description": "never happened"})
            with self.assertRaises(AccessError):
                event.with_user(user).unlink()
            with self.assertRaises(AccessError):
                event.with_user(user).create(
                    {"equipment_id": self.equipment.id, "event_type": "verified"}
                )

    def test_no_group_changes_the_history_by_remote_calls(self):
        event = self.equipment._log_event("verified")
        category = self.env.ref("installed_base.module_category_after_sales")
        groups = self.env["res.groups"].search([("privilege_id.category_id", "=", category.id)])
        self.assertGreater(len(groups), 4)
        everything = self._create_user("boss", "base.group_system", "stock.group_stock_manager")
        everything.group_ids |= groups
        machine = self.equipment.id
        for user in (everything, self.env.ref("base.user_admin")):
            for model, method, *args in (
                ("service.equipment.event", "write", [event.id], {"description": "never"}),
                ("service.equipment.event", "unlink", [event.id]),
                ("service.equipment.event", "create", {"equipment_id": machine}),
                ("service.equipment.event", "web_save", [event.id], {"new_value": "x"}, {}),
                ("service.equipment", "write", [machine], {"event_ids": [Command.clear()]}),
                (
                    "service.equipment",
                    "write",
                    [machine],
                    {"event_ids": [Command.update(event.id, {"date": "2020-01-01"})]},
                ),
            ):
                self.env.invalidate_all()
                with self.assertRefused(AccessError, "Equipment Event"):
                    call_kw(self.env[model].with_user(user), method, args, {})
        self.assertTrue(event.exists())

    def test_history_stays_even_where_rights_were_given(self):
        event = self.equipment._log_event("verified")
        self.env["ir.model.access"].create(
            {
                "name": "a mistake",
                "model_id": self.env["ir.model"]._get_id(event._name),
                "group_id": self.env.ref("base.group_user").id,
                "perm_write": True,
                "perm_unlink": True,
            }
        )
        for change in (lambda e: e.write({"description": "never"}), lambda e: e.unlink()):
            with self.assertRefused(AccessError, "what happened cannot be changed or deleted"):
                change(event.with_user(self.manager))

    def test_parts_and_sector_rules_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other"})
        agency = self.env["service.agency"].search([("company_id", "=", company.id)], limit=1)
        sector = self.env["service.sector"].create(
            {
                "name": "Far",
                "agency_id": agency.id,
                "rule_ids": [Command.create({"zip_prefix": "9"})],
            }
        )
        bom = self.env["service.bom"].create(
            {
                "product_tmpl_id": self.burner.product_tmpl_id.id,
                "company_id": company.id,
                "line_ids": [Command.create({"product_id": self.burner.id})],
            }
        )
        for record in (sector.rule_ids, bom.line_ids):
            self.assertFalse(record.with_user(self.manager).has_access("write"), record._name)

    def test_technician_sees_no_prices(self):
        self.equipment.sudo().sale_price = 4000
        with self.assertRaises(AccessError):
            self.equipment.with_user(self.technician).read(["sale_price"])
        self.assertTrue(self.equipment.with_user(self.call_taker).read(["sale_price"]))

    def test_storekeeper_delivers_and_makes_the_installed_base(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.site.id,
                "order_line": [Command.create({"product_id": self.machine_product.id})],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.unlink()
        lot = self._get_lots(self.machine_product, ["S-1"])
        self.env["stock.move.line"].create(
            {
                "move_id": picking.move_ids.id,
                "picking_id": picking.id,
                "product_id": self.machine_product.id,
                "lot_id": lot.id,
                "quantity": 1,
            }
        )
        picking.move_ids.picked = True
        picking.with_user(self.storekeeper).button_validate()
        self.assertEqual(
            self.env["service.equipment"].search([("lot_id", "=", lot.id)]).partner_id,
            self.customer,
        )

    def test_machines_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        agency = self.env["service.agency"].search([("company_id", "=", company.id)])
        self.assertEqual(len(agency), 1, "a new company gets its agency")
        foreign = self._create_equipment(company_id=company.id)
        self.assertEqual(foreign.agency_id, agency)
        found = self.env["service.equipment"].with_user(self.manager).search([])
        self.assertIn(self.equipment, found)
        self.assertNotIn(foreign, found)

    def test_first_warehouse_of_a_company_serves_its_agency(self):
        company = self.env["res.company"].create({"name": "Third Company"})
        agency = self.env["service.agency"].search([("company_id", "=", company.id)])
        agency.warehouse_id = False
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Depot", "code": "DEP", "company_id": company.id}
        )
        self.assertEqual(agency.warehouse_id, warehouse)
