from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
class TestSector(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.nation = cls._create_sector("France", country_id=cls.france.id)
        cls.alps = cls._create_sector("Alps", zip_prefix="74")
        cls.annecy = cls._create_sector("Annecy", zip_from="74000", zip_to="74009")
        cls.annecy.agency_id = cls.agency

    @classmethod
    def _create_sector(cls, name, **rule):
        return cls.env["service.sector"].create({"name": name, "rule_ids": [Command.create(rule)]})

    def _sector(self, zip_code):
        return (
            self.env["res.partner"]
            .create({"name": zip_code, "zip": zip_code, "country_id": self.france.id})
            .service_sector_id
        )

    def test_most_specific_rule_wins(self):
        for zip_code, expected in (
            ("75001", self.nation),
            ("74100", self.alps),
            ("74000", self.annecy),
            ("74009", self.annecy),
            ("74010", self.alps),
        ):
            self.assertEqual(self._sector(zip_code), expected, zip_code)

    def test_agency_follows_the_sector_down_to_the_machine(self):
        self.site.zip = "74005"
        self.assertEqual(self.site.service_agency_id, self.agency)
        equipment = self._create_equipment()
        self.assertRecordValues(
            equipment, [{"sector_id": self.annecy.id, "agency_id": self.agency.id}]
        )

    def test_new_rule_moves_known_addresses(self):
        self.site.zip = "74300"
        self.assertEqual(self.site.service_sector_id, self.alps)
        cluses = self._create_sector("Cluses", zip_prefix="743")
        self.assertEqual(self.site.service_sector_id, cluses)

    def test_sector_chosen_by_hand_stays(self):
        self.site.write({"service_sector_id": self.nation.id, "service_sector_manual": True})
        self.site.zip = "74005"
        self.assertEqual(self.site.service_sector_id, self.nation)
        self.site.service_sector_manual = False
        self.assertEqual(self.site.service_sector_id, self.annecy)

    def test_empty_rule_and_reversed_range_are_refused(self):
        for rule in ({}, {"zip_from": "74"}, {"zip_from": "75000", "zip_to": "74000"}):
            with self.assertRefused(ValidationError, "Nowhere"):
                self._create_sector("Nowhere", **rule)
