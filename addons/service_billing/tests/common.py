from odoo.fields import Command

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

    def _run(self, **criteria):
        """A run of the accountant, finished."""
        run = self.env["service.billing.run"].with_user(self.accountant).create(criteria)
        run.action_start()
        return run

    @classmethod
    def _create_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {"name": f"{amount} %", "amount": amount, "type_tax_use": "sale", **values}
        )

    @classmethod
    def _create_account(cls, code, account_type, **values):
        return cls.env["account.account"].create(
            {"code": code, "name": code, "account_type": account_type, **values}
        )

    @classmethod
    def _create_charge_product(cls, name="Small supplies"):
        return cls._create_product(name, type="service", taxes_id=[Command.clear()])

    def _pay(self, invoice, **values):
        """The invoice is paid: its payment is on the way."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(values)._create_payments()

    def _balances(self, moves):
        """``{account: balance}`` of posted moves: their trial balance."""
        groups = self.env["account.move.line"]._read_group(
            [("move_id", "in", moves.ids), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {account: round(balance, 2) for account, balance in groups if round(balance, 2)}
