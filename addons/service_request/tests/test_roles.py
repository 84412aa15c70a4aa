from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.installed_base.tests.rights import RightsTable

from .common import GROUP, ServiceRequestCommon

# what each role may do, in the order of ``roles``: read, write, create, unlink
MATRIX = {
    # what happens
    "service.request": "- - rwc rwc rwc rwcu r r",
    "service.request.equipment": "- - rwc rwcu rwcu rwcu r r",
    "service.request.component": "- - rwc rwcu rwcu rwcu r r",
    "service.request.stage.history": "- - r r r r r r",
    "service.consumption": "- - rwcu rwcu rwcu rwcu r r",
    "service.time.log": "- - rwc rwcu rwcu rwcu r -",
    "service.escalation": "- - r r r r r r",
    # what is known
    "service.solution": "- r rwc rwc rwc rwcu r r",
    "service.solution.keyword": "- r rwc rwc rwc rwcu r r",
    "service.solution.category": "- r r r r rwcu r r",
    # what is set up
    "service.queue": "- r r r r rwcu r r",
    "service.severity": "- r r r r rwcu r r",
    "service.request.stage": "- r r r r rwcu r r",
    "service.request.type": "- r r r r rwcu r r",
    "service.tag": "- r r r r rwcu r r",
    "service.tag.axis": "- r r r r rwcu r r",
    "service.fault.code": "- r r r r rwcu r r",
    "service.escalation.rule": "- r r r r rwcu r r",
    "service.time.product": "- - r r r rwcu - -",
    # what is asked
    "service.consumption.done": "- - rwc rwc rwc rwc - -",
    "service.consumption.done.line": "- - rwc rwc rwc rwc - -",
    "service.consumption.plan": "- - rwc rwc rwc rwc - -",
    "service.request.close": "- - rwc rwc rwc rwc - -",
    "service.request.close.line": "- - rwc rwc rwc rwc - -",
    "service.request.assign": "- - - rwc rwc rwc - -",
    "service.request.assign.line": "- - - rwc rwc rwc - -",
    "service.request.merge": "- - - rwc rwc rwc - -",
    "service.request.split": "- - - rwc rwc rwc - -",
    "service.request.activity": "- - rwc rwc rwc rwc - -",
    "service.coverage.confirm": "- - - rwc rwc rwc - -",
    "service.solution.search": "- - rwc rwc rwc rwc - -",
    "service.solution.search.line": "- - rwc rwc rwc rwc - -",
}


