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
            .create({"name": "Address", "zip": zip_code, "country_id": self.france.id})
            .service_sector_id
        )

    def test_most_specific_rule_wins(self):
        for zip_code, expected in (
            ("75001", self.nation),
            ("74100", self.alps),
            ("74000", self.annecy),
            ("74009", self.annecy),
            ("74010", self.alps),
            (" 74005 ", self.annecy),
            ("7400", self.alps),
            ("", self.nation),
            (False, self.nation),
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

    def test_state_and_longer_prefix_and_inner_range_are_more_specific(self):
        isere = self.env["res.country.state"].create(
            {"name": "Isère", "code": "38X", "country_id": self.france.id}
        )
        region = self._create_sector("Isère", state_id=isere.id)
        prefix = self._create_sector("Grenoble", zip_prefix="38")
        longer = self._create_sector("Grenoble Centre", zip_prefix="381")
        outer = self._create_sector("Meylan", zip_from="38200", zip_to="38299")
        inner = self._create_sector("Meylan North", zip_from="38210", zip_to="38219")
        short = self._create_sector("Voiron", zip_from="383", zip_to="384")
        for zip_code, state, expected in (
            ("01000", isere, region),
            ("38000", isere, prefix),
            ("38100", isere, longer),
            ("38200", isere, outer),
            ("38209", isere, outer),
            ("38210", isere, inner),
            ("38219", isere, inner),
            ("38220", isere, outer),
            ("38300", isere, short),
            ("38499", isere, short),
            ("38500", isere, prefix),
            ("01000", self.env["res.country.state"], self.nation),
        ):
            partner = self.env["res.partner"].new(
                {"zip": zip_code, "state_id": state.id, "country_id": self.france.id}
            )
            self.assertEqual(partner.service_sector_id, expected, zip_code)

    def test_every_change_of_the_rules_moves_known_addresses(self):
        address = self.env["res.partner"].create(
            {"name": "Kurhaus", "zip": "74005", "country_id": self.france.id, "active": False}
        )
        rule = self.annecy.rule_ids
        for change, expected in (
            (lambda: rule.write({"zip_from": "74006"}), self.alps),
            (lambda: rule.write({"zip_from": "74000"}), self.annecy),
            (lambda: self.annecy.write({"active": False}), self.alps),
            (lambda: self.annecy.write({"active": True}), self.annecy),
            (lambda: self.alps.rule_ids.unlink(), self.annecy),
            (lambda: self.annecy.unlink(), self.nation),
            (lambda: self.nation.rule_ids.unlink(), self.env["service.sector"]),
        ):
            change()
            self.assertEqual(address.service_sector_id, expected)

    def test_machine_follows_the_sector_that_a_new_rule_gives_its_site(self):
        self.site.zip = "74300"
        machine = self._create_equipment()
        agency = self.agency.copy({"name": "Cluses", "code": "CLU"})
        cluses = self._create_sector("Cluses", zip_prefix="743")
        cluses.agency_id = agency
        self.assertRecordValues(machine, [{"sector_id": cluses.id, "agency_id": agency.id}])
        scionzier = self.env["service.sector"].create({"name": "Scionzier"})
        scionzier.agency_id = self.agency
        scionzier.rule_ids = [Command.create({"zip_from": "74300", "zip_to": "74300"})]
        self.assertEqual(self.site.service_agency_id, self.agency)
        self.assertRecordValues(machine, [{"sector_id": scionzier.id, "agency_id": self.agency.id}])

    def test_sector_written_without_the_box_is_set_by_hand(self):
        chosen = self.env["res.partner"].create(
            [
                {"name": "A", "zip": "74005", "service_sector_id": self.alps.id},
                {"name": "B", "zip": "74005", "service_sector_id": self.annecy.id},
            ]
        )
        self.assertRecordValues(
            chosen, [{"service_sector_manual": True}, {"service_sector_manual": False}]
        )
        self._create_sector("Old Town", zip_from="74005", zip_to="74005")
        self.assertEqual(
            chosen.service_sector_id.mapped("name"), ["Alps", "Old Town"], "by hand stays"
        )

    def test_queries_of_a_new_rule_do_not_grow_with_the_addresses(self):
        def queries(number):
            self.env["res.partner"].create(
                [{"name": f"A{n}", "zip": f"01{n:03}"} for n in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            sector = self._create_sector(f"Ain {number}", zip_from="01000", zip_to="01999")
            self.env.flush_all()
            spent = self.cr.sql_log_count - before
            moved = self.env["res.partner"].search_count([("service_sector_id", "=", sector.id)])
            self.assertGreaterEqual(moved, number)
            sector.unlink()
            return spent

        queries(1)  # warms up
        self.assertEqual(queries(900), queries(10))

    def test_empty_rule_and_reversed_range_are_refused(self):
        for rule in ({}, {"zip_from": "74"}, {"zip_from": "75000", "zip_to": "74000"}):
            with self.assertRefused(ValidationError, "Nowhere"):
                self._create_sector("Nowhere", **rule)
