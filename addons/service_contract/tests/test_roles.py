from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.installed_base.tests.rights import RightsTable

from .common import ServiceContractCommon

GROUPS = {
    "portal": "",
    "employee": "",
    "technician": "installed_base.group_service_technician",
    "taker": "installed_base.group_service_user",
    "dispatcher": "installed_base.group_service_dispatcher",
    "manager": "installed_base.group_service_manager",
    "accountant": "account.group_account_invoice",
    "seller": "sales_team.group_sale_salesman",
}
# what each role may do, in the order of GROUPS: read, write, create, unlink
MATRIX = {
    # what is promised
    "service.contract": "- - r r r rwcu r r",
    "service.contract.template": "- - r r r rwcu r r",
    "service.contract.coverage": "- - r r r rwcu r r",
    "service.contract.commitment": "- - r r r rwcu r r",
    "service.contract.meter.term": "- - r r r rwcu r r",
    "service.competence": "- - r r r rwcu r r",
    # what it costs
    "service.contract.meter.tier": "- - - r r rwcu r r",
    "service.index": "- - - r r rwcu r r",
    "service.index.value": "- - - r r rwcu r r",
    # what happens
    "service.points.move": "- - r r r rc r r",
    "service.contract.suspension": "- - r r r rwcu r r",
    "service.contract.alert": "- - - r r r r r",
    # what is asked
    "service.contract.stop": "- - - - - rwcu - -",
    "service.warranty.extend": "- - - - - rwcu - -",
    "service.coverage.examination": "- - - rwcu rwcu rwcu rwcu rwcu",
    "service.coverage.examination.line": "- - - rwcu rwcu rwcu rwcu rwcu",
}


@tagged("post_install", "-at_install")
class TestRoles(RightsTable, ServiceContractCommon):
    """Every role, every model, every operation; and nothing of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._create_user(role, *filter(None, [group])) for role, group in GROUPS.items()
        }
        cls.roles["portal"].group_ids = [Command.set(cls.env.ref("base.group_portal").ids)]
        cls.roles["portal"].partner_id.parent_id = cls.customer

    def _create_one_of_each(self, company):
        """A record of each model that is kept, all of them about one contract of a company."""
        hours = self.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": self.env.ref("uom.product_uom_hour").id}
        )
        index = self.env["service.index"].create(
            {
                "name": "Labour",
                "company_id": company.id,
                "value_ids": [Command.create({"date": "2026-01-01", "value": 1})],
            }
        )
        template = self._create_template({"scope": "customer"}, company_id=company.id)
        contract = self._create_contract(
            {"scope": "customer"},
            company_id=company.id,
            points_initial=5,
            commitment_ids=[Command.create({"resolution_hours": 8})],
            meter_term_ids=[
                Command.create(
                    {"meter_type_id": hours.id, "tier_ids": [Command.create({"price_unit": 1})]}
                )
            ],
        )
        contract.action_suspend(reason="unpaid", date="2026-06-15")
        alert = self.env["service.contract.alert"].create(
            {"contract_id": contract.id, "limit": "points", "threshold": 80}
        )
        return [
            contract,
            contract.coverage_ids,
            contract.commitment_ids,
            contract.meter_term_ids,
            contract.meter_term_ids.tier_ids,
            contract.points_move_ids,
            contract.suspension_ids,
            alert,
            template,
            template.coverage_ids,
            index,
            index.value_ids,
        ]

    def test_who_may_do_what_with_each_model(self):
        self.assertRights(MATRIX, self.roles)
        self.assertComplete(MATRIX, "service_contract")

    def test_who_reads_what_there_is(self):
        records = self._create_one_of_each(self.env.company)
        self.env.flush_all()
        self.env.invalidate_all()
        for record in records:
            for role, rights in zip(GROUPS, MATRIX[record._name].split(), strict=True):
                with self.subTest(model=record._name, role=role):
                    mine = record.with_user(self.roles[role])
                    self.assertEqual(mine.has_access("read"), "r" in rights)
                    self.assertEqual(mine.has_access("write"), "w" in rights)

    def test_nothing_of_another_company_is_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        records = self._create_one_of_each(other)
        self.env.flush_all()
        self.env.invalidate_all()
        for record in records:
            for role in ("taker", "manager", "accountant", "seller"):
                with self.subTest(model=record._name, role=role):
                    mine = record.with_user(self.roles[role])
                    self.assertFalse(mine.search([("id", "in", record.ids)]))
                    with self.assertRaises(AccessError):
                        mine.read(["create_date"])

    def test_what_belongs_to_no_company_is_for_all(self):
        template = self._create_template({"scope": "customer"})
        index = self.env["service.index"].create(
            {"name": "All", "value_ids": [Command.create({"date": "2026-01-01", "value": 1})]}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for record in (template, template.coverage_ids, index, index.value_ids):
            self.assertTrue(record.with_user(self.roles["taker"]).read(["create_date"]))

    def test_a_technician_reads_no_price(self):
        contract, _line, _commitment, _term, tier, *_rest = self._create_one_of_each(
            self.env.company
        )
        self.env.flush_all()
        self.env.invalidate_all()
        technician = contract.with_user(self.roles["technician"])
        for name in ("price", "conformity_cost", "conformity_price", "conformity_margin"):
            with self.assertRaises(AccessError):
                technician.read([name])
        with self.assertRaises(AccessError):
            tier.with_user(technician.env.user).read(["price_unit"])
        with self.assertRaises(AccessError):
            technician.action_quote_renewal()

    def test_who_only_sells_is_reminded_and_offers_the_renewal(self):
        seller = self.roles["seller"]
        contract = self._create_contract(
            user_id=seller.id, date_end="2026-06-30", price=100, product_id=self.nozzle.id
        )
        self.env["service.contract"]._apply_due("2026-06-15")
        self.assertRecordValues(contract.activity_ids, [{"user_id": seller.id}])
        self.env.invalidate_all()
        mine = contract.with_user(seller)
        self.assertEqual(mine.activity_ids.mapped("res_name"), [contract.display_name])
        order = mine.env["sale.order"].browse(mine.action_quote_renewal()["res_id"])
        self.assertEqual(order.order_line.service_renewed_contract_id, mine)
        self.assertEqual(mine.renewal_order_id, order)
