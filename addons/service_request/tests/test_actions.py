from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestActions(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user(
            "seller", GROUP + "user", "sales_team.group_sale_salesman_all_leads"
        )

    # ------------------------------------------------------------ meeting, call, to-do
    def _act(self, request, method, **values):
        action = getattr(request, method)()
        wizard = (
            self.env["service.request.activity"]
            .with_user(self.call_taker)
            .with_context(**action["context"])
            .create({"date": datetime(2026, 3, 5, 9), **values})
        )
        self.env.invalidate_all()
        wizard.action_confirm()

    def test_actions_are_planned(self):
        for method, kind in (
            ("action_plan_call", "mail.mail_activity_data_call"),
            ("action_plan_todo", "mail.mail_activity_data_todo"),
            ("action_plan_meeting", "mail.mail_activity_data_meeting"),
        ):
            request = self._request()
            self._act(request, method, user_id=self.dispatcher.id)
            self.assertRecordValues(
                request.activity_ids,
                [
                    {
                        "activity_type_id": self.env.ref(kind).id,
                        "user_id": self.dispatcher.id,
                        "date_deadline": datetime(2026, 3, 5).date(),
                        "summary": "No hot water",
                    }
                ],
            )

    def test_meeting_stands_in_the_calendar(self):
        request = self._request()
        self._act(request, "action_plan_meeting", duration=2)
        event = self.env["calendar.event"].search(
            [("res_model", "=", "service.request"), ("res_id", "=", request.id)]
        )
        self.assertEqual(event.stop - event.start, timedelta(hours=2))
        self.assertIn(self.customer, event.partner_ids)

    def test_actions_are_recorded_as_done(self):
        for method in ("action_record_call", "action_record_todo", "action_record_meeting"):
            request = self._request()
            self._act(request, method, note="All is well")
            self.assertFalse(request.activity_ids)
            bodies = "".join(request.message_ids.mapped("body"))
            self.assertIn("All is well", bodies, method)
            called = datetime(2026, 3, 5, 9) if method == "action_record_call" else False
            self.assertEqual(request.first_response_date, called)

    # ------------------------------------------------------------ quotation
    def _quote(self, request):
        action = request.with_user(self.seller).action_create_quotation()
        return self.env["sale.order"].browse(action["res_id"])

    def _request_with_work(self):
        request = self._request()
        self._consume(request, self.burner, 2, note="North side")
        labor = self._consume(request, self.labor, 3)
        labor.amount_to_invoice = 90
        done = self._consume(request, self.travel)
        done.action_mark_done()
        return request

    def test_quotation_carries_what_is_not_done_at_its_billable_amounts(self):
        request = self._request_with_work()
        self.env.invalidate_all()
        order = self._quote(request)
        self.assertRecordValues(
            order,
            [
                {
                    "partner_id": self.customer.id,
                    "partner_shipping_id": self.site.id,
                    "service_request_id": request.id,
                    "amount_untaxed": 330,
                    "state": "draft",
                }
            ],
        )
        self.assertRecordValues(
            order.order_line,
            [
                {"product_id": self.burner.id, "product_uom_qty": 2, "price_unit": 120},
                {"product_id": self.labor.id, "product_uom_qty": 3, "price_unit": 30},
            ],
        )
        self.assertIn("North side", order.order_line[0].name)
        self.assertEqual(request.sale_order_count, 1)

    def test_nothing_to_do_means_nothing_to_offer(self):
        with self.assertRefused(UserError, "left to be done"):
            self._quote(self._request())

    def test_confirmed_quotation_covers_the_request_and_ships_nothing(self):
        request = self._request_with_work()
        order = self._quote(request)
        order.with_user(self.seller).action_confirm()
        self.assertRecordValues(request, [{"coverage": "sale", "coverage_sale_id": order.id}])
        self.assertFalse(order.picking_ids)
        part = request.consumption_ids.filtered(lambda c: c.product_id == self.burner)
        part.action_mark_done()
        self.assertEqual(order.order_line[0].qty_delivered, 2)

    def test_what_the_salesperson_adds_to_a_quotation_is_shipped(self):
        request = self._request_with_work()
        order = self._quote(request)
        valve = self._create_product("Valve", is_storable=True)
        order.order_line = [Command.create({"product_id": valve.id, "product_uom_qty": 2})]
        order.action_confirm()
        self.assertRecordValues(
            order.picking_ids.move_ids, [{"product_id": valve.id, "product_uom_qty": 2}]
        )

    def test_pure_salesperson_offers_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.burner.with_context(lang="fr_FR").name = "Brûleur"
        request = self._request()
        self._consume(request, self.burner)
        self.seller = self._create_user("pure seller", "sales_team.group_sale_salesman")
        self.env.invalidate_all()
        order = self._quote(request)
        self.assertEqual(order.order_line.name, "Brûleur")
        self.assertEqual(request.consumption_ids.sale_line_id, order.order_line)

    def test_refused_quotation_leaves_a_message_and_an_activity(self):
        request = self._request_with_work()
        order = self._quote(request)
        order.with_user(self.seller)._action_cancel()
        self.assertIn(order.name, "".join(request.message_ids.mapped("body")))
        self.assertEqual(request.activity_ids.user_id, self.technician_user)
        self.assertNotEqual(request.coverage, "sale")

    def test_order_that_is_cancelled_later_covers_no_more(self):
        request = self._request_with_work()
        order = self._quote(request)
        order.action_confirm()
        order._action_cancel()
        self.assertRecordValues(request, [{"coverage_mode": "auto", "coverage_sale_id": False}])

    # ------------------------------------------------------------ paper and figures
    def test_sheet_tells_what_was_asked_and_done_without_prices(self):
        request = self._request_with_work()
        request.description = "<p>Cold since Monday</p>"
        self.env.invalidate_all()
        action = request.action_print()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(action["report_name"], request.ids)[0]
            .decode()
        )
        for text in (request.name, "Cold since Monday", "Travel", "Hôtel du Lac"):
            self.assertIn(text, html)
        self.assertNotIn("35", html.split("Work and Parts")[1].split("</table>")[0])

    @freeze_time("2026-03-20 12:00:00")
    def test_dashboard_counts_and_each_figure_opens_what_it_counts(self):
        machine = self._create_equipment()
        requests = self.env["service.request"].with_user(self.dispatcher)
        before = self._read_figures()
        late = self._request(machine, deadline=fields.Datetime.now() - timedelta(days=1))
        late._compute_sla_state()
        closed = self._request(machine, date=fields.Datetime.now() - timedelta(hours=4))
        closed.action_close()
        self.env.invalidate_all()
        after = self._read_figures()
        for name, difference in (
            ("All Open", 1),
            ("Late", 1),
            ("Requests Closed", 1),
            ("Blocking", 1),
        ):
            change = after[name]["value"] - before.get(name, {"value": 0})["value"]
            self.assertEqual(change, difference, name)
        self.assertEqual(after[machine.display_name]["value"], 2)
        for name in ("All Open", "Late", "Requests Closed", machine.display_name):
            found = requests.search_count(after[name]["domain"])
            self.assertEqual(found, after[name]["value"], name)

    def test_hours_to_solve_are_counted_without_the_nights_that_we_waited(self):
        """16 hours until we wait, 24 hours of which the desk is open for eight, 2 hours after."""
        waiting = self.env.ref("service_request.service_request_stage_waiting")
        with freeze_time("2026-03-18 16:00:00"):
            request = self._request()
        with freeze_time("2026-03-19 08:00:00"):
            request.stage_id = waiting
        with freeze_time("2026-03-20 08:00:00"):
            request.stage_id = self.env.ref("service_request.service_request_stage_progress")
        with freeze_time("2026-03-20 10:00:00"):
            request.action_close()
        request.paused_hours = 8
        hours = self.env["service.request"]._get_mean_hours([("id", "=", request.id)])
        self.assertEqual(hours, 18)
        self.assertEqual(self.env["service.request"]._get_mean_hours([("id", "=", 0)]), 0)

    @freeze_time("2026-03-20 12:00:00")
    def test_dashboard_shows_contracts_that_end_and_are_not_renewed(self):
        """Of four that are in force, one ends by 2026-05-19 and nothing follows it."""
        name = "Contracts to Renew Within 60 Days"
        before = self._read_figures()[name]["value"]
        ending, _later, renewed, terminated = contracts = self.env["service.contract"].create(
            [
                {
                    "kind": "maintenance",
                    "partner_id": self.customer.id,
                    "date_start": "2025-06-01",
                    "date_end": date_end,
                    "coverage_ids": [Command.create({"scope": "customer"})],
                }
                for date_end in ("2026-05-19", "2026-05-20", "2026-04-30", "2026-04-30")
            ]
        )
        contracts.action_activate()
        renewed.action_renew()
        terminated.termination_date = "2026-04-15"
        figure = self._read_figures()[name]
        self.assertEqual(figure["value"], before + 1)
        found = self.env[figure["model"]].search(figure["domain"])
        self.assertEqual(found & contracts, ending)
