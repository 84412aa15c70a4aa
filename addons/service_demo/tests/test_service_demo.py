from datetime import date

from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file


@tagged("post_install", "-at_install")
class TestServiceDemo(TransactionCase):
    """The demo data, loaded once; the database that has it already is looked at as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("service_demo.company", raise_if_not_found=False):
            convert_file(
                cls.env, "service_demo", "demo/service_demo.xml", {}, "init", noupdate=True
            )
        cls.company = cls.env.ref("service_demo.company")
        # who looks around: the administrator, who starts in the demo company
        cls.env = cls.env(user=cls.env.ref("base.user_admin"))
        cls.machines = cls._search("service.equipment")
        cls.requests = cls._search("service.request")
        cls.interventions = cls._search("service.intervention")
        cls.contracts = cls._search("service.contract")

    @classmethod
    def _search(cls, model):
        return cls.env[model].search([("company_id", "=", cls.company.id)])

    def _assert_every(self, records, field, values):
        """Each of these values is found on some record."""
        self.assertFalse(set(values) - set(records.mapped(field)), field)

    def test_administrator_starts_in_the_demo_company(self):
        self.assertEqual(self.env.company, self.company)
        self.assertGreater(len(self.env.user.company_ids), 1)
        self.assertEqual(self.company.currency_id.name, "EUR")

    def test_three_agencies_with_staff_hours_and_stock(self):
        agencies = self._search("service.agency")
        self.assertEqual(set(agencies.mapped("code")), {"LYO", "GRE", "ANN"})
        for agency in agencies:
            for field in ("manager_id", "user_ids", "resource_calendar_id", "warehouse_id"):
                self.assertTrue(agency[field], f"{agency.name}: {field}")

    def test_technicians_are_ready_to_leave(self):
        technicians = self.env["hr.employee"].search([("is_technician", "=", True)])
        self.assertEqual(len(technicians), 8)
        for technician in technicians:
            for field in (
                "competence_ids",
                "technician_sector_ids",
                "technician_agency_ids",
                "parent_id",
            ):
                self.assertTrue(technician[field], f"{technician.name}: {field}")
            van = technician.stock_location_id
            self.assertTrue(self.env["stock.quant"].search_count([("location_id", "=", van.id)]))

    def test_staff_log_in_with_their_name(self):
        user = self.env.ref("service_demo.user_claire")
        credential = {"type": "password", "login": "claire", "password": "claire"}
        self.assertEqual(
            user.with_user(user)._check_credentials(credential, {"interactive": False})["uid"],
            user.id,
        )

    def test_no_stock_is_negative(self):
        self.assertFalse(
            self.env["stock.quant"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("location_id.usage", "=", "internal"),
                    ("quantity", "<", 0),
                ]
            )
        )

    def test_about_two_hundred_machines_stand_at_their_owners(self):
        self.assertTrue(190 <= len(self.machines) <= 220, len(self.machines))
        self._assert_every(
            self.machines, "state", ("in_service", "in_repair", "on_loan", "returned", "retired")
        )
        self._assert_every(self.machines, "certainty", ("as_sold", "reported", "verified"))
        for machine in self.machines:
            self.assertEqual(machine.site_id.commercial_partner_id, machine.partner_id)
        simple = self.machines.filtered(lambda m: not m.child_ids)
        self.assertEqual(len(simple.product_id), 12)
        self.assertFalse(simple.filtered(lambda m: not m.component_ids))

    def test_delivered_machines_tell_where_they_come_from(self):
        delivered = self.machines.filtered("delivery_move_line_id")
        self.assertTrue(140 <= len(delivered) <= 165, len(delivered))
        for machine in delivered:
            order = machine.sale_line_id.order_id
            self.assertTrue(order.date_order.date() <= machine.delivery_date)
            self.assertTrue(machine.supplier_id)
            self.assertTrue(machine.supplier_warranty_start <= machine.delivery_date)
            self.assertTrue(machine.warranty_end >= machine.delivery_date)

    def test_superseded_parts_and_descriptions_are_there_to_be_found(self):
        boiler = self.machines.filtered(
            lambda m: m.product_id == self.env.ref("service_demo.product_wall_boiler")
        )[:1]
        self.assertEqual(dict(boiler.properties), {"power": 24, "energy": "Gaz"})
        board = boiler.component_ids.filtered(
            lambda part: part.product_id == self.env.ref("service_demo.part_board")
        )
        self.assertEqual(
            board._find_replacement_parts(date.today())[board][:1],
            self.env.ref("service_demo.part_board_2"),
        )

    def test_replaced_components_stay_in_the_history(self):
        replaced = self.machines.component_ids.filtered(lambda c: c.state == "removed")
        self.assertGreater(len(replaced), 5)
        self.assertFalse(replaced.filtered(lambda c: not c.replaced_by_id))

    def test_contracts_of_the_three_kinds_in_every_state(self):
        self._assert_every(self.contracts, "kind", ("warranty", "maintenance", "points"))
        maintenance = self.contracts.filtered(lambda c: c.kind == "maintenance")
        self.assertGreaterEqual(len(maintenance), 25)
        self._assert_every(
            maintenance, "state", ("draft", "active", "suspended", "expired", "terminated")
        )
        self.assertTrue(maintenance.filtered("sale_line_id"))
        self.assertTrue(maintenance.filtered("previous_contract_id"))
        points = self.contracts.filtered(lambda c: c.kind == "points")
        self.assertEqual(len(points), 5)
        self.assertTrue(all("debit" in c.points_move_ids.mapped("kind") for c in points))

    def test_contracts_show_limits_nearly_used_meters_and_renewals_to_offer(self):
        rates = self.contracts.limited_coverage_ids.mapped("use_rate")
        self.assertTrue([rate for rate in rates if 80 <= rate < 100], rates)
        metered = self.contracts.filtered(lambda c: c.meter_term_ids and c.renewal == "quote")
        self.assertEqual(len(metered.meter_term_ids.tier_ids), 3)
        self.assertEqual(metered.state, "active")
        self.assertLessEqual(metered.next_renewal_date, self.env["service.demo"]._today())
        meters = metered.equipment_ids.meter_ids.filtered("value")
        self.assertTrue(meters, "its machines are read")

    def test_warranties_cover_the_machines_of_their_customer(self):
        warranties = self.contracts.filtered(lambda c: c.kind == "warranty")
        self._assert_every(warranties, "state", ("active", "expired"))
        for warranty in warranties:
            covered = warranty.coverage_ids.equipment_id
            self.assertEqual(covered.partner_id, warranty.partner_id)

    def test_no_contract_is_in_force_beyond_its_promises(self):
        today = self.env["service.demo"]._today()
        for contract in self.contracts.filtered(lambda c: c.state == "active" and c.date_end):
            ends = [contract.date_end, *contract.coverage_ids.mapped("date_end")]
            self.assertTrue(max(ends) >= today, contract.name)

    def test_requests_in_every_situation(self):
        self.assertTrue(55 <= len(self.requests) <= 80, len(self.requests))
        for field, values in {
            "state": ("open", "closed", "cancelled"),
            "coverage": ("full", "partial", "none", "contract", "sale", "goodwill", "direct"),
            "coverage_mode": ("auto", "manual"),
            "assignment": ("dispatch", "user", "queue", "sales"),
            "sla_state": ("on_track", "at_risk", "failed", "met"),
            "invoice_state": ("nothing", "to_invoice", "invoiced"),
            "origin": ("phone", "email", "field"),
        }.items():
            self._assert_every(self.requests, field, values)
        self.assertEqual(len(self.requests.stage_id), 5)
        self.assertEqual(
            set(self.requests.consumption_ids.mapped("kind")), {"part", "labor", "travel"}
        )

    def test_mail_to_a_queue_becomes_a_request_of_the_sender(self):
        contact = self.requests.contact_id.filtered("email")[:1]
        queue = self.env["service.queue"].search([("code", "=", "POOL")])
        self.assertEqual(queue.alias_email, "piscine@thermalp-bleu.example.com")
        mail = "\r\n".join(
            (
                "Message-Id: <pool-1@customer.example.com>",
                f"From: {contact.email}",
                f"To: {queue.alias_email}",
                "Subject: Le robot ne demarre plus",
                "",
                "Il reste au fond.",
            )
        )
        request = self.env["service.request"].browse(
            self.env["mail.thread"].message_process(None, mail)
        )
        self.assertRecordValues(
            request,
            [
                {
                    "title": "Le robot ne demarre plus",
                    "origin": "email",
                    "queue_id": queue.id,
                    "contact_id": contact.id,
                    "partner_id": contact.commercial_partner_id.id,
                }
            ],
        )

    def test_requests_happened_in_order(self):
        for request in self.requests.filtered(lambda r: r.state == "closed"):
            self.assertTrue(request.date < request.close_date, request.name)
            self.assertFalse(
                request.consumption_ids.filtered(lambda c: c.state not in ("done", "cancelled"))
            )
            steps = request.stage_history_ids.sorted("id").mapped("date")
            self.assertEqual(steps, sorted(steps))

    def test_interventions_in_every_state(self):
        asked = self.interventions.filtered(lambda i: not i.plan_visit_ids)
        self.assertTrue(40 <= len(asked) <= 55, len(asked))
        self._assert_every(
            self.interventions,
            "state",
            [state for state, _label in self.interventions._fields["state"].selection],
        )
        for intervention in self.interventions.filtered(lambda i: i.state == "done"):
            self.assertTrue(intervention.request_id.date <= intervention.arrival_date)
            onsite = intervention.intervention_type == "onsite"
            self.assertTrue(intervention.hours_work)
            self.assertEqual(bool(intervention.hours_travel), onsite, intervention.name)
            travel = intervention.consumption_ids.filtered(lambda line: line.kind == "travel")
            self.assertEqual(bool(travel), onsite, intervention.name)
            self.assertEqual(bool(intervention.signature), onsite, intervention.name)
            self.assertTrue(intervention.report)
            self.assertEqual(intervention.request_id.state, "closed")
        kinds = self.interventions.attachment_ids.mapped("service_photo_kind")
        self.assertEqual(set(kinds), {"before", "after"})
        for intervention in self.interventions.filtered("technician_id"):
            homes = intervention.technician_id.technician_agency_ids
            self.assertIn(intervention.agency_id, homes)

    def test_a_plan_for_each_trigger_with_visits_in_every_state(self):
        plans = self._search("service.plan")
        triggers = dict(plans._fields["trigger"].selection)
        self.assertEqual(set(plans.mapped("trigger")), set(triggers))
        self._assert_every(plans, "creates", ("request_intervention", "request", "intervention"))
        self._assert_every(plans.visit_ids, "state", ("forecast", "scheduled", "done", "missed"))
        self.assertFalse(plans.visit_ids.filtered("error"))
        measured = plans.visit_ids.intervention_id.operation_ids.filtered("value_max")
        self.assertTrue(measured)

    def test_tools_loans_and_workshop(self):
        tools = self._search("service.tool")
        self.assertTrue(tools.filtered(lambda tool: tool.check_date < date.today()))
        self.assertTrue(tools.intervention_ids)
        loans = self._search("service.loan")
        self._assert_every(loans, "state", ("draft", "lent"))
        late = loans.filtered(lambda loan: loan.date_due < date.today())
        self.assertEqual(late.mapped("activity_ids.user_id.login"), ["julien"])
        self.assertTrue(loans.intervention_id)
        van = self.env.ref("service_demo.van_hugo")
        rules = self.env["stock.warehouse.orderpoint"].search([("location_id", "=", van.id)])
        self.assertTrue(rules.filtered(lambda rule: rule.qty_to_order > 0))
        self.assertTrue(rules.filtered(lambda rule: not rule.qty_to_order))

    def test_some_requests_are_invoiced_with_tax_and_others_wait(self):
        invoices = self.requests.invoice_ids
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        for_principals = invoices.filtered("service_request_ids.principal_id")
        self.assertEqual(len(invoices - for_principals), 12)
        self.assertTrue(all(for_principals.mapped("service_annex_id")))
        for invoice in invoices:
            self.assertAlmostEqual(invoice.amount_tax, invoice.amount_untaxed * 0.2, 2)
        waiting = self.requests.filtered(lambda r: r.invoice_state == "to_invoice")
        self.assertGreater(len(waiting), 4)

    def test_a_repair_is_shared_by_three_payers(self):
        request = self.env.ref("service_demo.request_water_damage")
        self.assertEqual(request.invoice_state, "to_invoice")
        self.assertEqual(
            sorted(request.payer_line_ids.mapped("role")), ["customer", "other", "third_party"]
        )
        consumed = sum(request.consumption_ids.mapped("amount_consumed"))
        self.assertAlmostEqual(sum(request.payer_line_ids.mapped("amount")), consumed, 2)

    def test_a_run_waits_to_be_checked(self):
        run = self.env["service.billing.run"].search([("company_id", "=", self.company.id)])
        self.assertEqual((run.state, bool(run.line_ids)), ("ready", True))

    def test_small_supplies_stand_at_the_foot(self):
        charged = self.requests.filtered("billing_charge_ids")
        self.assertIn("to_invoice", charged.mapped("invoice_state"))

    def test_contracts_claims_and_points_are_billed(self):
        company = [("company_id", "=", self.company.id)]
        for model, states in (
            ("service.usage.line", {"invoiced", "nothing"}),
            ("service.warranty.claim", {"sent", "partly"}),
        ):
            found = set(self.env[model].search(company).mapped("state"))
            self.assertTrue(found, model)
            self.assertLessEqual(found, states, model)
        for claim in self.env["service.warranty.claim"].search(company):
            self.assertGreater(
                claim.date_sent, max(claim.consumption_ids.mapped("done_date")).date(), claim.name
            )
        instalments = self.env["service.contract.instalment"].search(company)
        self.assertTrue(instalments.invoice_id)
        self.assertIn("pending", instalments.mapped("state"))
        pack = self.env.ref("service_demo.contract_points_10")
        granted = self.env["service.points.move"].search(
            [("res_model", "=", "sale.order.line"), ("points", "=", pack.service_points)]
        )
        self.assertEqual(len(granted), 1)
        budgets = self.env["service.warranty.budget"].search(company)
        self.assertTrue(all(budget.amount_spent for budget in budgets))

    def test_principals_groups_and_blocked_customers(self):
        partners = self.env["res.partner"]
        self.assertEqual(partners.search_count([("is_service_principal", "=", True)]), 2)
        blocked = partners.search([("service_blocked", "=", True)])
        self.assertEqual(len(blocked), 1)
        self.assertTrue(blocked.service_block_reason)
        self.assertTrue(self.env.ref("service_demo.customer_hotel_lac").service_payer_id)
