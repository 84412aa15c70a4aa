from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestClaims(ServiceBillingCommon):
    """A boiler under our warranty and its supplier's: burner 80, labour 30, travel 10 at cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Rhenania", "email": "claims@example.com", "service_claim_days": 30}
        )
        cls.machine = cls._deliver_machine()
        cls.machine.write({"supplier_id": cls.supplier.id, "supplier_warranty_end": "2027-01-31"})
        cls.burner.standard_price = 80.0
        cls.labor.standard_price = 30.0
        cls.travel.standard_price = 10.0
        cls.manager = cls._create_user("manager", "installed_base.group_service_manager")

    def _covered(self, machine=None, **values):
        request = self._closed_request(
            self.burner, self.labor, self.travel, equipment=machine or self.machine, **values
        )
        return request.consumption_ids.with_user(self.manager)

    def _claim(self, consumptions=None):
        consumptions = consumptions or self._covered()
        return consumptions._create_claims()

    def test_what_is_to_be_claimed(self):
        other = self._deliver_machine("B20-2")
        other.write({"supplier_id": self.supplier.id, "supplier_warranty_end": "2026-06-14"})
        for name, consumptions, expected in (
            ("covered by both", self._covered(), "to_claim"),
            ("the supplier's warranty is over", self._covered(other), "nothing"),
            ("goodwill", self._covered(coverage="goodwill"), "nothing"),
            ("the customer pays", self._covered(coverage="none"), "nothing"),
        ):
            with self.subTest(name):
                self.assertEqual(consumptions.mapped("claim_state"), [expected] * 3)
        undone = self._request(self.machine)
        self.assertEqual(self._consume(undone, self.labor).claim_state, "nothing")

    def test_what_a_maintenance_contract_bears_is_claimed_too(self):
        # both of ours bear labour in full and the trip not at all; an insurer pays its own part
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        for kind, covered_by, expected in (
            ("maintenance", False, ["to_claim", "nothing"]),
            ("maintenance", insurer.id, ["nothing", "nothing"]),
            ("points", False, ["nothing", "nothing"]),
        ):
            machine = self._create_equipment()
            machine.write({"supplier_id": self.supplier.id, "supplier_warranty_end": "2027-01-31"})
            self.env["service.contract"].create(
                {
                    "partner_id": self.customer.id,
                    "kind": kind,
                    "points_initial": 100,
                    "date_start": "2020-01-01",
                    "coverage_ids": [
                        Command.create(
                            {
                                "equipment_id": machine.id,
                                "labor_rate": 100,
                                "travel_rate": 0,
                                "covered_by_id": covered_by,
                            }
                        )
                    ],
                }
            ).action_activate()
            request = self._closed_request(self.labor, self.travel, equipment=machine)
            with self.subTest(kind=kind, covered_by=covered_by):
                self.assertEqual(request.consumption_ids.mapped("claim_state"), expected)

    def test_deadline_is_the_suppliers_delay_or_the_end_of_its_warranty(self):
        self.assertEqual(self._covered().mapped("claim_deadline"), [date(2026, 7, 15)] * 3)
        self.machine.supplier_warranty_end = "2026-06-20"
        self.assertEqual(self._claim(self._covered()).deadline, date(2026, 6, 20))

    def test_a_component_has_its_own_supplier(self):
        maker = self.env["res.partner"].create({"name": "Burner maker"})
        component = self.machine.component_ids[:1] or self.env[
            "service.equipment.component"
        ].create({"equipment_id": self.machine.id, "product_id": self.burner.id})
        component.write({"supplier_id": maker.id, "supplier_warranty_end": "2026-12-31"})
        request = self._request(self.machine)
        line = self.env["service.request.component"].create(
            {
                "equipment_line_id": request.equipment_line_ids.id,
                "product_id": self.burner.id,
                "component_id": component.id,
            }
        )
        part = self._consume(request, self.burner, component_line_id=line.id)
        labor = self._consume(request, self.labor)
        request.action_close(undone="done")
        self.assertEqual((part | labor).claim_supplier_id, maker | self.supplier)
        self.assertEqual(len(self._claim((part | labor).with_user(self.manager))), 2)

    def test_claims_collect_a_supplier_and_month(self):
        first = self._claim()
        self.assertRecordValues(
            first,
            [{"supplier_id": self.supplier.id, "amount_claimed": 120.0, "state": "draft"}],
        )
        self.assertEqual(self._claim(), first)
        self.assertEqual(first.amount_claimed, 240.0)
        first.action_send()
        self.assertNotEqual(self._claim(), first)
        with self.assertRefused(UserError, "nothing to claim here"):
            first.consumption_ids.action_claim()

    def test_accepted_in_part_settled_and_reconciled(self):
        # 90 of 120 are accepted: 60 of the burner's 80, 22.50 of 30, 7.50 of 10
        claim = self._claim()
        claim.action_send()
        self.assertRecordValues(claim, [{"amount_expected": 120.0, "date_sent": date(2026, 6, 15)}])
        claim.action_accept(90.0)
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "partly",
                    "amount_refused": 30.0,
                    "amount_expected": 90.0,
                    "recovery_rate": 0.75,
                }
            ],
        )
        self.assertEqual(claim.consumption_ids.mapped("amount_recovered"), [60.0, 22.5, 7.5])
        claim.action_settle()
        # nothing is settled by a draft: the credit is still to be received, and accrued
        self.assertRecordValues(
            claim, [{"state": "partly", "amount_expected": 90.0, "is_settlement_draft": True}]
        )
        credit = claim.refund_move_id.sudo()
        self.assertRecordValues(
            credit,
            [
                {
                    "move_type": "in_refund",
                    "amount_untaxed": 90.0,
                    "partner_id": self.supplier.id,
                    "invoice_date": date(2026, 6, 15),
                }
            ],
        )
        # trial balance: the supplier owes 90, our cost is 90 less; then its bill of 90 is paid
        expense = self._create_account("607100", "expense")
        credit.invoice_line_ids.write({"account_id": expense.id, "tax_ids": [Command.clear()]})
        credit.invoice_date = "2026-06-15"
        credit.action_post()
        self.assertRecordValues(
            claim, [{"state": "settled", "amount_expected": 0.0, "is_settlement_draft": False}]
        )
        payable = self.supplier.property_account_payable_id
        self.assertEqual(self._balances(credit), {payable: 90.0, expense: -90.0})
        bill = credit.copy({"move_type": "in_invoice", "invoice_date": "2026-06-15"})
        bill.action_post()
        (credit | bill).line_ids.filtered(lambda line: line.account_id == payable).reconcile()
        self.assertEqual(claim.sudo().settlement_state, "paid")

    def _accepted(self, amount=120.0):
        claim = self._claim()
        claim.action_send()
        claim.action_accept(amount)
        return claim

    def _credit_note(self, partner=None, **values):
        return self.env["account.move"].create(
            {
                "move_type": "in_refund",
                "partner_id": (partner or self.supplier).id,
                "invoice_date": "2026-06-15",
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 200.0, "tax_ids": False})
                ],
                **values,
            }
        )

    def test_one_credit_note_of_the_supplier_settles_its_claims(self):
        claims = self._accepted() | self._accepted(80.0)
        credit = self._credit_note()
        claims.sudo().refund_move_id = credit
        moves = self.env["account.move"].search_count([])
        self.env.invalidate_all()
        claims.with_user(self.accountant).action_settle()
        self.assertEqual(self.env["account.move"].search_count([]), moves, "none is made")
        self.assertEqual(claims.mapped("state"), ["accepted", "partly"])
        credit.action_post()
        self.assertEqual(claims.mapped("state"), ["settled", "settled"])
        late = self._accepted()
        late.sudo().refund_move_id = credit
        self.assertEqual(late.state, "settled", "posted already")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for wrong in (self._credit_note(stranger), self._credit_note(move_type="in_invoice")):
            with self.assertRefused(ValidationError, "cannot settle"):
                self._accepted().sudo().refund_move_id = wrong

    def test_a_claim_is_open_again_when_its_settlement_is_undone(self):
        claims = [self._accepted(amount) for amount in (120.0, 90.0, 120.0)]

        def settle():
            for claim in claims:
                claim.action_settle()
                credit = claim.sudo().refund_move_id
                credit.invoice_date = "2026-06-15"
                credit.action_post()
            self.assertEqual([c.state for c in claims], ["settled"] * 3)
            self.assertEqual([c.amount_expected for c in claims], [0.0] * 3)

        settle()
        cancelled, reversed_, deleted = (claim.sudo().refund_move_id for claim in claims)
        (cancelled | deleted).button_draft()
        cancelled.button_cancel()
        reversed_._reverse_moves([{"invoice_date": "2026-06-15"}], cancel=True)
        deleted.with_context(force_delete=True).unlink()
        self.assertEqual([c.state for c in claims], ["accepted", "partly", "accepted"])
        self.assertEqual([c.amount_expected for c in claims], [120.0, 90.0, 120.0])
        settle()

    def test_the_supplier_may_be_invoiced(self):
        claim = self._claim()
        claim.settlement = "invoice"
        claim.action_send()
        claim.action_accept_all()
        claim.action_settle()
        self.assertRecordValues(
            claim.refund_move_id.sudo(), [{"move_type": "out_invoice", "amount_untaxed": 120.0}]
        )

    def test_a_refusal_is_our_own_cost(self):
        claim = self._claim()
        claim.action_send()
        with self.assertRefused(UserError, "Say why"):
            claim.action_refuse(False)
        claim.action_refuse("Seal broken")
        self.assertRecordValues(
            claim, [{"state": "refused", "amount_refused": 120.0, "recovery_rate": 0.0}]
        )
        self.assertEqual(claim.consumption_ids.mapped("claim_state"), ["refused"] * 3)
        with self.assertRefused(UserError, "is « Refused »: this is only possible while"):
            claim.action_settle()

    def test_impossible_answers(self):
        claim = self._claim()
        with self.assertRefused(UserError, "is « Draft »"):
            claim.action_accept(10.0)
        claim.action_send()
        for amount in (0.0, -1.0, 120.01):
            with self.assertRefused(UserError, "more than nothing and not more than that"):
                claim.action_accept(amount)
        with self.assertRefused(UserError, "was sent to the supplier and is kept"):
            claim.unlink()

    def test_a_deleted_draft_is_claimed_again(self):
        claim = self._claim()
        consumptions = claim.consumption_ids
        claim.unlink()
        self.assertEqual(consumptions.mapped("claim_state"), ["to_claim"] * 3)

    def test_before_the_repair(self):
        request = self._request(self.machine).with_user(self.manager)
        action = request.action_claim()
        claim = (
            self.env["service.warranty.claim"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"claim_type": "part"})
        )
        self.assertRecordValues(
            claim, [{"supplier_id": self.supplier.id, "deadline": date(2027, 1, 31)}]
        )
        claim.action_send()
        self.assertEqual(request.claim_count, 1)

    def test_nothing_is_forgotten(self):
        consumptions = self._covered()
        claims = self.env["service.warranty.claim"]
        claims._run_claims()
        claim = consumptions.warranty_claim_id
        self.assertEqual(claim.state, "draft")
        self.assertFalse(claim.activity_ids)
        with freeze_time("2026-07-02 10:00:00"):
            claims._run_claims()
            claims._run_claims()
            self.assertRecordValues(claim.activity_ids, [{"date_deadline": date(2026, 7, 15)}])
            claim.action_send()
            self.assertFalse(claim.activity_ids)
        with freeze_time("2026-08-02 10:00:00"):
            claims._run_claims()
            self.assertIn("has not answered for 31 days", claim.activity_ids.summary)

    def test_the_night_leaves_claims_to_people_who_see_their_alerts(self):
        self.env.company.service_claim_automatic = False
        consumptions = self._covered()
        claims = self.env["service.warranty.claim"]
        claims._run_claims()
        self.assertFalse(consumptions.warranty_claim_id, "claimed by hand")
        with freeze_time("2026-07-02 10:00:00"):
            claims._run_claims()
            claim = consumptions.warranty_claim_id
            responsible = claim.activity_ids.user_id
            self.assertTrue(responsible.has_group("installed_base.group_service_manager"))
            self.assertNotEqual(responsible, self.env.ref("base.user_root"))
        self.supplier.buyer_id = self.accountant
        claim.unlink()
        self.assertEqual(self._claim(consumptions.sudo()).user_id, self.accountant)

    def test_parts_go_and_come_back(self):
        claim = self._claim()
        claim.sudo().action_ship_parts()
        claim.action_send()
        claim.sudo().action_receive_parts()
        shipped, received = claim.sudo().picking_ids.sorted("id")
        self.assertEqual(shipped.move_ids.product_id, self.burner)
        self.assertEqual(shipped.location_dest_id.usage, "supplier")
        received.move_ids.write({"quantity": 1, "picked": True})
        received.button_validate()
        self.assertRecordValues(received.move_ids, [{"state": "done", "value": 80.0}])

    def test_document(self):
        claim = self._claim()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "service_billing.report_warranty_claim", claim.ids
        )
        for text in (claim.name, "B20-1", "Burner", "120.00"):
            self.assertIn(text, html.decode())

    def test_budget_against_spent(self):
        claim = self._claim()
        budget = (
            self.env["service.warranty.budget"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Boilers 2026",
                    "product_categ_id": self.machine_product.categ_id.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "amount": 200.0,
                }
            )
        )
        self.assertRecordValues(budget, [{"amount_spent": 120.0, "amount_left": 80.0}])
        claim.action_send()
        claim.action_accept(90.0)
        budget.invalidate_recordset()
        self.assertRecordValues(budget, [{"amount_recovered": 90.0, "amount_left": 170.0}])

    def test_accruals_are_posted_and_reversed(self):
        # 120 claimed on 15 June and not answered; a budget of 200 of which 120 are spent
        self._claim().action_send()
        self.env["service.warranty.budget"].create(
            {
                "name": "Boilers",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 200.0,
            }
        )
        credit = self._create_account("409800", "asset_current")
        provision = self._create_account("151200", "liability_current")
        cost = self._create_account("681500", "expense")
        accruals = self.env["service.accrual"]
        with self.assertRefused(UserError, "Choose the accounts"):
            accruals.create({"date": "2026-06-30"}).action_post()
        self.env.company.write(
            {
                "service_claim_accrual_account_id": credit.id,
                "service_warranty_provision_account_id": provision.id,
                "service_warranty_cost_account_id": cost.id,
            }
        )
        with self.assertRefused(UserError, "Nothing is to be accrued on 12/31/2025"):
            accruals.create({"date": "2025-12-31"}).action_post()
        action = accruals.create({"date": "2026-06-30"}).action_post()
        entry, reversal = self.env["account.move"].search(action["domain"]).sorted("date")
        self.assertEqual((entry.date, reversal.date), (date(2026, 6, 30), date(2026, 7, 1)))
        self.assertEqual(self._balances(entry), {credit: 120.0, provision: -80.0, cost: -40.0})
        self.assertEqual(self._balances(entry | reversal), {})
        with self.assertRefused(UserError, "has accrued the warranties on 06/30/2026 already"):
            accruals.create({"date": "2026-06-30"}).action_post()

    def test_the_switch_refuses_to_complete_a_draft(self):
        self._claim()
        more = self._covered()
        self.env.company.service_invoicing_enabled = False
        with self.assertRefused(UserError, "switched off"):
            more.action_claim()

    def test_roles_and_companies(self):
        claim = self._claim()
        self.env.invalidate_all()
        for user, allowed in (
            (self.call_taker, False),
            (self.technician_user, False),
            (self.dispatcher, False),
            (self.manager, True),
            (self.accountant, True),
        ):
            with self.subTest(user.login):
                if allowed:
                    self.assertTrue(claim.with_user(user).read(["amount_claimed"]))
                else:
                    with self.assertRaises(AccessError):
                        claim.with_user(user).read(["amount_claimed"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("stranger", "installed_base.group_service_manager")
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        with self.assertRaises(AccessError):
            claim.with_user(stranger).read(["amount_claimed"])
        self.assertFalse(self.env["service.warranty.claim"].with_user(stranger).search([]))
