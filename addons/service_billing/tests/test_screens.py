from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import BillingCalls


class TakenBackError(Exception):
    """What a button did is taken back."""


@tagged("post_install", "-at_install")
class TestScreens(BillingCalls):
    """Whoever sees a menu or a button may use it: accounting without service, and service without
    accounting."""

    def test_every_menu_and_button_may_be_used_by_whoever_sees_it(self):
        self._prepare_calls()
        self._invoice(self._closed_request()).sudo().action_post()
        self._request(self._create_equipment())
        self.env.flush_all()
        manager = self._create_user("manager", "installed_base.group_service_manager")
        for user, buttons in (
            (self.accountant, {"action_invoice", "action_start", "action_settle", "action_claim"}),
            (manager, {"action_invoice", "action_close", "action_send", "action_terminate"}),
        ):
            pressed = set()
            for action in self._list_actions(user):
                self.env.invalidate_all()
                with self.subTest(user=user.login, action=action.name):
                    pressed |= self._use(user, action)
            self.assertLessEqual(buttons, pressed, user.login)

    def _list_actions(self, user):
        """The windows behind the menus of the suite that this user sees."""
        roots = self.env["ir.ui.menu"].union(
            self.env.ref("service_billing.service_menu_invoicing"),
            self.env.ref("installed_base.service_menu_root"),
        )
        seen = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menus = roots.search([("id", "child_of", roots.ids), ("id", "in", seen)])
        return {
            menu.action
            for menu in menus.sudo()
            if menu.action and menu.action._name == "ir.actions.act_window"
        }

    def _use(self, user, action):
        """Open the views of an action with some of its records, and press every button there."""
        model = self.env[action.res_model].with_user(user)
        wanted = [(ref, kind) for ref, kind in action.views if kind != "activity"]
        views = model.get_views([*wanted, (False, "search")])["views"]
        records = model.search(safe_eval(action.domain or "[]", {"uid": user.id}), limit=5)
        pressed = set()
        for _ref, kind in wanted:
            arch = etree.fromstring(views[kind]["arch"])
            shown = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
            records.read(list(shown & set(model._fields)))
            if kind == "form":
                for record in records[:1]:
                    Form(record)
            for button in arch.xpath("//button[@type='object']"):
                path = [field.get("name") for field in button.iterancestors("field")]
                for record in records.mapped(".".join(reversed(path))) if path else records:
                    pressed.add(self._press(record, button.get("name")))
        return pressed

    def _press(self, record, name):
        """A sentence may refuse what makes no sense on a record, but never a lack of rights."""
        try:
            with self.env.cr.savepoint():
                self._follow(record.env, getattr(record, name)())
                raise TakenBackError
        except AccessError as error:
            self.fail(f"{record.env.user.login} sees « {name} » on {record}: {error}")
        except (UserError, TakenBackError):
            self.env.invalidate_all()
        return name

    def _follow(self, env, action):
        """Open the window that a button leads to."""
        if not isinstance(action, dict) or action["type"] != "ir.actions.act_window":
            return
        model = env[action["res_model"]]
        model.get_views(action.get("views") or [(False, "form")])
        if action.get("res_id"):
            model.browse(action["res_id"]).read(["display_name"])
        else:
            model.search_read(action.get("domain") or [], ["display_name"], limit=2)
