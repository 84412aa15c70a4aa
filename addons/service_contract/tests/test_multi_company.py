from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestMultiCompany(ServiceContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "South"})
        cls.here = cls._create_contract({"scope": "customer"})
        cls.there = cls._create_contract({"scope": "customer"}, company_id=cls.branch.id)
        cls.user = cls._create_user("north", "installed_base.group_service_manager")

    def test_each_company_covers_with_its_own_contracts(self):
        self.assertCovers(self._cover(equipment_id=False), self.here)
        self.assertCovers(self._cover(equipment_id=False, company_id=self.branch.id), self.there)
        engine = self.env["service.contract"].with_company(self.branch)
        answer = engine._cover([{"partner_id": self.customer.id}], "2026-06-15")[0]
        self.assertCovers(answer, self.there)

    def test_a_machine_is_covered_by_contracts_of_its_company(self):
        machine = self._create_equipment(company_id=self.branch.id, site_id=self.site.id)
        self.assertCovers(self._cover(equipment_id=machine.id), self.there)

    def test_contracts_of_another_company_are_not_seen(self):
        contracts = self.env["service.contract"].with_user(self.user)
        found = contracts.search([("id", "in", (self.here | self.there).ids)])
        self.assertEqual(found, self.here)
        for record in (self.there, self.there.coverage_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user).read(["display_name"])

    def test_templates_without_company_are_shared(self):
        shared = self._create_template({"scope": "customer"})
        foreign = self._create_template({"scope": "customer"}, company_id=self.branch.id)
        templates = self.env["service.contract.template"].with_user(self.user)
        found = templates.search([("id", "in", (shared | foreign).ids)])
        self.assertEqual(found, shared)
        self.assertTrue(shared.coverage_ids.with_user(self.user).read(["scope"]))
        with self.assertRaises(AccessError):
            foreign.coverage_ids.with_user(self.user).read(["scope"])

    def test_a_contract_does_not_name_machines_of_another_company(self):
        with self.assertRaises(UserError):
            self.there.coverage_ids = [
                Command.create({"scope": "equipment", "equipment_id": self.machine.id})
            ]

    def test_the_payer_depends_on_the_company(self):
        self.customer.with_company(self.branch).service_payer_id = self.other_customer
        here = self._create_contract()
        there = self._create_contract({"scope": "customer"}, company_id=self.branch.id)
        self.assertFalse(here.payer_id)
        self.assertEqual(there.payer_id, self.other_customer)

    def test_contracts_belong_to_an_agency_of_their_company(self):
        self.assertEqual(self.here.agency_id, self.agency)
        self.assertEqual(self.there.agency_id.company_id, self.branch)
