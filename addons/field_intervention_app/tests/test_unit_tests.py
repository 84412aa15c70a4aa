import gzip

from odoo.tests import tagged

from odoo.addons.installed_base.tests.unit_test_case import UnitTestCase

MAX_BUNDLE = 350_000


@tagged("post_install", "-at_install")
class TestUnitTests(UnitTestCase):
    def test_unit_tests_of_the_model(self):
        self._run_unit_tests("field_intervention_app")

    def test_the_bundle_stays_small(self):
        bundle = "field_intervention_app.assets_app"
        links = self.env["ir.qweb"]._get_asset_links(bundle)
        size = sum(len(gzip.compress(self.url_open(link).content)) for link in links)
        self.assertLess(size, MAX_BUNDLE)
