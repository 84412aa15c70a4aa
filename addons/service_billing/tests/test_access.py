from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.installed_base.tests.rights import RightsTable

from .common import BillingCalls

# what call taker, technician, dispatcher, manager, accountant and sales director may do
RIGHTS = {
    "service.billing.run": "- - - rwcu rwcu -",
    "service.billing.charge": "rwcu - rwcu rwcu rwcu rwcu",
    "service.billing.balance": "- - - r r -",
    "service.contract.instalment": "r - r r r r",
    "service.usage.line": "r - r r r r",
    "service.warranty.claim": "- - - rwcu rwcu -",
    "service.warranty.budget": "- - - rwcu rwcu -",
    "service.margin": "- - - r r r",
    "service.salesperson.base": "- - - r r r",
    "account.move": "- - - - rwcu -",
    "service.request": "rwc rwc rwc rwcu r rwc",
}

# what other apps do goes on, and the documents of what was invoiced can be read
CRUD = ("create", "write", "unlink", "copy_data")
GOES_ON = {
    ("account.move", "button_draft"),
    ("account.move", "button_cancel"),
    ("account.move", "action_download_service_annex"),
    ("service.contract", "action_terminate"),
    ("service.contract", "action_withdraw_termination"),
}


@tagged("post_install", "-at_install")
class TestAccess(RightsTable, BillingCalls):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "installed_base.group_service_manager")
        cls.director = cls._create_user("director", "installed_base.group_service_sales_director")

    def test_rights_of_each_role(self):
        users = (
            self.call_taker,
            self.technician_user,
            self.dispatcher,
            self.manager,
            self.accountant,
            self.director,
        )
        self.assertRights(RIGHTS, {user.login: user for user in users})

    def test_who_may_invoice(self):
        for user, allowed in (
            (self.call_taker, False),
            (self.technician_user, False),
            (self.dispatcher, False),
            (self.manager, True),
            (self.accountant, True),
        ):
            request = self._closed_request().with_user(user)
            self.env.invalidate_all()
            if allowed:
                request._create_service_invoices()
                self.assertEqual(request.invoice_state, "invoiced", user.login)
            else:
                with self.assertRaises(AccessError, msg=user.login):
                    request._create_service_invoices()

    def test_accountant_sees_requests_but_does_not_change_them(self):
        request = self._closed_request().with_user(self.accountant)
        self.env.invalidate_all()
        self.assertTrue(request.read(["amount_billable", "amount_margin"]))
        with self.assertRaises(AccessError):
            request.title = "Changed"

    def test_costs_are_for_managers_and_accounting(self):
        request = self._closed_request()
        self.env.invalidate_all()
        for user in (self.call_taker, self.dispatcher, self.technician_user):
            with self.assertRaises(AccessError, msg=user.login):
                request.with_user(user).consumption_ids.read(["amount_cost"])

    def test_accountants_find_service_in_invoicing(self):
        menus = self.env["ir.ui.menu"]
        menu = self.env.ref("service_billing.service_menu_invoicing")
        for user, found in ((self.accountant, True), (self.call_taker, False)):
            self.assertEqual(
                menu.id in menus.with_user(user)._visible_menu_ids(), found, user.login
            )

    def _list_methods(self):
        """``{(model, method)}``: the methods of this addon that a client may call by name."""
        package = "odoo.addons.service_billing."
        return {
            (name, method)
            for name, model in self.env.registry.items()
            for part in model.mro()
            if part.__module__.startswith(package)
            for method, value in vars(part).items()
            if callable(value)
            and not method.startswith("_")
            and method not in CRUD
            and not any(
                getattr(getattr(part, method, None), "_api_private", False) for part in model.mro()
            )
        }

    def test_the_switch_hides_and_refuses(self):
        calls = self._prepare_calls()
        self.env.flush_all()
        shown = {found for found in self._list_methods() if found[1].startswith("action_view_")}
        self.assertEqual(
            self._list_methods() - shown - GOES_ON, set(calls), "what is off refuses everything"
        )
        self.env.company.service_invoicing_enabled = False
        hidden = self.env["ir.ui.menu"].with_user(self.accountant)._load_menus_blacklist()
        self.assertIn(self.env.ref("service_billing.service_menu_invoicing").id, hidden)
        for (model, method), (records, _method, arguments) in calls.items():
            with (
                self.subTest(model=model, method=method),
                self.assertRefused(UserError, "switched off"),
            ):
                getattr(records.sudo(), method)(*arguments)
        values = {"supplier_id": self.customer.id, "claim_type": "repair"}
        with self.assertRefused(UserError, "switched off"):
            self.env["service.warranty.claim"].with_user(self.accountant).create(values)
        with self.assertRefused(UserError, "switched off"):
            self._invoice(calls["service.request", "action_invoice"][0])

    def test_companies_do_not_see_each_other(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("stranger", "account.group_account_invoice")
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        request = self._closed_request()
        self.env["service.billing.run"].create({})
        self.env.flush_all()
        self.env.invalidate_all()
        for model in ("service.billing.run", "service.billing.balance", "service.margin"):
            self.assertTrue(self.env[model].with_user(self.accountant).search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            request.with_user(stranger)._create_service_invoices()
