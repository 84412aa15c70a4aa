from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestDeadline(ServiceRequestCommon):
    def test_without_contract_the_reaction_days_count(self):
        request = self._request(self._create_equipment())
        self.assertEqual(request.deadline, datetime(2026, 3, 9, 9))
        self.env.company.service_default_reaction_days = 3
        self.assertEqual(self._request().deadline, datetime(2026, 3, 5, 9))

    def test_contract_promises_by_severity(self):
        machine = self._deliver_machine()
        request = self._request(machine)
        self.assertEqual(request.deadline, datetime(2026, 3, 2, 17))
        self.assertEqual(request.commitment_contract_id.kind, "warranty")
        request.severity_id = self.env.ref("service_request.service_severity_low")
        self.assertEqual(request.deadline, datetime(2026, 3, 9, 9))
        self.assertFalse(request.commitment_contract_id)

    def test_promise_for_the_very_severity_goes_first(self):
        self.warranty.commitment_ids = [
            Command.create(
                {"blocking": True, "severity_id": self.blocking.id, "resolution_hours": 4}
            )
        ]
        self.assertEqual(self._request(self._deliver_machine()).deadline, datetime(2026, 3, 2, 13))

    def test_earliest_promise_of_several_contracts_counts(self):
        machine = self._deliver_machine()
        fast = self.env["service.contract"].create(
            {
                "kind": "maintenance",
                "partner_id": self.customer.id,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                "coverage_ids": [Command.create({"scope": "customer"})],
                "commitment_ids": [Command.create({"blocking": True, "resolution_hours": 2})],
            }
        )
        fast.action_activate()
        bare = self._create_equipment()
        request = self._request(machine | bare)
        self.assertEqual(request.commitment_contract_id, fast)
        self.assertEqual(request.deadline, datetime(2026, 3, 2, 11))

    def test_deadline_set_by_hand_stays(self):
        request = self._request(self._create_equipment())
        request.write({"deadline": "2026-03-04 12:00:00", "deadline_reason": "Opening day"})
        self.assertTrue(request.deadline_manual)
        request.severity_id = self.env.ref("service_request.service_severity_low")
        self.assertEqual(request.deadline, datetime(2026, 3, 4, 12))

    def test_clock_runs_from_on_track_to_failed(self):
        request = self._request(self._deliver_machine())
        self.assertEqual(request.sla_state, "on_track")
        for hours, expected in (
            (5.9, "on_track"),
            (6, "at_risk"),
            (7.9, "at_risk"),
            (8.1, "failed"),
        ):
            with freeze_time(datetime(2026, 3, 2, 9) + timedelta(hours=hours)):
                self.env["service.request"]._cron_update_sla_state()
            self.assertEqual(request.sla_state, expected, f"after {hours} hours")

    def test_closed_in_time_is_met_and_late_is_failed(self):
        intime, late = self._request(), self._request()
        intime.action_close()
        self.assertEqual(intime.sla_state, "met")
        with freeze_time("2026-03-10"):
            late.action_close()
        self.assertEqual(late.sla_state, "failed")
