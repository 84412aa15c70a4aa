from odoo.tests import HttpCase, tagged

from .common import FieldInterventionCommon

GROUP = "installed_base.group_service_"


@tagged("post_install", "-at_install")
class TestFirstScreen(FieldInterventionCommon, HttpCase):
    """Where each role starts: after the login, and when the app is opened."""

    def _log_in(self, user):
        user.password = "first-screen-password"
        self.env.flush_all()
        self.authenticate(user.login, "first-screen-password")
        session = self.make_jsonrpc_request("/web/session/get_session_info", {})
        action = self.env["ir.actions.actions"].browse(session["home_action_id"] or [])
        return action.path

    def _open_app(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_web_menus(False)
        return menus[self.env.ref("installed_base.service_menu_root").id]["actionPath"]

    def test_each_role_starts_at_its_work(self):
        manager = self._create_user("boss", GROUP + "manager")
        for user, screen in (
            (manager, "service-dashboard"),
            (self.dispatcher, "service-board"),
            (self.call_taker, "service-requests"),
            (self.technician_user, "my-day"),
        ):
            with self.subTest(user.login):
                self.assertEqual(self._open_app(user), screen)
                self.assertEqual(self._log_in(user), screen)

    def test_preferences_go_first_and_others_start_as_ever(self):
        self.dispatcher.action_id = self.env.ref("service_request.service_request_action").id
        self.assertEqual(self._log_in(self.dispatcher), "service-requests")
        self.assertEqual(self._open_app(self.dispatcher), "service-board")
        for group in ("base.group_user", GROUP + "manager,base.group_system"):
            user = self._create_user(f"in {group}", *group.split(","))
            self.assertFalse(self._log_in(user), group)
