from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceContractCommon

GROUPS = {
    "taker": "installed_base.group_service_user",
    "manager": "installed_base.group_service_manager",
    "technician": "installed_base.group_service_technician",
    "accountant": "account.group_account_invoice",
    "clerk": "stock.group_stock_user",
}


@tagged("post_install", "-at_install")
class TestAccessTerms(ServiceContractCommon):
    """Indexes, meter terms, suspensions and alerts: who reads and who decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {name: cls._create_user(name, group) for name, group in GROUPS.items()}
        hours = cls.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": cls.env.ref("uom.product_uom_hour").id}
        )
        contract = cls._create_contract()
        contract.action_suspend(reason="unpaid", date="2026-06-15")
        index = cls.env["service.index"].create(
            {"name": "Labour", "value_ids": [Command.create({"date": "2026-01-01", "value": 1})]}
        )
        term = cls.env["service.contract.meter.term"].create(
            {
                "contract_id": contract.id,
                "meter_type_id": hours.id,
                "tier_ids": [Command.create({"price_unit": 1})],
            }
        )
        alert = cls.env["service.contract.alert"].create(
            {"contract_id": contract.id, "limit": "points", "threshold": 80}
        )
        cls.facts = [
            (index, "manager", "taker manager accountant"),
            (index.value_ids, "manager", "taker manager accountant"),
            (term, "manager", "taker manager accountant technician"),
            (term.tier_ids, "manager", "taker manager accountant"),
            (contract.suspension_ids, "manager", "taker manager accountant technician"),
            (alert, "", "taker manager accountant"),
        ]

    def test_who_reads_and_who_decides(self):
        self.env.flush_all()
        self.env.invalidate_all()
        for record, writers, readers in self.facts:
            for name, user in self.users.items():
                with self.subTest(model=record._name, user=name):
                    mine = record.with_user(user)
                    self.assertEqual(mine.has_access("read"), name in readers.split())
                    self.assertEqual(mine.has_access("write"), name in writers.split())

    def test_a_user_of_another_company_sees_none_of_it(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user("stranger", GROUPS["manager"])
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.env.flush_all()
        self.env.invalidate_all()
        for record, _writers, _readers in self.facts[2:]:
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(stranger).read(["create_date"])

    def test_a_technician_reads_no_price(self):
        technician = self.users["technician"]
        self.env.invalidate_all()
        contract = self.env["service.contract"].with_user(technician).search([], limit=1)
        with self.assertRaises(AccessError):
            contract.read(["conformity_cost"])
        with self.assertRaises(AccessError):
            contract.action_quote_renewal()
