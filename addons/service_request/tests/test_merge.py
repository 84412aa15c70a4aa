from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestMerge(ServiceRequestCommon):
    """The boiler under warranty was typed a second time, and requests name both records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.survivor = cls._deliver_machine()
        cls.duplicate = cls._create_equipment(serial_number="B20-01")

    def _merge(self):
        return self.duplicate.with_user(self.manager)._merge_into(self.survivor)

    def test_requests_of_the_duplicate_are_those_of_the_survivor(self):
        request = self._request(self.duplicate)
        self.assertEqual(self._merge(), [])
        self.assertEqual(request.equipment_line_ids.equipment_id, self.survivor)
        self.assertEqual(request.equipment_id, self.survivor)
        self.assertEqual(self.survivor.open_request_count, 1)

    def test_coverage_that_was_decided_stays(self):
        request = self._request(self.duplicate)
        self.assertEqual(request.equipment_line_ids.coverage, "none")
        self._merge()
        self.assertEqual(request.equipment_line_ids.coverage, "none")
        self.assertEqual(self._request(self.survivor).equipment_line_ids.coverage, "full")

    def test_site_that_somebody_chose_for_the_request_stays(self):
        annex = self.env["res.partner"].create({"name": "Annex", "parent_id": self.customer.id})
        request = self._request(self.duplicate)
        request.site_id = annex
        self._merge()
        self.assertEqual(request.site_id, annex)

    def test_request_that_names_both_names_the_survivor_once(self):
        request = self._request(self.survivor + self.duplicate)
        kept, doubled = request.equipment_line_ids
        consumption = self._consume(request, self.burner, equipment_line_id=doubled.id)
        self.assertEqual(self._merge(), [])
        self.assertEqual(request.equipment_line_ids, kept)
        self.assertRecordValues(kept, [{"equipment_id": self.survivor.id, "coverage": "full"}])
        self.assertEqual(consumption.equipment_line_id, kept)

    def test_machine_with_a_request_is_not_deleted(self):
        self._request(self.duplicate)
        with self.assertRefused(UserError, r"Requests \(1\).*Archive it"):
            self.duplicate.with_user(self.manager).unlink()
