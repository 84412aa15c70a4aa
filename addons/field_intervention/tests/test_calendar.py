from datetime import timedelta

from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestCalendar(FieldInterventionCommon):
    """Meetings of the technicians who use Odoo's calendar."""

    def setUp(self):
        super().setUp()
        self.technician.technician_calendar_sync = True
        self.job = self._plan(self._request(self._create_equipment()))

    def test_meeting_follows_the_plan(self):
        event = self.job.sudo().calendar_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "start": self.start,
                    "stop": self.job.planned_end,
                    "user_id": self.technician_user.id,
                    "partner_ids": self.technician_user.partner_id.ids,
                }
            ],
        )
        self.assertIn("Annecy", event.location)
        self.job.action_plan(start=self.start + timedelta(hours=5))
        self.assertEqual(event.start, self.start + timedelta(hours=5))
        self.assertEqual(self.job.sudo().calendar_event_id, event)

    def test_meeting_goes_when_somebody_else_goes(self):
        event = self.job.sudo().calendar_event_id
        self.job.action_plan(self._create_technician("Anna").id, self.start)
        self.assertFalse(event.exists(), "Anna does not use the calendar")

    def test_meeting_goes_with_the_plan_and_stays_with_the_work(self):
        event = self.job.sudo().calendar_event_id
        self.job.action_arrive()
        self.job.report = "<p>Cleaned</p>"
        self.job.action_done()
        self.assertTrue(event.exists())
        other = self._plan(self._request(self._create_equipment()), self.start + timedelta(days=1))
        event = other.sudo().calendar_event_id
        other.action_unplan()
        self.assertFalse(event.exists())

    def test_technicians_without_calendar_get_no_meetings(self):
        self.technician.technician_calendar_sync = False
        job = self._plan(self._request(self._create_equipment()), self.start + timedelta(days=1))
        self.assertFalse(job.sudo().calendar_event_id)
