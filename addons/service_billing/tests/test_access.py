from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestAccess(ServiceBillingCommon):
    def test_who_may_invoice(self):
        manager = self._create_user("manager", "installed_base.group_service_manager")
        for user, allowed in (
            (self.call_taker, False),
            (self.technician_user, False),
            (self.dispatcher, False),
            (manager, True),
            (self.accountant, True),
        ):
            request = self._closed_request().with_user(user)
            if allowed:
                request._create_service_invoices()
                self.assertEqual(request.invoice_state, "invoiced", user.login)
            else:
                with self.assertRaises(AccessError, msg=user.login):
                    request._create_service_invoices()

    def test_accountant_sees_requests_but_does_not_change_them(self):
        request = self._closed_request().with_user(self.accountant)
        self.assertTrue(request.read(["amount_billable"]))
        with self.assertRaises(AccessError):
            request.title = "Changed"
