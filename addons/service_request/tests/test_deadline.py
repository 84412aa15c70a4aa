from datetime import datetime, timedelta

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
