from odoo.tests import tagged

from odoo.addons.installed_base.tests.unit_test_case import UnitTestCase


@tagged("post_install", "-at_install")
class TestJavaScript(UnitTestCase):
    def test_unit_tests(self):
        self._run_unit_tests("service_request")
