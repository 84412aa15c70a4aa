from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestRun(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.city = "Annecy"
        cls.other_customer.city = "Lyon"
        cls.other_machine = cls._create_equipment(
            partner_id=cls.other_customer.id, site_id=cls.other_customer.id
        )

    def _other_request(self):
        return self._closed_request(equipment=self.other_machine, partner_id=self.other_customer.id)

    def test_a_run_shows_what_would_be_invoiced_then_does_it(self):
        first, second = self._closed_request(), self._other_request()
        run = self.env["service.billing.run"].with_user(self.accountant).create({})
        run.action_prepare()
        self.assertRecordValues(
            run.line_ids.sorted("request_names"),
            [
                {"partner_id": self.customer.id, "amount": 60.0, "state": "todo"},
                {"partner_id": self.other_customer.id, "amount": 60.0, "state": "todo"},
            ],
        )
        self.assertEqual(first.invoice_state, "to_invoice")
        self.assertRecordValues(run, [{"amount_total": 120.0, "amount_left_out": 0.0}])
        run.line_ids.filtered(lambda line: line.request_names == second.name).action_exclude()
        self.assertRecordValues(run, [{"amount_total": 60.0, "amount_left_out": 60.0}])
        run.action_start()
        self.assertRecordValues(
            run, [{"state": "done", "ok_count": 1, "skipped_count": 1, "amount_invoiced": 60.0}]
        )
        self.assertEqual((first | second).mapped("invoice_state"), ["invoiced", "to_invoice"])
        self.assertEqual(run.line_ids.invoice_id.invoice_date, run.invoice_date)
        run.line_ids.invoice_id.unlink()
        self.assertRecordValues(run, [{"ok_count": 0, "skipped_count": 2, "amount_invoiced": 0.0}])
        self.assertEqual(first.invoice_state, "to_invoice")

    def test_all_drafts_of_a_run_are_posted_and_what_cannot_be_says_why(self):
        for _number in range(3):
            self._closed_request()
        run = self._run()
        self.assertEqual(run.draft_count, 3)
        [bad, *_good] = run.line_ids
        bad.sudo().invoice_id.invoice_line_ids.unlink()
        manager = self._create_user("chief", "installed_base.group_service_manager")
        self.env.invalidate_all()
        with self.assertRefused(AccessError, "."):
            run.with_user(manager).action_post_drafts()
        run.action_post_drafts()
        self.assertEqual(run.line_ids.mapped("invoice_status"), ["draft", "posted", "posted"])
        self.assertIn("Not posted", bad.reason)
        self.assertEqual(run.draft_count, 1)

    def test_an_empty_run_says_why(self):
        def reason(**criteria):
            run = self.env["service.billing.run"].with_user(self.accountant).create(criteria)
            run.action_prepare()
            return run.empty_reason

        self.assertIn("Everything is invoiced", reason())
        self.assertIn("not closed yet", reason() if self._open_request() else "")
        self._closed_request()
        self.assertFalse(reason())
        elsewhere = {"partner_id": self.other_customer.id}
        self.assertIn("Without « Customer », 1", reason(**elsewhere))
        self.assertIn("Without « Closed from », 1", reason(closed_from="2999-01-01"))
        self.assertIn("Without « Grouping », 1", reason(grouping="principal"))
        self.assertIn(
            "meets these criteria together", reason(closed_from="2999-01-01", **elsewhere)
        )

    def _open_request(self):
        request = self._request(self._create_equipment())
        self._consume(request, self.labor, done_date="2026-01-05 10:00:00")
        return request

    def test_criteria(self):
        request, other = self._closed_request(), self._other_request()
        principal = self.env["res.partner"].create(
            {"name": "Brand", "is_service_principal": True, "city": "Paris"}
        )
        old = self._closed_request()
        # a minute to midnight in Lyon
        old.sudo().close_date = "2026-01-31 22:59:00"
        late = self._closed_request()
        late.sudo().close_date = "2026-01-31 23:00:00"
        self.env.user.tz = "Europe/Paris"
        ordered = self._closed_request(principal_id=principal.id)
        # what is done for a principal waits for the run of the principals
        everything = request | other | old | late
        for criteria, expected in (
            ({}, everything),
            ({"partner_id": self.other_customer.id}, other),
            ({"closed_to": "2026-01-31"}, old),
            ({"closed_to": "2026-01-30"}, everything.browse()),
            ({"closed_from": "2026-02-01"}, everything - old),
            ({"principal_id": principal.id}, ordered),
            ({"grouping": "principal"}, ordered),
            ({"agency_id": self.agency.id}, everything),
            ({"contract_kind": "maintenance"}, everything.browse()),
        ):
            run = self.env["service.billing.run"].create(criteria)
            run.action_prepare()
            self.assertEqual(run.line_ids.consumption_ids.request_id, expected, criteria)
        # half of the labour is covered by a contract: the other half is found by its kind
        machine = self._create_equipment()
        self._create_contract({"equipment_id": machine.id, "labor_rate": 50})
        partly = self._closed_request(equipment=machine)
        journal = self.env["account.journal"].create(
            {"name": "Service", "code": "SERV", "type": "sale"}
        )
        run = self._run(contract_kind="maintenance", journal_id=journal.id)
        self.assertEqual(run.line_ids.consumption_ids.request_id, partly)
        self.assertRecordValues(
            run.line_ids.invoice_id, [{"journal_id": journal.id, "amount_untaxed": 30.0}]
        )

    def test_one_invoice_per_customer(self):
        requests = self._closed_request() | self._closed_request() | self._other_request()
        run = self._run(grouping="customer")
        self.assertEqual(run.ok_count, 2)
        self.assertEqual(run.line_ids.invoice_id.service_request_ids, requests)

    def test_a_broken_request_is_isolated_with_its_reason(self):
        good, negative, homeless = (self._closed_request() for _number in range(3))
        negative.consumption_ids.sudo().amount_to_invoice = -5
        homeless.sudo().invoice_partner_id = self.env["res.partner"].create({"name": "Nowhere"})
        run = self._run()
        found = {line.request_names: (line.state, line.reason) for line in run.line_ids}
        self.assertEqual(found[good.name], ("ok", False))
        self.assertEqual(found[negative.name][0], "failed")
        self.assertIn("negative amount", found[negative.name][1])
        self.assertIn("no address", found[homeless.name][1])
        self.assertEqual(run.state, "done")
        negative.consumption_ids.sudo().amount_to_invoice = 5
        run.action_retry()
        self.assertEqual(negative.invoice_state, "invoiced")

    def test_an_error_nobody_foresaw_stops_one_line_only(self):
        good, bad = self._closed_request(), self._closed_request()
        consumptions = self.env.registry["service.consumption"]
        prepare = consumptions._prepare_service_invoice

        def fail(records, key, parts):
            if bad in records.union(*parts.values()).request_id:
                raise ValueError("No ink")
            return prepare(records, key, parts)

        with patch.object(consumptions, "_prepare_service_invoice", fail):
            run = self._run()
        found = {line.request_names: (line.state, line.reason) for line in run.line_ids}
        self.assertEqual(found, {good.name: ("ok", False), bad.name: ("failed", "No ink")})

    def test_what_was_invoiced_meanwhile_is_skipped(self):
        request = self._closed_request()
        run = self.env["service.billing.run"].with_user(self.accountant).create({})
        run.action_prepare()
        invoice = self._invoice(request)
        run.action_start()
        self.assertRecordValues(
            run.line_ids, [{"state": "skipped", "reason": "Nothing is left to invoice."}]
        )
        self.assertEqual(request.with_user(self.accountant).invoice_ids, invoice)

    def test_the_background_goes_on_where_the_run_was_stopped(self):
        requests = self._closed_request() | self._closed_request() | self._closed_request()
        run = self.env["service.billing.run"].with_user(self.accountant).create({})
        run.action_prepare()
        run.line_ids[0]._invoice()
        run.sudo().state = "running"
        with self.enter_registry_test_mode():
            self.env.ref("service_billing.ir_cron_run_started").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(set(requests.mapped("invoice_state")), {"invoiced"})
        self.assertEqual(len(run.line_ids.invoice_id), 3)

    def test_nightly_run(self):
        self.env.company.service_invoice_nightly = True
        request = self._closed_request()
        cron = self.env.ref("service_billing.ir_cron_run_nightly")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(request.invoice_state, "invoiced")
        self.assertEqual(self.env["service.billing.run"].search_count([]), 1)

    def test_invoicing_of_many_takes_few_queries(self):
        def queries(number):
            requests = self.env["service.request"].union(
                *(self._closed_request() for _number in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests._create_service_invoices()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        few, many = queries(2), queries(12)
        self.assertLessEqual((many - few) / 10, 0.5)

    def test_the_switch_refuses_on_the_server(self):
        self._closed_request()
        run = self.env["service.billing.run"].with_user(self.accountant).create({})
        run.action_prepare()
        self.env.company.service_invoicing_enabled = False
        for refused in (run.action_prepare, run.action_start):
            with self.assertRefused(UserError, "switched off"):
                refused()

    def test_who_may_start_a_run(self):
        self._closed_request()
        with self.assertRaises(AccessError):
            self.env["service.billing.run"].with_user(self.call_taker).create({})
        manager = self._create_user("manager", "installed_base.group_service_manager")
        run = self.env["service.billing.run"].with_user(manager).create({})
        run.action_start()
        self.assertEqual(run.ok_count, 1)

    def test_a_started_run_is_kept(self):
        self._closed_request()
        run = self._run()
        with self.assertRefused(UserError, "is kept"):
            run.unlink()
        with self.assertRefused(UserError, "only possible while"):
            run.action_prepare()

    def test_a_run_that_is_started_twice_invoices_once(self):
        request = self._closed_request()
        run = self._run()
        run.action_start()
        run.action_resume()
        self.assertEqual((run.state, run.ok_count), ("done", 1))
        self.assertEqual(len(request.sudo().invoice_ids), 1)
        with self.assertRefused(UserError, "only possible while"):
            self.env["service.billing.run"].create({}).action_resume()
