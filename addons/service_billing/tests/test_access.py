from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.installed_base.tests.rights import RightsTable

from .common import ServiceBillingCommon

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


@tagged("post_install", "-at_install")
class TestAccess(RightsTable, ServiceBillingCommon):
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

    def test_the_switch_hides_and_refuses(self):
        request = self._closed_request()
        contract = self.env["service.contract"].create({"partner_id": self.customer.id})
        run = self.env["service.billing.run"].with_user(self.accountant).create({})
        claims = self.env["service.warranty.claim"].with_user(self.accountant)
        values = {"supplier_id": self.customer.id, "note": "A defect", "claim_type": "repair"}
        claim, sent = claims.create([values, values])
        sent.action_send()
        ready, started = run.create([{}, {}])
        (ready | started).action_prepare()
        started.sudo().state = "running"
        accrual = self.env["service.accrual"].create({})
        answer = self.env["service.warranty.claim.answer"].with_user(self.accountant)
        self.env.company.service_invoicing_enabled = False
        hidden = self.env["ir.ui.menu"].with_user(self.accountant)._load_menus_blacklist()
        self.assertIn(self.env.ref("service_billing.service_menu_invoicing").id, hidden)
        for refused in (
            lambda: self._invoice(request),
            run.action_prepare,
            run.action_start,
            ready.action_start,
            ready.line_ids.action_exclude,
            started.action_resume,
            accrual.action_post,
            answer.create({"claim_id": sent.id}).action_confirm,
            contract.with_user(self.accountant).action_invoice_instalments,
            lambda: claims.create(values),
            claim.action_send,
            lambda: sent.action_accept(10),
            lambda: sent.action_refuse("Too old"),
            sent.action_reset,
            sent.action_settle,
        ):
            with self.assertRefused(UserError, "switched off"):
                refused()

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
