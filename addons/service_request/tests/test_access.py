from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestAccess(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")
        cls.employee = cls._create_user("employee")

    def test_who_may_do_what_with_a_request(self):
        request = self._request()
        for user, rights in (
            (self.employee, ""),
            (self.accountant, "read"),
            (self.technician_user, "read write create"),
            (self.call_taker, "read write create"),
            (self.dispatcher, "read write create"),
            (self.manager, "read write create unlink"),
        ):
            allowed = [
                right
                for right in ("read", "write", "create", "unlink")
                if request.with_user(user).has_access(right)
            ]
            self.assertEqual(" ".join(allowed), rights, user.login)

    def test_parameters_are_for_managers(self):
        stage = self.env.ref("service_request.service_request_stage_new")
        self.assertFalse(stage.with_user(self.dispatcher).has_access("write"))
        self.assertTrue(stage.with_user(self.manager).has_access("write"))

    def test_technician_sees_own_requests_and_those_of_own_queues(self):
        own, foreign = self._request(), self._request()
        foreign.action_assign_to(self.dispatcher.id)
        queue = self.env["service.queue"].create(
            {"name": "Line", "code": "LINE", "user_ids": [Command.set(self.technician_user.ids)]}
        )
        waiting = self._request()
        waiting.action_send_to_queue(queue.id)
        found = self.env["service.request"].with_user(self.technician_user).search([])
        self.assertEqual(found & (own | foreign | waiting), own | waiting)
        waiting.with_user(self.technician_user).action_take()
        self.assertEqual(waiting.user_id, self.technician_user)

    def test_technician_consumes_without_seeing_prices(self):
        request = self._request()
        labor = (
            self.env["service.consumption"]
            .with_user(self.technician_user)
            .create({"request_id": request.id, "product_id": self.labor.id})
        )
        labor.action_mark_done()
        with self.assertRaises(AccessError):
            labor.read(["amount_consumed"])
        with self.assertRaises(AccessError):
            request.with_user(self.technician_user).read(["amount_billable"])
        self.assertEqual(labor.sudo().amount_consumed, 60)

    def test_staff_of_an_agency_sees_only_its_requests(self):
        lyon = self.env["service.agency"].create(
            {"name": "Lyon", "code": "LYO", "user_ids": [Command.set(self.dispatcher.ids)]}
        )
        here = self._request(agency_id=lyon.id)
        elsewhere = self._request(agency_id=self.agency.id)
        requests = self.env["service.request"]
        self.assertEqual(requests.with_user(self.dispatcher).search([]) & (here | elsewhere), here)
        self.assertEqual(
            requests.with_user(self.call_taker).search([]) & (here | elsewhere), here | elsewhere
        )
        lyon.user_ids = False
        self.assertIn(elsewhere, requests.with_user(self.dispatcher).search([]))

    def test_requests_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = (
            self.env["service.request"]
            .with_company(company)
            .create({"partner_id": self.customer.id, "title": "Abroad", "company_id": company.id})
        )
        self.assertEqual(foreign.agency_id.company_id, company)
        self.assertNotIn(foreign, self.env["service.request"].with_user(self.manager).search([]))

    def test_staff_who_follow_a_link_are_told_whose_request_it_is(self):
        request = self._request()
        annecy = self.env["service.agency"].create(
            {"name": "Annecy", "code": "ANN", "user_ids": [Command.set(self.dispatcher.ids)]}
        )
        self.env.invalidate_all()
        with self.assertRefused(
            AccessError, f"{request.name} belongs to the agency {self.agency.name}"
        ):
            request.with_user(self.dispatcher).web_read({"title": {}})
        request.agency_id = annecy
        self.env.invalidate_all()
        self.assertEqual(request.with_user(self.dispatcher).title, "No hot water")
