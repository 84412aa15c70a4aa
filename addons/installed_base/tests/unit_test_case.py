from odoo.tests import HttpCase

from odoo.addons.web.tests.test_js import unit_test_error_checker

MODULUS = 1 << 32


class UnitTestCase(HttpCase):
    """Runs the JavaScript unit tests of an addon in a browser."""

    def _run_unit_tests(self, addon):
        """Run the suite `@<addon>`: what `static/tests/` holds but its tours."""
        number = 0
        for character in f"@{addon}":  # the name of a suite in the address of its page
            number = (number * 31 + ord(character)) % MODULUS
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={number:08x}",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
