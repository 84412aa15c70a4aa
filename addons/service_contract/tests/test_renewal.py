from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-01 10:00:00")
class TestRenewal(ServiceContractCommon):
    """Renewal before the end: automatic, by quotation, at the price of the index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.env["service.index"].create(
            {
                "name": "Cost of labour",
                "value_ids": [
                    Command.create({"date": "2025-12-01", "value": 120}),
                    Command.create({"date": "2026-10-01", "value": 126}),
                    Command.create({"date": "2027-02-01", "value": 150}),
                ],
            }
        )
        cls.service = cls._create_product("Maintenance", type="service", taxes_id=[])
        cls.salesperson = cls._create_user("sandrine", "sales_team.group_sale_salesman")

    def _create_ending(self, renewal="auto", **values):
        """A contract of 2026 at 1,000 a year, with sixty days of notice: from 1 November on."""
        return self._create_contract(
            **{
                "renewal": renewal,
                "notice_days": 60,
                "price": 1000,
                "index_id": self.index.id,
                "product_id": self.service.id,
                "user_id": self.salesperson.id,
                **values,
            }
        )

    def _apply(self, day="2026-11-01"):
        return self.env["service.contract"]._apply_due(date.fromisoformat(day))

    def test_the_form_leads_to_the_offer_and_to_the_contract_that_follows(self):
        contract = self._create_ending("quote").with_user(self.salesperson)
        self.assertFalse(contract.renewal_order_id | contract.successor_id.renewal_order_id)
        order = self.env["sale.order"].browse(contract.action_quote_renewal()["res_id"])
        opened = contract.action_view_renewal_order()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("sale.order", order.id))
        order.action_confirm()
        self.env.invalidate_all()
        opened = contract.action_view_successor()
        self.assertEqual(opened["res_id"], order.service_contract_ids.id)

    # === THE INDEX === #

    def test_the_value_of_an_index_holds_until_the_next(self):
        for day, value in (
            ("2025-11-30", 0),
            ("2025-12-01", 120),
            ("2026-09-30", 120),
            ("2026-10-01", 126),
            ("2028-02-29", 150),
        ):
            self.assertEqual(self.index._get_value(date.fromisoformat(day)), value, day)

    def test_the_base_is_the_value_on_the_first_day(self):
        contract = self._create_ending()
        self.assertEqual(contract.index_base_value, 120)
        contract.index_base_value = 100
        self.assertEqual(contract._get_indexed_price(date(2027, 1, 1)), 1260)

    def test_the_price_follows_the_index_and_is_rounded(self):
        contract = self._create_ending(price=99.99)
        # 99.99 × 126 / 120 = 104.9895
        self.assertEqual(contract._get_indexed_price(date(2027, 1, 1)), 104.99)

    def test_without_an_index_the_price_stays(self):
        contract = self._create_ending(index_id=False)
        self.assertEqual(contract._get_indexed_price(date(2027, 1, 1)), 1000)

    def test_an_index_without_a_value_is_named(self):
        contract = self._create_ending(date_start="2025-06-01")
        with self.assertRefused(UserError, f"{contract.name} follows the index « Cost of labour »"):
            contract.action_renew()

    def test_an_index_has_one_positive_value_a_day(self):
        for values in ({"date": "2026-10-01", "value": 1}, {"date": "2026-10-02", "value": 0}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env["service.index.value"].create({"index_id": self.index.id, **values})

    # === AUTOMATIC === #

    def test_the_successor_starts_the_day_after_at_the_indexed_price(self):
        contract = self._create_ending(points_initial=10)
        self._apply()
        successor = contract.successor_id
        self.assertRecordValues(
            successor,
            [
                {
                    "state": "draft",
                    "date_start": date(2027, 1, 1),
                    "date_end": date(2027, 12, 31),
                    "previous_contract_id": contract.id,
                    "price": 1050,  # 1000 × 126 / 120
                    "index_base_value": 126,
                    "points_initial": 10,
                    "points_balance": 0,
                }
            ],
        )
        self.assertEqual(successor.coverage_ids.equipment_id, self.machine)

    def test_nothing_is_renewed_before_the_notice(self):
        contract = self._create_ending()
        self._apply("2026-10-31")
        self.assertFalse(contract.successor_ids)
        self._apply("2026-11-01")
        self.assertTrue(contract.successor_ids)

    def test_the_cover_goes_on_without_a_gap(self):
        contract = self._create_ending()
        self._apply()
        self.assertCovers(self._cover("2026-12-31"), contract)
        self.assertNotCovered(self._cover("2027-01-01"), "expired", "state")
        self._apply("2027-01-01")
        self.assertEqual((contract | contract.successor_id).mapped("state"), ["expired", "active"])
        self.assertCovers(self._cover("2027-01-01"), contract.successor_id)

    def test_a_second_run_does_nothing_more(self):
        contract = self._create_ending()
        self._apply()
        self._apply()
        self.assertEqual(len(contract.successor_ids), 1)
        self.assertEqual(len(contract.activity_ids), 1)

    def test_a_renewal_that_was_declined_does_not_come_back(self):
        contract = self._create_ending()
        self._apply()
        contract.successor_id.action_terminate(reason="declined")
        self._apply("2026-11-02")
        self.assertEqual(contract.successor_ids.mapped("state"), ["terminated"])

    def test_the_draft_that_follows_ends_with_the_contract(self):
        contract = self._create_ending()
        self._apply()
        draft = contract.successor_id
        manager = self._create_user("mia", "installed_base.group_service_manager")
        self.env.invalidate_all()
        contract.with_user(manager).action_terminate("Moved", date(2026, 12, 1))
        self.assertEqual((contract.state, draft.state), ("active", "terminated"))
        self.assertIn(contract.name, draft.termination_reason)
        self.assertIn(draft.name, contract.message_ids[:1].body)
        self._apply("2026-11-02")
        self.assertFalse(contract.successor_ids, "whoever leaves is not renewed")
        contract.action_withdraw_termination()
        self._apply("2026-11-03")
        self.assertEqual(contract.successor_id.state, "draft", "it goes on, and is renewed anew")

    def test_a_contract_that_follows_and_is_in_force_stays(self):
        contract = self._create_ending()
        successor = contract._renew()
        successor.action_activate()
        contract.action_terminate("Exchanged", date(2026, 12, 1))
        self.assertEqual((successor.state, contract.successor_id), ("active", successor))

    def test_a_suspended_contract_does_not_renew_itself(self):
        contract = self._create_ending()
        contract.action_suspend(reason="unpaid invoice")
        self._apply()
        self.assertFalse(contract.successor_ids)

    # === BY QUOTATION === #

    def test_the_quotation_offers_the_next_period_at_the_indexed_price(self):
        contract = self._create_ending("quote")
        self._apply()
        order = contract.renewal_order_id
        self.assertRecordValues(
            order, [{"state": "draft", "user_id": self.salesperson.id, "origin": contract.name}]
        )
        self.assertRecordValues(
            order.order_line,
            [{"product_id": self.service.id, "product_uom_qty": 1, "price_subtotal": 1050}],
        )
        self.assertIn(contract.name, order.order_line.name)
        self.assertFalse(contract.successor_ids)

    def test_the_confirmed_quotation_makes_the_contract_that_follows(self):
        contract = self._create_ending("quote")
        self._apply()
        order = contract.renewal_order_id
        order.order_line.price_unit = 1040  # what was agreed
        order.action_confirm()
        self.assertRecordValues(
            order.service_contract_ids,
            [
                {
                    "previous_contract_id": contract.id,
                    "sale_line_id": order.order_line.id,
                    "date_start": date(2027, 1, 1),
                    "price": 1040,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(contract.successor_id, order.service_contract_ids)

    def test_the_end_of_which_people_were_warned_may_be_taken_away(self):
        contract = self._create_ending("none")
        contract._remind_of_end()
        contract.date_end = False
        self.assertFalse(contract.end_warning_date)

    def test_a_machine_sold_with_a_renewal_does_not_join_it(self):
        contract = self._create_ending("quote")
        self._apply()
        order = contract.renewal_order_id
        order.order_line = [
            Command.create({"product_id": self.machine_product.id, "product_uom_qty": 1})
        ]
        order.action_confirm()
        self._validate_delivery(order, ["B-99"])
        self.assertTrue(self.env["service.equipment"].search([("serial_number", "=", "B-99")]))
        self.assertNotIn("B-99", contract.successor_id.equipment_ids.mapped("serial_number"))

    def test_a_quotation_is_made_once_even_when_it_was_lost(self):
        contract = self._create_ending("quote")
        self._apply()
        contract.renewal_order_id.action_cancel()
        self._apply("2026-11-02")
        self.assertEqual(len(contract.renewal_line_ids), 1)
        self.assertFalse(contract.renewal_order_id)

    def test_a_contract_renewed_meanwhile_is_not_sold_again(self):
        contract = self._create_ending("quote")
        self._apply()
        contract.action_renew()
        with self.assertRefused(UserError, f"{contract.name} has already been renewed"):
            contract.renewal_order_id.action_confirm()

    def test_a_terminated_contract_is_offered_no_longer(self):
        contract = self._create_ending("quote")
        self._apply()
        order = contract.renewal_order_id
        other = self._create_ending("quote")
        order.order_line = [
            Command.create(other._prepare_renewal_line_values(order)),
            Command.create({"product_id": self.burner.id}),
        ]
        manager = self._create_user("mia", "installed_base.group_service_manager")
        self.env.invalidate_all()
        contract.with_user(manager).action_terminate("Moved", date(2026, 12, 1))
        self.assertEqual(order.state, "draft", "the rest stays offered")
        self.assertFalse(order.order_line.service_renewed_contract_id & contract)
        self.assertIn(contract.name, order.message_ids[:1].body)
        order.order_line.filtered(lambda line: line.product_id == self.burner).unlink()
        other.action_terminate("Moved", date(2026, 12, 1))
        self.assertEqual(order.state, "cancel")
        self.assertFalse(other.renewal_order_id)
        other.action_withdraw_termination()
        self._apply("2026-11-02")
        self.assertEqual(other.renewal_order_id.state, "draft", "it goes on, and is offered anew")

    def test_machines_that_are_retired_or_sold_are_not_renewed(self):
        machines = [self._create_equipment() for _number in range(3)]
        contract = self._create_ending(
            coverage_ids=[Command.create({"equipment_id": machine.id}) for machine in machines]
        )
        kept, sold, retired = contract.coverage_ids
        clinic = self.other_customer.id
        sold.equipment_id.write({"partner_id": clinic, "site_id": clinic})
        retired.equipment_id.state = "retired"
        self.assertEqual(contract._renew().coverage_ids.equipment_id, kept.equipment_id)
        contract.successor_ids.action_terminate("Tried")
        kept.equipment_id.state = "retired"
        with self.assertRefused(UserError, f"{contract.name} covers nothing any more"):
            contract.action_renew()
        contract.coverage_ids = [Command.create({"scope": "customer"})]
        self.assertEqual(contract._renew().coverage_ids.scope, "customer")

    def test_without_a_product_the_quotation_is_refused_and_reported(self):
        contract = self._create_ending("quote", product_id=False)
        with self.assertRefused(UserError, f"{contract.name}: no quotation can be made"):
            contract.action_quote_renewal()
        with mute_logger("odoo.addons.service_contract.models.service_contract_daily"):
            self.assertEqual(self._apply(), contract)
        self.assertIn("no quotation can be made", contract.batch_error)
        contract.product_id = self.service
        self.assertFalse(self._apply())
        self.assertFalse(contract.batch_error)
        self.assertTrue(contract.renewal_order_id)

    def test_the_salesperson_who_confirms_needs_no_right_on_contracts(self):
        contract = self._create_ending("quote")
        self._apply()
        order = contract.renewal_order_id
        self.env.invalidate_all()
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(contract.successor_id.sale_order_id, order)

    # === THE SALESPERSON === #

    def test_the_salesperson_is_that_of_the_order_the_customer_or_the_agency(self):
        self.agency.manager_id = self.env.user
        self.assertEqual(self._create_contract().user_id, self.env.user)
        self.customer.user_id = self.salesperson
        self.assertEqual(self._create_contract().user_id, self.salesperson)

    def test_the_end_is_told_once_with_what_was_prepared(self):
        told = {
            "auto": "It was renewed as",
            "quote": "offers the next period",
            "none": "Nothing is prepared",
        }
        contracts = {renewal: self._create_ending(renewal) for renewal in told}
        self._apply()
        self._apply("2026-11-02")
        for renewal, contract in contracts.items():
            activity = contract.activity_ids
            self.assertEqual(activity.user_id, self.salesperson)
            self.assertEqual(activity.summary, f"{contract.name} ends on 12/31/2026")
            self.assertIn(told[renewal], activity.note)

    def test_without_a_notice_the_end_is_told_a_month_before(self):
        contract = self._create_ending("none", notice_days=0)
        self._apply("2026-11-30")
        self.assertFalse(contract.activity_ids)
        self._apply("2026-12-01")
        self.assertTrue(contract.activity_ids)

    def test_a_new_end_is_told_again(self):
        contract = self._create_ending("none")
        self._apply()
        contract.date_end = "2027-06-30"
        self._apply("2026-12-31")
        self.assertEqual(len(contract.activity_ids), 1)
        self._apply("2027-05-01")
        self.assertEqual(len(contract.activity_ids), 2)

    def test_a_warranty_ends_in_silence(self):
        warranty = self._create_ending("none", kind="warranty")
        self._apply("2026-12-31")
        self.assertFalse(warranty.activity_ids)

    # === THE BATCH === #

    def test_days_begin_where_the_agencies_are(self):
        self.agency.partner_id.tz = "Pacific/Auckland"
        self.agency.resource_calendar_id = False
        contracts = self.env["service.contract"]
        here = self._create_contract(active=False, date_start="2027-01-01", date_end="2027-12-31")
        self.assertEqual(here.agency_id, self.agency)
        with freeze_time("2026-12-31 12:00:00"):  # one o'clock of 1 January in Auckland
            days = dict(contracts._get_local_days())
        self.assertIn(here, contracts.search(days[date(2027, 1, 1)]))
        homeless = self._create_contract(active=False, agency_id=False)
        self.assertIn(homeless, contracts.search(days[date(2026, 12, 31)]))

    def test_a_batch_that_was_stopped_goes_on_where_it_was(self):
        contracts = self.env["service.contract"]
        for _number in range(5):
            contracts |= self._create_contract(active=False)
        seen = []

        def stop_after_two(count):
            seen.append(count)
            return len(seen) < 2

        mine = Domain("id", "in", contracts.ids)
        with patch("odoo.addons.service_contract.models.service_contract_daily.BATCH_SIZE", 2):
            contracts._apply_due(date(2026, 11, 1), mine, stop_after_two)
        self.assertEqual(seen, [2, 2])
        self.assertEqual(contracts.mapped("state").count("active"), 4)
        contracts._apply_due(date(2026, 11, 1), mine)
        self.assertEqual(contracts.mapped("state").count("active"), 5)
