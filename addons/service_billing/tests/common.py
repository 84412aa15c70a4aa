from odoo.addons.service_request.tests.common import ServiceRequestCommon


class ServiceBillingCommon(ServiceRequestCommon):
    """Closed requests, and an accountant who invoices them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")

    def _closed_request(self, *consumed, equipment=None, **values):
        """A closed request on which these products were consumed, one of each."""
        request = self._request(equipment or self._create_equipment(), **values)
        for product in consumed or (self.labor,):
            self._consume(request, product)
        request.action_close(undone="done")
        return request

    def _invoice(self, requests, **arguments):
        return requests.with_user(self.accountant)._create_service_invoices(**arguments)
