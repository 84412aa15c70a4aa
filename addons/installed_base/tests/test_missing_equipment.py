from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestMissingEquipment(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.machine_product | cls.cable | cls.radiator
        cls.products.is_equipment = False

    def _create_missing(self):
        self.products.is_equipment = True
        return self.products.product_tmpl_id._create_missing_equipment()

    def test_deliveries_of_the_past_make_their_machines(self):
        picking = self._ship(self.machine_product, ["B1", "B2"])
        picking.move_ids.date = "2025-03-01 10:00:00"
        self._ship(self.radiator, quantity=4)
        self.assertFalse(self._equipment(self.machine_product))
        machines = self._create_missing()
        self.assertEqual(len(machines), 3)
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {
                    "serial_number": serial,
                    "site_id": self.site.id,
                    "delivery_date": fields.Date.to_date("2025-03-01"),
                    "state": "in_service",
                }
                for serial in ("B1", "B2")
            ],
        )
        self.assertEqual(
            set(self._equipment(self.machine_product).event_ids.mapped("date")),
            {fields.Datetime.to_datetime("2025-03-01 10:00:00")},
        )
        self.assertEqual(self._equipment(self.radiator).quantity, 4.0)

    def test_what_came_back_is_returned_or_less(self):
        self._return(self._ship(self.machine_product, ["B1"]), serials=["B1"])
        self._return(self._ship(self.cable, {"L1": 5}), quantity=2)
        self._return(self._ship(self.radiator, quantity=4), quantity=3)
        self._ship(self.radiator, quantity=10)
        self._create_missing()
        self.assertEqual(self._equipment(self.machine_product).state, "returned")
        self.assertRecordValues(
            self._equipment(self.cable), [{"quantity": 3.0, "state": "in_service"}]
        )
        self.assertEqual(self._equipment(self.radiator).mapped("quantity"), [1.0, 10.0])

    def test_machine_resold_in_the_past_is_at_its_last_owner(self):
        first = self._ship(self.machine_product, ["B1", "B2"])
        self._return(first, serials=["B1"])
        self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        self._create_missing()
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {"serial_number": "B1", "partner_id": self.other_customer.id},
                {"serial_number": "B2", "partner_id": self.customer.id},
            ],
        )
        self.assertEqual(set(self._equipment(self.machine_product).mapped("state")), {"in_service"})

    def test_history_of_the_past_has_the_dates_of_its_moves(self):
        first = self._ship(self.machine_product, ["B1"])
        first.move_ids.date = "2025-03-01 10:00:00"
        back = self._return(first, serials=["B1"])
        back.move_ids.date = "2025-04-02 10:00:00"
        second = self._ship(self.machine_product, ["B1"], partner=self.other_customer)
        second.move_ids.date = "2025-05-03 10:00:00"
        self._create_missing()
        machine = self._equipment(self.machine_product)
        self.assertRecordValues(
            machine,
            [
                {
                    name: fields.Date.to_date("2025-05-03")
                    for name in ("owner_since", "site_since", "state_since", "delivery_date")
                }
            ],
        )
        self.assertEqual(
            [(e.event_type, str(e.date.date())) for e in machine.event_ids.sorted("id")],
            [
                ("delivered", "2025-03-01"),
                ("state_changed", "2025-04-02"),
                ("returned", "2025-04-02"),
                ("owner_changed", "2025-05-03"),
                ("moved", "2025-05-03"),
                ("state_changed", "2025-05-03"),
                ("delivered", "2025-05-03"),
            ],
        )

    def test_known_machine_stays_where_it_is(self):
        self._ship(self.machine_product, ["B1"])
        typed = self._create_equipment(
            serial_number="B1",
            partner_id=self.other_customer.id,
            site_id=self.other_customer.id,
        )
        self.assertFalse(self._create_missing())
        self.assertEqual(self._equipment(self.machine_product), typed)
        self.assertEqual(typed.partner_id, self.other_customer)

    def test_nothing_is_made_twice(self):
        self._ship(self.radiator, quantity=4)
        self.assertEqual(len(self._create_missing()), 1)
        self.assertFalse(self._create_missing())
        with self.assertRefused(UserError, "Nothing is missing.*Radiator"):
            self.radiator.product_tmpl_id.action_create_missing_equipment()

    def test_service_manager_without_stock_rights_makes_them(self):
        self._ship(self.machine_product, ["B1"])
        self.machine_product.is_equipment = True
        manager = self._create_user("chief", "installed_base.group_service_manager")
        template = self.machine_product.product_tmpl_id.with_user(manager)
        action = template.action_create_missing_equipment()
        self.assertEqual(action["res_id"], self._equipment(self.machine_product).id)

    def test_employee_may_not_make_them(self):
        self._ship(self.machine_product, ["B1"])
        self.machine_product.is_equipment = True
        employee = self._create_user("clerk")
        with self.assertRefused(AccessError, "Equipment"):
            self.machine_product.product_tmpl_id.with_user(employee)._create_missing_equipment()

    def test_other_companies_are_left_alone(self):
        self._ship(self.machine_product, ["B1"])
        branch = self.env["res.company"].create({"name": "Branch"})
        self.machine_product.is_equipment = True
        template = self.machine_product.product_tmpl_id.with_context(allowed_company_ids=branch.ids)
        self.assertFalse(template._create_missing_equipment())

    def test_number_of_rounds_does_not_grow_with_the_deliveries(self):
        for number in range(6):
            self._ship(self.machine_product, [f"B{number}"])
        moves = self.env["stock.move"].search([("product_id", "=", self.machine_product.id)])
        self.assertEqual({number for _move, number in moves._number_rounds()}, {0})
