from datetime import date

from odoo.tests import freeze_time, tagged

from .common import ServiceAccountingCommon

NIGHT = "2026-12-31 23:30:00"


@tagged("post_install", "-at_install")
class TestLocalDays(ServiceAccountingCommon):
    """Half past eleven of the year's last day in UTC: it is the next year in Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create({"name": "Paris", "tz": "Europe/Paris"})
        cls.env["service.agency"].search([]).resource_calendar_id = calendar
        cls.supplier = cls.env["res.partner"].create({"name": "Rhenania"})
        cls.machine = cls._deliver_machine()
        cls.machine.write({"supplier_id": cls.supplier.id, "supplier_warranty_end": "2027-01-01"})

    def _run_crons(self, *names):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            for name in names:
                self.env.ref(f"service_billing.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    @freeze_time(NIGHT)
    def test_what_is_done_at_night_is_of_the_day_where_the_agency_is(self):
        new_year = date(2027, 1, 1)
        deferral = self._create_account("487000", "liability_current")
        self.env.company.write(
            {"service_invoice_nightly": True, "service_deferral_account_id": deferral.id}
        )
        contract = self.env["service.contract"].create(
            {
                "partner_id": self.customer.id,
                "kind": "maintenance",
                "date_start": "2026-12-01",
                "product_id": self.labor.id,
                "price": 31.0,
                "invoice_interval": 1,
                "invoice_interval_unit": "month",
            }
        )
        contract.action_activate()
        december = contract.sudo()._create_instalment_invoices(date(2026, 12, 31))
        december.invoice_date = "2026-12-01"
        december.action_post()
        principal = self.env["res.partner"].create({"name": "Maker", "is_service_principal": True})
        requests = self._closed_request() | self._closed_request(principal_id=principal.id)
        covered = self._closed_request(self.burner, equipment=self.machine).consumption_ids
        known = self.env["account.move"].search([])
        self._run_crons("run_nightly", "instalments", "claims", "given_parts", "recognition")
        self.assertEqual(
            requests.sudo().invoice_ids.mapped("invoice_date"),
            [new_year] * 2,
            "the first of a month too",
        )
        self.assertEqual(contract.instalment_ids.mapped("state"), ["invoiced"] * 2)
        claim = covered.sudo().warranty_claim_id
        self.assertEqual((claim.date, claim.deadline), (new_year, new_year))
        self.assertTrue(claim.activity_ids)
        entries = (self.env["account.move"].search([]) - known).filtered(
            lambda move: move.move_type == "entry"
        )
        self.assertEqual(
            {move.date: self._balances(move) for move in entries},
            {
                new_year: {self.cogs: 80.0, self.stock: -80.0},
                date(2026, 12, 31): {deferral: 31.0, self.revenue: -31.0},
            },
        )

    @freeze_time(NIGHT)
    def test_work_is_of_the_day_where_its_agency_is(self):
        self.labor.standard_price = 30.0
        budgets = self.env["service.warranty.budget"].create(
            [
                {
                    "name": str(year),
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "amount": 100,
                }
                for year in (2026, 2027)
            ]
        )
        covered = self._closed_request(equipment=self.machine).consumption_ids
        self.assertEqual(covered.claim_deadline, date(2027, 1, 1))
        self.env.flush_all()
        self.assertEqual([budget.amount_spent for budget in budgets], [0.0, 30.0])
        self.env.invalidate_all()
        self.assertEqual(budgets[::-1].mapped("amount_spent"), [30.0, 0.0])
        request = self._closed_request(
            analytic_distribution={str(self.account.id): 100},
        )
        invoice = self._invoice(request).sudo()
        self.assertIn("01/01/2027", invoice.invoice_line_ids.name)
        self.assertEqual(invoice._get_service_annex()[0]["date"], "2027-01-01")
        cost = self.env["account.analytic.line"].search([("service_request_id", "=", request.id)])
        self.assertEqual(cost.date, date(2027, 1, 1))
        self.env.flush_all()
        margin = self.env["service.margin"].search([("request_id", "=", request.id)])
        self.assertEqual(margin.date, date(2027, 1, 1))
