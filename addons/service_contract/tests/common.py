from datetime import date

from odoo.fields import Command

from odoo.addons.installed_base.tests.common import InstalledBaseCommon

from .contract_factory import ContractFactory

TODAY = date(2026, 6, 15)


class ServiceContractCommon(ContractFactory, InstalledBaseCommon):
    """The boiler of the hotel, and contracts of 2026 about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US", "tz": "UTC"})
        cls.heating = cls.env["product.category"].create({"name": "Heating"})
        cls.boilers = cls.env["product.category"].create(
            {"name": "Boilers", "parent_id": cls.heating.id}
        )
        cls.wear_parts = cls.env["product.category"].create({"name": "Wear parts"})
        cls.machine_product.categ_id = cls.boilers
        cls.nozzle = cls._create_product("Nozzle", categ_id=cls.wear_parts.id)
        cls.machine = cls._create_equipment(serial_number="B-1")
        cls.hydraulics, cls.electricity = cls.env["service.competence"].create(
            [{"name": "Hydraulics", "code": "HYD"}, {"name": "Electricity", "code": "ELE"}]
        )
        cls.pumps = cls.env["service.competence"].create(
            {"name": "Pumps", "code": "PUMP", "parent_id": cls.hydraulics.id}
        )

    @classmethod
    def _create_template(cls, *lines, **values):
        return cls.env["service.contract.template"].create(
            {
                "name": "Promise",
                "coverage_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    @classmethod
    def _create_contract(cls, *lines, **values):
        """As of the factory; without lines it covers the boiler in full."""
        return super()._create_contract(*lines or [{"equipment_id": cls.machine.id}], **values)

    @classmethod
    def _cover(cls, day=TODAY, **item):
        """The engine's answer for the boiler, or for what ``item`` says instead."""
        return cls.env["service.contract"]._cover(
            [{"partner_id": cls.customer.id, "equipment_id": cls.machine.id, **item}], day
        )[0]

    def _codes(self, answer):
        """``{contract: code}`` of what was rejected."""
        contract = self.env["service.contract"]
        return {
            contract.browse(rejected["contract_id"]): rejected["code"]
            for rejected in answer["rejected"]
        }

    def assertCovers(self, answer, contract, status="full"):
        self.assertEqual(
            (answer["status"], answer["contract_id"]), (status, contract.id), answer["reason"]
        )

    def assertNotCovered(self, answer, *codes):
        """Nothing covers, and the codes of all rejected lines are exactly ``codes``."""
        self.assertEqual(
            (answer["status"], answer["contract_id"], answer["coverage_id"]),
            ("none", False, False),
            answer["reason"],
        )
        self.assertEqual(answer["rates"], {"parts": 0.0, "labor": 0.0, "travel": 0.0})
        self.assertEqual(sorted(rejected["code"] for rejected in answer["rejected"]), sorted(codes))
