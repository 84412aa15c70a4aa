import io
import zipfile
from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestGuards(ServiceBillingCommon):
    """What must not stop a run, leak from an agency, or go wrong in silence."""

    def _waiting(self, **values):
        return self._closed_request(**values).sudo().consumption_ids

    def test_a_manager_of_an_agency_runs_and_sees_what_is_of_the_agency(self):
        mine, other = self.env["service.agency"].create(
            [{"name": name, "code": name[0]} for name in ("Mine", "Other")]
        )
        manager = self._create_user(
            "agencymanager",
            "installed_base.group_service_manager",
            "service_billing.group_service_invoice",
        )
        mine.user_ids = manager
        here, there = self._waiting(agency_id=mine.id), self._waiting(agency_id=other.id)
        self.env.flush_all()
        self.env.invalidate_all()
        run = self.env["service.billing.run"].with_user(manager).create({})
        run.action_start()
        self.assertEqual((here.invoice_state, there.invoice_state), ("invoiced", "to_invoice"))
        for model in ("service.billing.balance", "service.margin"):
            seen = self.env[model].with_user(manager).search([]).request_id
            self.assertIn(here.request_id, seen, model)
            self.assertNotIn(there.request_id, seen, model)

    def test_a_company_that_switched_off_does_not_stop_the_runs_of_others(self):
        other = self.env["res.company"].create({"name": "Off", "service_invoicing_enabled": True})
        runs = self.env["service.billing.run"].create([{"company_id": other.id}, {}])
        consumption = self._waiting()
        runs[1].action_prepare()
        runs.state = "running"
        other.service_invoicing_enabled = False
        with self.enter_registry_test_mode():
            self.env.ref("service_billing.ir_cron_run_started").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(runs.mapped("state"), ["running", "done"])
        self.assertEqual(consumption.invoice_state, "invoiced")

    def test_requests_of_principals_are_invoiced_on_the_first_night_of_a_month(self):
        # the server was down on 1 July
        company = self.env.company
        company.service_invoice_nightly = True
        principal = self.env["res.partner"].create({"name": "Maker", "is_service_principal": True})
        for day, last, invoiced in (
            ("2026-06-15", False, False),
            ("2026-06-15", "2026-06-01", False),
            ("2026-07-02", "2026-06-01", True),
            ("2026-08-01", False, True),
        ):
            with self.subTest(day=day, last=last), freeze_time(f"{day} 10:00:00"):
                company.service_principals_invoiced_on = last
                consumption = self._waiting(principal_id=principal.id)
                with self.enter_registry_test_mode():
                    self.env.ref("service_billing.ir_cron_run_nightly").method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual(consumption.invoice_state == "invoiced", invoiced)

    def test_the_books_of_the_journal_that_is_used_are_locked(self):
        self.env.company.sale_lock_date = "2026-05-31"
        consumptions = self._waiting()
        groups = consumptions._get_billing_groups("request")
        obstacles = consumptions._get_obstacles(groups, invoice_date=date(2026, 5, 15))
        self.assertIn("locked until 05/31/2026", next(iter(obstacles.values())))
        self.assertFalse(consumptions._get_obstacles(groups, invoice_date=date(2026, 6, 15)))

    def test_charges_count_where_the_request_does(self):
        self.env.company.service_customer_plan_id = self.env["account.analytic.plan"].create(
            {"name": "Customers"}
        )
        self.customer.service_billing_charge_ids = [
            Command.create({"product_id": self._create_charge_product().id, "value": 5})
        ]
        invoice = self._invoice(self._closed_request()).sudo()
        self.assertEqual(len(invoice.invoice_line_ids), 2)
        accounts = invoice.invoice_line_ids.mapped("analytic_distribution")
        self.assertTrue(accounts[0])
        self.assertEqual(accounts[0], accounts[1])

    def test_a_distribution_that_was_typed_stays(self):
        self.env.company.service_request_plan_id = self.env["account.analytic.plan"].create(
            {"name": "Requests"}
        )
        plan = self.env["account.analytic.plan"].create({"name": "Other"})
        own = self.env["account.analytic.account"].create({"name": "Own", "plan_id": plan.id})
        request = self._request(self._create_equipment())
        first = self._consume(request, self.labor)
        first.analytic_distribution = {str(own.id): 100}
        self._consume(request, self.labor)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(first.analytic_distribution, {str(own.id): 100})

    def test_what_people_typed_is_text_in_the_annex(self):
        principal = self.env["res.partner"].create({"name": "Maker", "is_service_principal": True})
        request = self._closed_request(principal_id=principal.id, title="=1+1")
        invoice = self._invoice(request, grouping="principal").sudo()
        book = zipfile.ZipFile(io.BytesIO(invoice._render_service_annex_xlsx()))
        self.assertNotIn("<f>", book.read("xl/worksheets/sheet1.xml").decode())
        self.assertIn("=1+1", book.read("xl/sharedStrings.xml").decode())
