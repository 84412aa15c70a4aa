import json
import shutil
import tempfile
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import HttpCase

from .browser import Phone
from .common import FieldAppCommon
from .proxy import Network


class PhoneCase(FieldAppCommon, HttpCase):
    """A technician's phone in a real browser, behind a network that can be cut."""

    def setUp(self):
        super().setUp()
        for user in (self.technician_user, self.colleague_user):
            user.password = user.login
        # what the tests name while the phone works, when they must not ask the database
        self.uuid, self.burner_id = self.intervention.uuid, self.burner.id
        self.env.flush_all()
        self.network = Network(self.http_port())
        self.addCleanup(self.network.close)
        profile = tempfile.mkdtemp(prefix="phone")
        self.addCleanup(shutil.rmtree, profile, ignore_errors=True)
        self.phone = Phone(profile, self.network.url)
        self.addCleanup(self.phone.stop)

    @contextmanager
    def _using_phone(self):
        """While the technician works, the server answers; afterwards the database is read.

        The server's threads share the test's cursor: either they query or the test does. A query
        of the test in here fails at once, and no request is under way when this ends.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        with self.allow_requests(all_requests=True), self._without_queries():
            self.network.release()
            try:
                yield self.phone.tab
            finally:
                self.network.hold()
        self.env.invalidate_all()
        self.assertFalse(self.phone.errors)

    def _without_queries(self):
        execute, test = self.cr.execute, threading.get_ident()

        def execute_for_requests(*args, **kwargs):
            assert threading.get_ident() != test, "the test reads while the phone works"
            return execute(*args, **kwargs)

        return patch.object(self.cr, "execute", execute_for_requests)

    def _start_signed_in(self, login="technician"):
        """A phone that is ready to go offline."""
        with self._using_phone():
            self.phone.start()
            self.phone.tab.sign_in(login)
            self.phone.tab.wait_for(".visit")
            self.phone.tab.wait_kept()
            self.phone.tab.wait_sent()

    def _go_offline(self):
        self.network.down = True

    def _go_online(self):
        self.network.down = False

    def _open_job(self, tab):
        tab.click(f".visit[data-id='{self.uuid}']")
        tab.wait_for(".job")

    def _close_sheet(self, tab, button=".icon[aria-label=Close]"):
        tab.click(f".sheet {button}")
        tab.wait("!document.querySelector('.sheet')")

    def _record(self, tab, kind, **payload):
        """Enter something as the screens do."""
        payload = {"intervention": self.uuid, **payload}
        tab.run(f"fieldApp.record({{kind: {kind!r}, payload: {json.dumps(payload)}}})")

    def _used(self):
        """How many burners were recorded as used."""
        lines = self.intervention.consumption_ids.filtered(lambda c: c.state == "done")
        return sum(lines.filtered(lambda c: c.product_id == self.burner).mapped("quantity"))