@tagged("post_install", "-at_install")
class TestRoles(RightsTable, ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.portal = cls._create_user("visitor")
        cls.portal.group_ids = [Command.set(cls.env.ref("base.group_portal").ids)]
        cls.portal.partner_id.parent_id = cls.customer
        cls.roles = {
            "portal": cls.portal,
            "employee": cls._create_user("employee"),
            "technician": cls.technician_user,
            "taker": cls.call_taker,
            "dispatcher": cls.dispatcher,
            "manager": cls.manager,
            "accountant": cls._create_user("accountant", "account.group_account_invoice"),
            "seller": cls._create_user("seller", "sales_team.group_sale_salesman"),
        }

    def test_who_may_do_what_with_each_model(self):
        self.assertRights(MATRIX, self.roles)
        self.assertComplete(MATRIX, "service_request")

    def test_a_customer_in_the_portal_reads_nothing_of_the_back_office(self):
        request = self._request(self._deliver_machine())
        self._consume(request, self.labor)
        self.env.invalidate_all()
        for record in (
            request,
            request.equipment_line_ids,
            request.consumption_ids,
            request.stage_history_ids,
        ):
            with self.assertRefused(AccessError, "."):
                record.with_user(self.portal).read(["display_name"])

    def test_technicians_see_the_parts_of_requests_that_they_see(self):
        machine = self._deliver_machine()
        own, foreign = self._request(machine), self._request(machine)
        foreign.action_assign_to(self.dispatcher.id)
        seller = self._create_user("helper", GROUP + "technician", "sales_team.group_sale_salesman")
        rule = self.env.ref("service_request.service_escalation_rule_late")
        for request in own | foreign:
            self._consume(request, self.labor)
            line = request.equipment_line_ids
            self.env["service.request.component"].create(
                {"equipment_line_id": line.id, "product_id": self.burner.id}
            )
            self.env["service.escalation"].create(
                {"request_id": request.id, "rule_id": rule.id, "cause": "late"}
            )
        self.env.invalidate_all()
        for name in (
            "equipment_line_ids",
            "component_line_ids",
            "consumption_ids",
            "stage_history_ids",
            "escalation_ids",
        ):
            everything = own[name] | foreign[name]
            for user, seen in (
                (self.technician_user, own[name]),
                (seller, everything),
                (self.call_taker, everything),
                (self.roles["accountant"], everything),
            ):
                found = everything.with_user(user).search([("id", "in", everything.ids)])
                self.assertEqual(found, seen, f"{user.login}: {name}")
        with self.assertRefused(AccessError, "."):
            foreign.equipment_line_ids.with_user(self.technician_user).coverage_to_confirm = True

    def test_who_may_only_read_moves_nothing(self):
        """Buttons work through stock that their user has no right on: the right is asked first."""
        request = self._request()
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.burner, stock, 5)
        kept = self._consume(request, self.burner, 2)
        kept.action_reserve()
        free = self._consume(request, self.burner)
        solution = self.env["service.solution"].create({"title": "Reset it"})
        for role, record, method in (
            ("portal", kept, "action_release"),
            ("accountant", kept, "action_release"),
            ("seller", kept, "action_release"),
            ("portal", free, "action_reserve"),
            ("accountant", free, "action_reserve"),
            ("portal", solution, "action_mark_helpful"),
            ("seller", solution, "action_mark_helpful"),
        ):
            self.env.invalidate_all()
            with self.subTest(role=role, method=method), self.assertRefused(AccessError, "."):
                getattr(record.with_user(self.roles[role]), method)()
        self.assertEqual((kept.qty_reserved, free.qty_reserved), (2, 0))

    def test_parts_of_requests_of_other_agencies_are_hidden_from_staff(self):
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        request = self._request(self._deliver_machine(), agency_id=self.agency.id)
        self._consume(request, self.labor)
        parts = (request.equipment_line_ids, request.consumption_ids, request.stage_history_ids)
        for agency, seen in ((lyon, False), (self.agency, True)):
            (lyon | self.agency).user_ids = False
            agency.user_ids = self.dispatcher
            self.env.invalidate_all()
            for part in parts:
                found = part.with_user(self.dispatcher).search([("id", "in", part.ids)])
                self.assertEqual(bool(found), seen, f"{agency.name}: {part._name}")

    def test_nothing_of_another_company_is_seen_or_used(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        abroad = self.env(context={"allowed_company_ids": other.ids})
        machine = abroad["service.equipment"].create(
            {
                "product_id": self.machine_product.id,
                "partner_id": self.customer.id,
                "company_id": other.id,
            }
        )
        request = abroad["service.request"].create(
            {
                "partner_id": self.customer.id,
                "title": "Abroad",
                "company_id": other.id,
                "equipment_line_ids": [Command.create({"equipment_id": machine.id})],
            }
        )
        consumption = abroad["service.consumption"].create(
            {"request_id": request.id, "product_id": self.labor.id}
        )
        log = abroad["service.time.log"].create(
            {
                "request_id": request.id,
                "start": "2026-03-02 08:00:00",
                "stop": "2026-03-02 09:00:00",
            }
        )
        queue = abroad["service.queue"].create(
            {"name": "Abroad", "code": "ABR", "company_id": other.id}
        )
        foreign = (
            request,
            request.equipment_line_ids,
            request.stage_history_ids,
            consumption,
            log,
            queue,
        )
        self.env.invalidate_all()
        for record in foreign:
            found = self.env[record._name].with_user(self.manager).search([])
            self.assertFalse(found & record.with_user(self.manager), record._name)
        with self.assertRefused(UserError, "(?i)compan"):
            self._request(machine.with_env(self.env))
        with self.assertRefused(UserError, "(?i)compan"):
            self._request(agency_id=request.agency_id.id)
        own = self._request()
        with self.assertRefused(UserError, "(?i)compan"):
            own.sudo().queue_id = queue.with_env(self.env)
            self.env.flush_all()
