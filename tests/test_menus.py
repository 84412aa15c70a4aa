from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import LoopCommon

GROUP = "installed_base.group_service_"


@tagged("post_install", "-at_install")
class TestMenus(LoopCommon):
    """Whoever sees a menu can open it: its views, and the records with all their columns."""

    def _open_menus(self, user):
        """Open every menu of the suite that ``user`` sees; return their names."""
        seen = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        roots = self.env.ref("installed_base.service_menu_root") | self.env.ref(
            "service_billing.service_menu_invoicing"
        )
        menus = self.env["ir.ui.menu"].search([("id", "child_of", roots.ids), ("id", "in", seen)])
        opened = []
        for menu in menus.filtered(lambda m: m.action and m.action._name.endswith("act_window")):
            with self.subTest(user=user.login, menu=menu.complete_name):
                self._open(menu.action.sudo(False).with_user(user).sudo())
                opened.append(menu.complete_name)
        return opened

    def _open(self, action):
        model = self.env[action.res_model].with_user(action.env.user)
        domain = safe_eval(action.domain or "[]", {"uid": action.env.uid})
        kinds = [kind for kind in action.view_mode.split(",") if kind != "activity"]
        views = model.get_views([(False, kind) for kind in [*kinds, "search"]])["views"]
        for kind in kinds:
            arch = etree.fromstring(views[kind]["arch"])
            outside = arch.xpath(
                "//*[contains(@column_invisible, 'parent.')][not(ancestor::field)]"
            )
            self.assertFalse(outside, "a list of a menu has no parent: the client would fail")
            names = {
                node.get("name")
                for node in arch.iter("field")
                if not any(parent.tag == "field" for parent in node.iterancestors())
            }
            shown = names & set(model._fields) or {"display_name"}  # no names would read all
            model.search_read(domain, list(shown), limit=5)
        if "form" in kinds and action.res_model.startswith("service."):
            for record in model.search(domain, limit=1):
                Form(record)

    def test_every_menu_opens_for_everyone_who_sees_it(self):
        manager = self._create_user("manager", GROUP + "manager")
        director = self._create_user("director", GROUP + "sales_director")
        equipment = self._deliver_machine()
        request = self._request(equipment)
        self._plan(request)
        self._consume(request, self.labor)
        for user, least in (
            (self.call_taker, 12),
            (self.dispatcher, 15),
            (self.technician_user, 6),
            (manager, 25),
            (director, 12),
            (self.accountant, 1),
        ):
            self.env.invalidate_all()
            self.assertGreaterEqual(len(self._open_menus(user)), least, user.login)
