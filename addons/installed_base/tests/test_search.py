from odoo.tests import tagged
from odoo.tools import SQL

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestSearch(InstalledBaseCommon):
    """The one search box, which is the search on the display name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls._create_equipment(serial_number="ZX-81_a%b")
        cls.other_site = cls.env["res.partner"].create(
            {
                "name": "Laundry",
                "parent_id": cls.other_customer.id,
                "type": "delivery",
                "zip": "38740",
                "city": "Entraigues",
            }
        )
        cls.pump_product = cls._create_product("Circulator", default_code="PUMP-7")
        cls.pump = cls._create_equipment(
            product_id=cls.pump_product.id,
            partner_id=cls.other_customer.id,
            site_id=cls.other_site.id,
        )

    def _find(self, text):
        both = self.machine | self.pump
        return self.env["service.equipment"].search(
            [("display_name", "ilike", text), ("id", "in", both.ids)]
        )

    def test_machine_is_found_by_each_thing_it_is_known_by(self):
        for text in (
            self.machine.code,
            self.machine.code[-5:],
            "ZX-81",
            "zx-81",
            "X-81",
            "boiler b2",
            "hôtel du",
            "Boiler room",
            "nnec",  # Annecy
            "74000",
            "740",
            " 74000 ",
        ):
            with self.subTest(text):
                self.assertEqual(self._find(text), self.machine)
        for text in ("Circulator", "PUMP-7", "alpes", "laundry", "entraig", "3874"):
            with self.subTest(text):
                self.assertEqual(self._find(text), self.pump)

    def test_zip_is_found_from_its_beginning_only(self):
        self.assertFalse(self._find("8740"))

    def test_two_letters_find_what_begins_with_them(self):
        self.assertEqual(self._find("zx"), self.machine)
        self.assertEqual(self._find("cl"), self.pump)
        self.assertEqual(self._find("en"), self.pump)
        self.assertFalse(self._find("x-"))

    def test_signs_of_patterns_are_ordinary_letters(self):
        self.assertEqual(self._find("_a%b"), self.machine)
        self.assertFalse(self._find("%"))
        self.assertFalse(self._find("_"))
        self.assertFalse(self._find("7_0"))

    def test_nothing_typed_finds_everything(self):
        self.assertEqual(self._find(""), self.pump | self.machine)

    def test_what_does_not_match_is_found_by_the_opposite(self):
        equipment = self.env["service.equipment"]
        found = equipment.search([("display_name", "not ilike", "Circulator")])
        self.assertIn(self.machine, found)
        self.assertNotIn(self.pump, found)

    def test_archived_machine_is_found_only_when_asked_for(self):
        self.machine.active = False
        self.assertFalse(self._find("ZX-81"))
        archived = self.env["service.equipment"].with_context(active_test=False)
        self.assertEqual(archived.search([("display_name", "ilike", "ZX-81")]), self.machine)

    def test_machine_of_an_archived_product_or_customer_is_found(self):
        self.machine_product.active = False
        self.assertEqual(self._find("Boiler B20"), self.machine)

    def test_machine_of_another_company_is_not_found(self):
        agent = self._create_user("agent", "installed_base.group_service_user")
        branch = self.env["res.company"].create({"name": "Branch"})
        self.machine.company_id = branch
        found = self.env["service.equipment"].with_user(agent)
        self.assertFalse(found.search([("display_name", "ilike", "ZX-81")]))

    def test_call_taker_without_rights_on_products_finds_by_product(self):
        agent = self._create_user("agent", "installed_base.group_service_user")
        found = self.env["service.equipment"].with_user(agent).name_search("PUMP-7")
        self.assertEqual([machine_id for machine_id, _name in found], self.pump.ids)

    def test_no_machine_is_read_that_does_not_match(self):
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan TO off")
        query = self.env["service.equipment"]._search([("display_name", "ilike", "ZX-81")])
        self.cr.execute(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(line for (line,) in self.cr.fetchall())
        self.assertNotIn("Seq Scan on service_equipment", plan)
        # this is how an OR over several tables is answered: for each machine there is
        self.assertNotIn("SubPlan", plan)
