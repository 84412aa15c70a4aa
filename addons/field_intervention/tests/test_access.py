from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.installed_base.tests.rights import RightsTable

from .common import FieldInterventionCommon

GROUP = "installed_base.group_service_"
# what employee, technician, call taker, dispatcher, manager and accountant may do
RIGHTS = {
    "service.intervention": "- rwc rwcu rwcu rwcu r",
    "service.intervention.operation": "- rwcu rwcu rwcu rwcu r",
    "service.intervention.time": "- rwcu rwcu rwcu rwcu r",
    "service.intervention.nature": "r r r r rwcu r",
    "service.operation.template": "- r r r rwcu -",
    "service.tool": "- r r rwc rwcu r",
    "service.loan": "- rc rwc rwc rwcu -",
    "service.plan": "- - r r rwcu -",
    "service.plan.part": "- - r r rwcu -",
    "service.plan.visit": "- - rw rw rwc r",
    "service.intervention.record": "- rwc rwc rwc rwc -",
    "service.intervention.exchange": "- rwc rwc rwc rwc -",
    "service.intervention.propose": "- - rwcu rwcu rwcu -",
    "service.intervention.propose.line": "- - rwcu rwcu rwcu -",
}


@tagged("post_install", "-at_install")
class TestAccess(RightsTable, FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_user = cls._create_user("other", GROUP + "technician")
        cls.other = cls.env["hr.employee"].create(
            {"name": "Olga", "user_id": cls.other_user.id, "is_technician": True}
        )
        cls.employee = cls._create_user("employee")

    def test_rights_of_each_role_on_each_model(self):
        roles = {
            "employee": self.employee,
            "technician": self.technician_user,
            "taker": self.call_taker,
            "dispatcher": self.dispatcher,
            "manager": self._create_user("boss", GROUP + "manager"),
            "accountant": self._create_user("accounts", "account.group_account_invoice"),
        }
        self.assertRights(RIGHTS, roles)

    def test_records_of_another_company_are_hidden_on_each_model(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        partner = self.customer
        product = self._create_product("Foreign machine")
        machine = self.env["service.equipment"].create(
            {
                "product_id": product.id,
                "partner_id": partner.id,
                "site_id": self.site.id,
                "company_id": company.id,
            }
        )
        plan = self.env["service.plan"].create(
            {"name": "Foreign", "product_id": product.id, "company_id": company.id}
        )
        intervention = self.env["service.intervention"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "operation_ids": [Command.create({"name": "Look"})],
                "time_ids": [Command.create({"kind": "work"})],
            }
        )
        foreign = [
            plan,
            intervention,
            intervention.operation_ids,
            intervention.time_ids,
            self.env["service.plan.visit"].create(
                {"plan_id": plan.id, "equipment_id": machine.id, "occurrence": 1}
            ),
            self.env["service.tool"].create({"name": "Lift", "company_id": company.id}),
            self.env["service.loan"].create(
                {"equipment_id": machine.id, "company_id": company.id, "product_id": product.id}
            ),
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        boss = self._create_user("boss", GROUP + "manager")
        for record in foreign:
            self.assertTrue(record, record._name)
            self.assertFalse(record.with_user(boss).has_access("read"), record._name)
            self.assertFalse(record.with_user(boss).search([("id", "=", record.id)]), record._name)

    def test_who_may_do_what_with_an_intervention(self):
        intervention = self._plan(self._request(self._create_equipment()))
        for user, rights in (
            (self.employee, ""),
            (self.other_user, ""),
            (self.technician_user, "read write create"),
            (self.call_taker, "read write create unlink"),
            (self.dispatcher, "read write create unlink"),
        ):
            allowed = [
                right
                for right in ("read", "write", "create", "unlink")
                if intervention.with_user(user).has_access(right)
            ]
            self.assertEqual(" ".join(allowed), rights, user.login)

    def test_helpers_see_the_work_of_their_team(self):
        request = self._request(self._create_equipment())
        request.action_assign_to(self.dispatcher.id)
        intervention = self._plan(request)
        self.assertFalse(request.with_user(self.other_user).has_access("read"))
        intervention.helper_ids = self.other
        self.assertTrue(intervention.with_user(self.other_user).has_access("write"))
        self.assertTrue(request.with_user(self.other_user).has_access("read"))

    def test_technician_without_hr_rights_reads_the_technician(self):
        intervention = self._plan(self._request()).with_user(self.technician_user)
        self.assertEqual(
            intervention.read(["technician_id"])[0]["technician_id"][1], "Théo Technician"
        )
        with self.assertRaises(AccessError):
            intervention.technician_id.read(["home_partner_id"])

    def test_times_and_operations_of_another_agency_are_hidden(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "L"}, {"name": "Annecy", "code": "A"}]
        )
        request = self._request(self._create_equipment(), agency_id=annecy.id)
        intervention = self._plan(request)
        intervention.operation_ids = [Command.create({"name": "Rinse"})]
        intervention.with_user(self.technician_user).action_arrive()
        lyon.user_ids = self.call_taker | self.technician_user
        for user, count in ((self.call_taker, 0), (self.technician_user, 1), (self.dispatcher, 1)):
            self.env.flush_all()
            self.env.invalidate_all()
            for model in ("service.intervention.time", "service.intervention.operation"):
                found = self.env[model].with_user(user)
                found = found.search_count([("intervention_id", "=", intervention.id)])
                self.assertEqual(found, count, f"{user.name} {model}")

    def test_who_only_reads_moves_no_parts(self):
        intervention = self._plan(self._request(self._create_equipment()))
        accountant = self._create_user("books", "account.group_account_invoice")
        for action in ("action_prepare_parts", "action_order_parts", "action_return_unused"):
            with self.assertRefused(AccessError, "(?i)not allowed"):
                getattr(intervention.with_user(accountant), action)()
        workshop = self._plan(self._request(self._create_equipment()), self.start + timedelta(1))
        workshop.intervention_type = "workshop"
        with self.assertRefused(AccessError, "(?i)not allowed"):
            workshop.with_user(accountant).action_receive_machines()

    def test_interventions_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "company_id": company.id}
        )
        self.assertEqual(foreign.agency_id.company_id, company)
        found = self.env["service.intervention"].with_user(self.dispatcher).search([])
        self.assertNotIn(foreign, found)
        technician = self.env["hr.employee"].create({"name": "Abroad", "company_id": company.id})
        for name, value in {
            "agency_id": foreign.agency_id.id,
            "technician_id": technician.id,
            "equipment_ids": [Command.set(self._create_equipment(company_id=company.id).ids)],
        }.items():
            batch = [
                {"partner_id": self.customer.id},
                {"partner_id": self.customer.id, name: value},
            ]
            with self.assertRefused(UserError, "(?i)compan"):
                self.env["service.intervention"].create(batch)

    def test_technician_sent_by_another_agency_sees_the_request(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        lyon.user_ids = self.technician_user
        request = self._request(self._create_equipment(), agency_id=annecy.id)
        request.action_assign_to(self.dispatcher.id)
        self.assertFalse(request.with_user(self.technician_user).has_access("read"))
        self._plan(request)
        self.assertTrue(request.with_user(self.technician_user).has_access("write"))


@tagged("post_install", "-at_install")
class TestTechnicianByRpc(FieldInterventionCommon, HttpCase):
    """What a technician gets who asks the server directly, beside all views."""

    def setUp(self):
        super().setUp()
        self.mine = self._plan(self._request(self._create_equipment()))
        self.colleague = self._create_technician(
            "Olga", user_id=self._create_user("olga", GROUP + "technician").id
        )
        request = self._request(self._create_equipment())
        request.action_assign_to(self.dispatcher.id)
        self.theirs = self._plan(request, self.start + timedelta(days=1))
        self.theirs.action_plan(self.colleague.id, conflict_reason="Knows the hotel")
        self.technician_user.password = "technician-password"
        self.env.flush_all()
        self.authenticate(self.technician_user.login, "technician-password")

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _refused(self, *args, **kwargs):
        with self.assertRaises(JsonRpcException) as caught, mute_logger("odoo.http"):
            self._call(*args, **kwargs)
        self.assertIn("AccessError", str(caught.exception))

    def test_own_work_only(self):
        model = "service.intervention"
        found = self._call(model, "search_read", [], ["name", "technician_id"])
        self.assertEqual([row["id"] for row in found], self.mine.ids)
        self._refused(model, "read", self.theirs.ids, ["name"])
        self._refused(model, "write", self.theirs.ids, {"findings": "Spied"})
        self._refused(model, "action_leave", self.theirs.ids)
        self._refused(model, "unlink", self.mine.ids)
        self._refused("service.request", "read", self.theirs.request_id.ids, ["title"])
        self._refused("service.plan", "search_read", [], ["name"])
        self.assertTrue(self._call(model, "action_leave", self.mine.ids))
        self.env.invalidate_all()
        self.assertEqual(self.mine.state, "on_the_way")

    def test_no_prices_and_no_private_data(self):
        self._refused("product.product", "read", self.burner.ids, ["list_price"])
        self._refused("hr.employee", "read", self.colleague.ids, ["home_partner_id"])
        board = self._call(
            "service.intervention", "get_board", "2026-01-01 00:00:00", "2026-01-02 00:00:00"
        )
        self.assertEqual([row["id"] for row in board["technicians"]], self.technician.ids)
        self.assertEqual(board["pool"], [])
