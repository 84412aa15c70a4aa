from odoo.tests import tagged

from .delivery_common import DeliveryCommon

CONSTANT = 25
EACH = 2


@tagged("post_install", "-at_install")
class TestDeliveryQueries(DeliveryCommon):
    """What the installed base adds to the queries that stock itself needs for a delivery."""

    def _count_queries(self, number, is_equipment):
        self.machine_product.is_equipment = is_equipment
        serials = [f"B{number:03d}" for number in range(number)]
        with self.cr.savepoint() as savepoint:
            picking = self._transfer(self.machine_product, serials)
            picking.move_ids.picked = True
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            # as a user does it: with messages and tracking, which tests switch off
            picking.with_env(self.env(context={})).button_validate()
            self.env.flush_all()
            queries = self.cr.sql_log_count - before
            made = len(self._equipment(self.machine_product))
            self.assertEqual(made, number if is_equipment else 0)
            savepoint.rollback()
        self.env.invalidate_all()
        return queries

    def _added_queries(self, number):
        return self._count_queries(number, True) - self._count_queries(number, False)

    def test_delivery_adds_few_queries(self):
        self._added_queries(1)
        one, few, many = (self._added_queries(number) for number in (1, 10, 50))
        self.assertLessEqual((many - few) / 40, EACH)
        for number, added in ((1, one), (10, few), (50, many)):
            self.assertLessEqual(added, CONSTANT + EACH * number)
