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


class BillingCalls(ServiceBillingCommon):
    """Something of everything that can be done, in the state in which it can be done."""

    def _prepare_calls(self):
        """``{(model, method): (records, method, arguments)}``, each of them possible."""
        waiting, covered = self._closed_request(), self._request(self._deliver_machine())
        machine = covered.equipment_line_ids.equipment_id
        machine.write({"supplier_id": self.customer.id, "supplier_warranty_end": "2099-12-31"})
        part = self._consume(covered, self.burner)
        covered.action_close(undone="done")
        contract = self._create_contract({"equipment_id": machine.id}, price=10)
        instalment = self.env["service.contract.instalment"].create(
            {
                "contract_id": contract.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                "date_due": "2026-01-01",
                "amount": 10,
            }
        )
        drafted, ready, started, failed = self.env["service.billing.run"].create([{}] * 4)
        (ready | started | failed).action_prepare()
        excluded = ready.line_ids[:1].copy({"state": "skipped"})
        started.state = "running"
        failed.state = "done"
        claims = self.env["service.warranty.claim"]
        values = {"supplier_id": self.customer.id, "equipment_id": machine.id, "amount_claimed": 9}
        claim, sent, accepted, refused = claims.create([values] * 4)
        (sent | accepted | refused).action_send()
        accepted.action_accept(9)
        refused.action_refuse("Too old")
        answer = self.env["service.warranty.claim.answer"].create({"claim_id": sent.id})
        accrual = self.env["service.accrual"].create({})
        shared = self._request(self._create_equipment())
        self._consume(shared, self.labor)
        splits = self.env["service.payer.split"].create(
            [{"request_id": shared.id, "partner_id": self.customer.id}] * 2
        )
        calls = (
            (waiting, "action_invoice"),
            (shared, "action_split_payers"),
            (splits[0], "action_confirm"),
            (splits[1], "action_confirm_and_go_on"),
            (shared, "action_unsplit_payers"),
            (covered, "action_claim"),
            (part, "action_claim"),
            (contract, "action_invoice_instalments"),
            (instalment, "action_invoice"),
            (drafted, "action_prepare"),
            (drafted, "action_start"),
            (started, "action_resume"),
            (failed, "action_retry"),
            (failed, "action_post_drafts"),
            (ready.line_ids - excluded, "action_exclude"),
            (excluded, "action_include"),
            (claim, "action_send"),
            (sent, "action_accept", 9),
            (sent, "action_accept_all"),
            (sent, "action_refuse", "Too old"),
            (refused, "action_reset"),
            (accepted, "action_settle"),
            (accepted, "action_ship_parts"),
            (accepted, "action_receive_parts"),
            (answer, "action_confirm"),
            (accrual, "action_post"),
        )
        return {
            (records._name, method): (records, method, arguments)
            for records, method, *arguments in calls
        }


class ServiceAccountingCommon(ServiceBillingCommon):
    """A burner valued in real time and taxed with 20 percent, with accounts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.revenue = cls._create_account("706300", "income")
        cls.cogs = cls._create_account("603700", "expense")
        cls.stock = cls._create_account("370000", "asset_current")
        cls.vat = cls._create_account("445730", "liability_current")
        tax = cls._create_tax(20)
        (tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = cls.vat
        category = cls.env["product.category"].create(
            {
                "name": "Valued",
                "property_valuation": "real_time",
                "property_cost_method": "standard",
                "property_stock_valuation_account_id": cls.stock.id,
                "property_account_expense_categ_id": cls.cogs.id,
                "property_account_income_categ_id": cls.revenue.id,
            }
        )
        cls.burner.write(
            {"categ_id": category.id, "standard_price": 80.0, "taxes_id": [Command.set(tax.ids)]}
        )
        cls.labor.property_account_income_id = cls.revenue
        cls.receivable = cls.customer.property_account_receivable_id
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Machines"})
        cls.account = cls.env["account.analytic.account"].create(
            {"name": "Boiler 1", "plan_id": cls.plan.id}
        )
