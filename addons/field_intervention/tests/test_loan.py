from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestLoan(FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls._deliver_machine()
        cls.lot = cls._get_lots(cls.machine_product, ["LOAN-1"])
        cls.env["stock.quant"]._update_available_quantity(
            cls.machine_product, cls.warehouse.lot_stock_id, 1, lot_id=cls.lot
        )

    def _loan(self):
        intervention = self._plan(self._request(self.machine)).with_user(self.technician_user)
        action = intervention.action_request_loan()
        return self.env["service.loan"].browse(action["res_id"]).with_user(self.call_taker)

    def test_a_lent_machine_stands_at_the_site_until_it_comes_back(self):
        loan = self._loan()
        with self.assertRefused(UserError, "which machine is lent, when it is due back"):
            loan.action_lend()
        loan.write({"loan_lot_id": self.lot.id, "date_due": "2030-05-01"})
        loan.action_lend()
        self.assertRecordValues(
            loan.loan_equipment_id,
            [{"lot_id": self.lot.id, "state": "on_loan", "site_id": self.site.id}],
        )
        self.assertEqual(loan.sudo().out_picking_id.state, "done")
        self.assertFalse(loan.loan_equipment_id.delivery_date, "it was not sold")
        loan.action_return()
        self.assertRecordValues(loan.loan_equipment_id, [{"state": "returned"}])
        self.assertEqual(
            self.env["stock.quant"]._get_available_quantity(
                self.machine_product, self.warehouse.lot_stock_id, lot_id=self.lot
            ),
            1,
        )
        with self.assertRefused(UserError, "« Returned »"):
            loan.action_return()

    def test_responsible_is_reminded_once(self):
        loan = self._loan()
        loan.write(
            {"loan_lot_id": self.lot.id, "date_due": "2030-05-01", "user_id": self.dispatcher.id}
        )
        loan.action_lend()
        for day, reminders in (("2030-04-27", 0), ("2030-04-28", 1), ("2030-05-02", 1)):
            with freeze_time(day):
                self.env["service.loan"]._cron_remind()
            self.assertEqual(len(loan.activity_ids), reminders, day)
        self.assertEqual(loan.activity_ids.date_deadline, date(2030, 5, 1))
        loan.activity_ids.unlink()
        for values, reminders in (({}, 0), ({"date_due": "2030-05-03"}, 1)):
            loan.write(values)
            with freeze_time("2030-05-02"):
                self.env["service.loan"]._cron_remind()
            self.assertEqual(len(loan.activity_ids), reminders, "again for another date only")

    def test_machine_in_the_workshop_stays_the_customers(self):
        intervention = self._plan(self._request(self.machine))
        delivered = self.machine.delivery_date
        with self.assertRefused(UserError, "Workshop"):
            intervention.action_receive_machines()
        intervention.intervention_type = "workshop"
        product = self.machine_product.with_context(warehouse_id=self.warehouse.id)
        ours = product.qty_available, product.free_qty, product.total_value
        intervention.action_receive_machines()
        self.assertRecordValues(
            self.machine, [{"state": "in_repair", "partner_id": self.customer.id}]
        )
        self.assertRecordValues(
            intervention.sudo().picking_ids.move_line_ids,
            [
                {
                    "lot_id": self.machine.lot_id.id,
                    "location_dest_id": self.warehouse.service_workshop_location_id.id,
                    "owner_id": self.customer.id,
                    "state": "done",
                }
            ],
        )
        self.env.invalidate_all()
        self.assertEqual((product.qty_available, product.free_qty, product.total_value), ours)
        self.assertFalse(sum(intervention.sudo().picking_ids.move_ids.mapped("value")))
        intervention.action_give_back_machines()
        self.assertRecordValues(
            self.machine,
            [{"state": "in_service", "delivery_date": delivered, "site_id": self.site.id}],
        )
        self.assertEqual(intervention.sudo().picking_ids.mapped("state"), ["done", "done"])
        place = self.warehouse.service_workshop_location_id
        left = self.env["stock.quant"].search([("location_id", "=", place.id)])
        self.assertFalse(sum(left.mapped("quantity")))

    def test_machine_goes_back_from_where_it_stands(self):
        intervention = self._plan(self._request(self.machine))
        intervention.intervention_type = "workshop"
        # called in repair, and never received
        self.machine.state = "in_repair"
        intervention.action_give_back_machines()
        self.assertEqual(self.machine.state, "in_service")
        self.assertFalse(intervention.sudo().picking_ids)
        self.env.invalidate_all()
        # who works on it has it
        intervention.with_user(self.technician_user).action_start()
        self.assertEqual(self.machine.state, "in_repair")
        intervention.action_receive_machines()
        self.assertEqual(len(intervention.sudo().picking_ids), 1)
        shelf = self.env["stock.location"].create(
            {"name": "Bench", "location_id": self.warehouse.service_workshop_location_id.id}
        )
        self.env["stock.picking"]._move_machine(
            self.warehouse.int_type_id,
            self.warehouse.service_workshop_location_id,
            shelf,
            self.machine_product,
            self.machine.lot_id,
            self.customer,
        )
        intervention.action_give_back_machines()
        self.assertEqual(intervention.sudo().picking_ids.move_ids[-1:].location_id, shelf)

    def _in_workshop(self):
        """A machine in the workshop that nothing covers, with the part that it needs; estimated."""
        seller = self._create_user(
            f"seller{self.env.cr.sql_log_count}",
            "installed_base.group_service_dispatcher",
            "sales_team.group_sale_salesman_all_leads",
        )
        request = self._request(self.machine, coverage_manual="none")
        self._consume(request, self.burner, 1)
        intervention = self._plan(request)
        intervention.intervention_type = "workshop"
        intervention.action_receive_machines()
        self.assertFalse(intervention.estimate_state)
        action = intervention.with_user(seller).action_estimate()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.order_line.product_id, self.burner)
        self.env.invalidate_all()
        self.assertEqual(intervention.with_user(self.technician_user).estimate_state, "waiting")
        return intervention, order.with_user(seller)

    def test_accepted_estimate_is_repaired_and_paid_by_its_order(self):
        intervention, order = self._in_workshop()
        order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(intervention.estimate_state, "accepted")
        self.assertEqual(intervention.request_id.coverage_sale_id, order)
        self.assertEqual(intervention.state, "planned")

    def test_refused_estimate_sends_the_machine_back(self):
        intervention, order = self._in_workshop()
        order._action_cancel()
        self.env.invalidate_all()
        self.assertRecordValues(
            intervention,
            [
                {
                    "estimate_state": "refused",
                    "state": "cancelled",
                    "cancel_reason": f"Estimate {order.name} was refused.",
                }
            ],
        )
        self.assertIn("Give the machine back", intervention.sudo().message_ids[0].body)
        intervention.action_give_back_machines()
        self.assertEqual(self.machine.state, "in_service")
