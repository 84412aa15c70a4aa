from odoo.tests import tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestCoverChoice(ServiceContractCommon):
    """Which promise wins when several apply, each tie-breaker in a pair."""

    def _machine_line(self, **values):
        return {"equipment_id": self.machine.id, **values}

    def assertWins(self, winner, loser, merit, status="full"):
        """The winner does not depend on which of the two is older."""
        answer = self._cover()
        self.assertCovers(answer, winner, status)
        self.assertEqual(
            answer["reason"].split(". ", 1)[1],
            f"Chosen before {loser.name}: {merit}.",
        )
        [rejected] = answer["rejected"]
        self.assertEqual(
            (rejected["contract_id"], rejected["coverage_id"], rejected["code"]),
            (loser.id, loser.coverage_ids.id, "less_favourable"),
        )
        self.assertEqual(
            rejected["reason"], f"{winner.name} was chosen before {loser.name}: {merit}."
        )

    def test_warranty_before_maintenance(self):
        maintenance = self._create_contract()
        warranty = self._create_contract(kind="warranty")
        self.assertWins(
            warranty, maintenance, "a warranty comes before maintenance, and both before points"
        )

    def test_warranty_before_maintenance_even_when_it_covers_less(self):
        self._create_contract()
        warranty = self._create_contract(self._machine_line(labor_rate=0), kind="warranty")
        self.assertCovers(self._cover(), warranty, "partial")

    def test_maintenance_before_points(self):
        points = self._create_contract(
            self._machine_line(points_per_request=1), kind="points", points_initial=10
        )
        maintenance = self._create_contract()
        self.assertWins(
            maintenance, points, "a warranty comes before maintenance, and both before points"
        )

    def test_maintenance_before_a_warranty_that_covers_nothing(self):
        empty = self._create_contract(
            self._machine_line(parts_rate=0, labor_rate=0, travel_rate=0), kind="warranty"
        )
        maintenance = self._create_contract(self._machine_line(parts_rate=10))
        self.assertCovers(self._cover(), maintenance, "partial")
        self.assertEqual(self._codes(self._cover()), {empty: "less_favourable"})

    def test_partial_cover_stays_before_points_by_default(self):
        self._create_contract(
            self._machine_line(points_per_request=1), kind="points", points_initial=10
        )
        maintenance = self._create_contract(self._machine_line(parts_rate=50))
        self.assertCovers(self._cover(), maintenance, "partial")

    def test_points_before_partial_cover_where_the_agency_prefers_them(self):
        self.agency.prefer_points_on_partial = True
        maintenance = self._create_contract(self._machine_line(parts_rate=50))
        points = self._create_contract(
            self._machine_line(points_per_request=1), kind="points", points_initial=10
        )
        self.assertWins(points, maintenance, "the agency prefers points to partial cover")

    def test_points_stay_behind_full_cover_even_where_the_agency_prefers_them(self):
        self.agency.prefer_points_on_partial = True
        self._create_contract(
            self._machine_line(points_per_request=1), kind="points", points_initial=10
        )
        maintenance = self._create_contract()
        self.assertCovers(self._cover(), maintenance)

    def test_exhausted_points_do_not_replace_partial_cover(self):
        self.agency.prefer_points_on_partial = True
        maintenance = self._create_contract(self._machine_line(parts_rate=50))
        self._create_contract(self._machine_line(points_per_request=1), kind="points")
        self.assertCovers(self._cover(), maintenance, "partial")

    def test_higher_rates_before_lower_ones(self):
        lower = self._create_contract(self._machine_line(parts_rate=50), priority=9)
        higher = self._create_contract({"scope": "customer", "parts_rate": 60})
        self.assertWins(higher, lower, "its rates are higher", "partial")

    def test_the_more_specific_scope_wins(self):
        system = self._create_equipment()
        self.machine.parent_id = system
        scopes = [
            {"scope": "customer"},
            {"scope": "category", "product_category_id": self.heating.id},
            {"scope": "category", "product_category_id": self.boilers.id},
            {"scope": "product", "product_id": self.machine_product.id},
            {"equipment_id": system.id},
            {"equipment_id": self.machine.id},
        ]
        for wider, narrower in zip(scopes, scopes[1:], strict=False):
            with self.subTest(wider=wider, narrower=narrower):
                loser = self._create_contract(wider, priority=9)
                winner = self._create_contract(narrower)
                self.assertWins(winner, loser, "it is the more specific coverage line")
                (loser | winner).action_terminate(reason="next case", date="2025-01-01")
                (loser | winner).coverage_ids.unlink()

    def test_a_line_for_the_component_is_more_specific_than_one_for_all(self):
        whole = self._create_contract(priority=9)
        part = self._create_contract(self._machine_line(component_ids=self.nozzle.ids))
        answer = self._cover(component_product_id=self.nozzle.id)
        self.assertCovers(answer, part)
        self.assertEqual(self._codes(answer), {whole: "less_favourable"})

    def test_the_higher_priority_wins(self):
        low = self._create_contract(priority=1, date_end="2026-06-30")
        high = self._create_contract(priority=2)
        self.assertWins(high, low, "its contract has the higher priority")

    def test_what_ends_first_is_used_first(self):
        late = self._create_contract()
        early = self._create_contract(date_end="2026-12-30")
        self.assertWins(early, late, "it ends first")

    def test_what_never_ends_is_used_last(self):
        self._create_contract(date_end=False)
        ending = self._create_contract()
        self.assertCovers(self._cover(), ending)

    def test_the_older_one_of_equals_wins(self):
        older = self._create_contract()
        newer = self._create_contract()
        self.assertWins(older, newer, "it is the older one")

    def test_two_lines_of_one_contract_are_told_apart(self):
        contract = self._create_contract(self._machine_line(), {"scope": "customer"})
        answer = self._cover()
        self.assertEqual(answer["coverage_id"], contract.coverage_ids[0].id)
        self.assertIn("Chosen before another coverage line of the same contract", answer["reason"])

    def test_the_reason_names_the_refusal_that_came_closest(self):
        self._create_contract(active=False)
        self._create_contract({"scope": "customer", "competence_ids": self.pumps.ids})
        expired = self._create_contract(date_start="2025-01-01", date_end="2025-12-31")
        answer = self._cover(competence_id=self.electricity.id)
        self.assertNotCovered(answer, "state", "competence", "expired")
        self.assertIn("does not include the competence Electricity", answer["reason"])
        self.assertEqual(self._codes(answer)[expired], "expired")

    def test_an_answer_does_not_depend_on_the_other_items(self):
        self._create_contract()
        self._create_contract({"scope": "customer", "parts_rate": 50}, kind="warranty")
        others = self._create_equipment(serial_number="B-2") | self._create_equipment()
        items = [
            {"equipment_id": machine.id, "component_product_id": part}
            for machine in self.machine | others
            for part in (False, self.nozzle.id)
        ]
        engine = self.env["service.contract"]
        together = engine._cover(items, "2026-06-15")
        alone = [engine._cover([item], "2026-06-15")[0] for item in items]
        self.assertEqual(together, alone)
        self.assertEqual(engine._cover(items[::-1], "2026-06-15"), alone[::-1])
        self.assertEqual(engine._cover([], "2026-06-15"), [])
