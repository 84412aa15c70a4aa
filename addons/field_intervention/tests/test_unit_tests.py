from odoo.tests import tagged

from odoo.addons.installed_base.tests.unit_test_case import UnitTestCase


@tagged("post_install", "-at_install")
class TestUnitTests(UnitTestCase):
    def test_unit_tests_of_the_board(self):
        self._run_unit_tests("field_intervention")
