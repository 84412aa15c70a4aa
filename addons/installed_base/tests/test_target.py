from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import freeze_time, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestTarget(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("calltaker", "installed_base.group_service_user")
        cls.colleague = cls._create_user("colleague", "installed_base.group_service_user")
        cls.technician = cls._create_user("technician", "installed_base.group_service_technician")
        cls.old = cls._create_equipment(delivery_date="2020-06-15")
        cls.new = cls._create_equipment(delivery_date="2026-06-01")

    def _favourite(self, domain, **values):
        return self.env["ir.filters"].create(
            {
                "name": "My machines",
                "model_id": "service.equipment",
                "domain": domain,
                "user_ids": self.user.ids,
                **values,
            }
        )

    def _domain(self, favourite, user=None):
        return (
            self.env["service.equipment"].with_user(user or self.user)._get_target_domain(favourite)
        )

    def _find(self, text):
        model = self.env["service.equipment"].with_user(self.user)
        mine = Domain("id", "in", (self.old + self.new).ids)
        return model.search(self._domain(self._favourite(text)) & mine).with_env(self.env)

    def test_plain_filter(self):
        self.assertEqual(self._find("[('delivery_date', '<', '2021-01-01')]"), self.old)
        self.assertEqual(self._find("[]"), self.new + self.old)
        self.assertEqual(
            self._find(
                "['&', ('partner_id', 'ilike', 'lac'), '!', ('delivery_date', '>', '2021-01-01')]"
            ),
            self.old,
        )

    def test_relative_dates_of_the_web_client(self):
        for text in (
            "[('delivery_date', '>=', 'today -30d')]",
            "[('delivery_date', '>=', "
            "(context_today() - relativedelta(days=30)).strftime('%Y-%m-%d'))]",
            "[('delivery_date', '>=', context_today() + relativedelta(months=-1))]",
            "[('delivery_date', '<=', current_date), ('delivery_date', '>', '2026-01-01')]",
            "[('delivery_date', '>=', datetime.date(2026, 6, 1))]",
        ):
            self.assertEqual(self._find(text), self.new, text)

    def test_uid_and_companies_are_those_of_the_user(self):
        mine = (
            self.env["service.equipment"]
            .with_user(self.user)
            .create({"product_id": self.machine_product.id, "partner_id": self.customer.id})
        )
        favourite = self._favourite(
            "[('create_uid', '=', uid), ('company_id', 'in', allowed_company_ids)]"
        )
        found = self.env["service.equipment"].with_user(self.user).search(self._domain(favourite))
        self.assertEqual(found, mine)

    def test_shared_filter_serves_everybody(self):
        shared = self._favourite(f"[('id', '=', {self.old.id})]", user_ids=False)
        domain = self._domain(shared, self.colleague)
        self.assertEqual(self.env["service.equipment"].search(domain), self.old)

    def test_filter_of_somebody_else_is_refused(self):
        favourite = self._favourite("[]")
        with self.assertRefused(UserError, "My machines.*belongs to Calltaker"):
            self._domain(favourite, self.colleague)
        with self.assertRefused(UserError, "belongs to Calltaker"):
            self.env["service.equipment"].sudo()._get_target_domain(favourite)

    def test_filter_of_another_model_is_refused(self):
        with self.assertRefused(UserError, "none of machines"):
            self._domain(self._favourite("[]", model_id="res.partner"))

    def test_deleted_filter_is_refused(self):
        favourite = self._favourite("[]")
        favourite.unlink()
        with self.assertRefused(UserError, "does not exist any more"):
            self._domain(favourite)

    def test_code_in_a_filter_is_refused(self):
        for text in (
            "__import__('os').system('id')",
            "[('id', 'in', [x for x in range(9)])]",
            "[('id', '=', (lambda: 1)())]",
            "[('name', '=', ''.__class__.__mro__)]",
            "[('name', '=', context_today.__globals__)]",
            "[('name', '=', datetime.sys)]",
            "[('name', '=', open('/etc/passwd').read())]",
            "[('name', '=', env['res.users'].browse(2).password)]",
            "[('id', '=', 9 ** 9 ** 9)]",
            "[('id', 'in', [0] * 10 ** 10)]",
            "[('name', '=', f'{uid}')]",
            "[('name', '=', '{0.__class__}'.format(uid))]",
            "[('id', '=', (y := 3))]",
            "{'a': 1}",
        ):
            with self.assertRefused(UserError, "My machines.*broken.*code"):
                self._domain(self._favourite(text))

    def test_broken_filter_says_so(self):
        for text in (
            "[('delivery_date', '<', ",
            "[('no_such_field', '=', 1)]",
            "[('partner_id.no_such_field', '=', 1)]",
            "[('name', 'no such operator', 1)]",
            "[('name', '=')]",
            "['&']",
            "42",
            "",
            "[('delivery_date', '<', context_today() + 'x')]",
            "[('delivery_date', '<', context_today() + relativedelta(years=99999))]",
            "[('id', '=', %s)]" % ("-" * 5000 + "1"),
            "[('name', '=', '%s')]" % ("x" * 30_000),
        ):
            with self.assertRefused(UserError, "My machines.*broken"):
                self._domain(self._favourite(text))

    def test_filter_on_what_the_user_may_not_see_shows_nothing_of_it(self):
        favourite = self._favourite("[('sale_price', '>', 100)]", user_ids=False)
        machines = self.env["service.equipment"].with_user(self.technician)
        with self.assertRefused(AccessError, "sale_price"):
            machines.search(machines._get_target_domain(favourite))

    def test_machines_of_other_companies_stay_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_equipment(company_id=company.id)
        machines = self.env["service.equipment"].with_user(self.user)
        self.assertNotIn(foreign, machines.search(self._domain(self._favourite("[]"))))
