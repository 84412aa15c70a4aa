from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestVanCount(FieldInterventionCommon):
    """The van holds five burners: what is counted waits until the agency applies it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env["stock.location"].create({"name": "Case", "location_id": cls.van.id})
        cls.gasket = cls._create_product("Gasket", is_storable=True)
        cls.env["stock.quant"]._update_available_quantity(cls.gasket, cls.case, 4)

    def _count(self, **counted):
        """Count some products, by name, in the technician's own dialog."""
        self.env.invalidate_all()
        count = self.env["service.van.count"].with_user(self.technician_user).create({})
        for line in count.line_ids:
            if line.product_id.name in counted:
                line.write({"counted": counted[line.product_id.name], "is_counted": True})
        count.action_send()
        self.env.invalidate_all()
        return self.env["stock.quant"].search([("van_count_date", "!=", False)])

    def _held(self, product, place=None):
        return self.env["stock.quant"]._get_available_quantity(product, place or self.van)

    def test_a_list_is_counted_and_the_agency_applies_it(self):
        counts = self._count(**{self.gasket.name: 6})
        self.assertRecordValues(
            counts,
            [
                {
                    "product_id": self.gasket.id,
                    "location_id": self.case.id,
                    "quantity": 4,
                    "inventory_quantity": 6,
                    "inventory_diff_quantity": 2,
                    "van_technician_id": self.technician.id,
                }
            ],
        )
        self.assertEqual(self._held(self.gasket), 4, "it waits")
        action = self.env["stock.quant"].with_user(self.dispatcher).action_view_van_counts()
        waiting = self.env["stock.quant"].with_user(self.dispatcher).search(action["domain"])
        self.assertEqual(waiting.ids, counts.ids)
        waiting.action_apply_van_count()
        self.env.invalidate_all()
        self.assertEqual(self._held(self.gasket), 6)
        self.assertFalse(counts.van_count_date)
        self.assertEqual(self._held(self.burner), 5, "it was not counted")

    def test_what_was_used_after_the_count_stays_used(self):
        counts = self._count(**{self.burner.name: 4})
        self.env["stock.quant"]._update_available_quantity(self.burner, self.van, -2)
        self.assertRecordValues(
            counts,
            [
                {
                    "quantity": 3,
                    "van_count_expected": 5,
                    "inventory_quantity": 4,
                    "inventory_diff_quantity": -1,
                }
            ],
        )
        counts.with_user(self.dispatcher).action_apply_van_count()
        self.assertEqual(self._held(self.burner), 2, "five, one missing, two used")

    def test_nothing_left_is_a_count_and_a_refused_one_changes_nothing(self):
        counts = self._count(**{self.burner.name: 0})
        self.assertEqual(counts.inventory_diff_quantity, -5)
        counts.with_user(self.dispatcher).action_refuse_van_count()
        self.env.invalidate_all()
        self.assertEqual(self._held(self.burner), 5)
        with self.assertRefused(UserError, "does not wait for you"):
            counts.with_user(self.dispatcher).action_apply_van_count()

    def test_a_part_that_the_stock_does_not_know_there(self):
        count = self.env["service.van.count"].with_user(self.technician_user).create({})
        pump = self._create_product("Pump", is_storable=True)
        count.line_ids = [Command.create({"product_id": pump.id, "counted": 3})]
        count.action_send()
        self.env.invalidate_all()
        [quant] = self.env["stock.quant"].search([("van_count_date", "!=", False)])
        self.assertEqual((quant.product_id, quant.location_id), (pump, self.van))
        quant.with_user(self.dispatcher).action_apply_van_count()
        self.assertEqual(self._held(pump), 3)

    def test_who_may_do_what(self):
        with self.assertRefused(UserError, "Tick what you counted"):
            self._count()
        counts = self._count(**{self.burner.name: 1})
        for user in (self.technician_user, self.call_taker):
            self.env.invalidate_all()
            for action in ("action_apply_van_count", "action_refuse_van_count"):
                with self.assertRefused(AccessError, "Only dispatchers"):
                    getattr(counts.with_user(user), action)()
        with self.assertRefused(AccessError, "not allowed to modify"):
            counts.with_user(self.technician_user).write({"inventory_quantity": 9})
        other = self.env["service.agency"].create(
            {"name": "Far Away", "code": "FAR", "company_id": self.env.company.id}
        )
        other.user_ids = self.dispatcher
        self.technician.technician_agency_ids = self.agency
        self.env.invalidate_all()
        with self.assertRefused(UserError, "another agency"):
            counts.with_user(self.dispatcher).action_apply_van_count()
        with self.assertRefused(UserError, "is not in your van"):
            self.technician._count_van(
                [
                    {
                        "product": self.burner,
                        "lot": self.env["stock.lot"],
                        "location": self.warehouse.lot_stock_id,
                        "quantity": 1,
                    }
                ]
            )

    def test_many_lines_need_the_same_queries(self):
        products = self.env["product.product"].create(
            [{"name": f"P{n}", "is_storable": True} for n in range(40)]
        )

        def count(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.technician._count_van(
                [
                    {
                        "product": product,
                        "lot": self.env["stock.lot"],
                        "location": self.van,
                        "quantity": 1,
                    }
                    for product in some
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        for product in products:
            self.env["stock.quant"]._update_available_quantity(product, self.van, 2)
        count(products[:2])
        few, many = count(products[:2]), count(products)
        self.assertLessEqual(many, few + 2)
