from odoo.tests import HttpCase, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestPhoneTour(FieldInterventionCommon, HttpCase):
    """A technician's day in Odoo's own client on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_job_is_done_and_signed_with_one_hand(self):
        self._work_around_the_clock()
        self.site.write({"phone": "+33 4 50 00 00 00", "street": "3 quai du Lac"})
        self.technician_user.password = "technician"
        machine = self._deliver_machine()
        intervention = self._plan(self._request(machine))
        intervention.action_dispatch()
        self.env.flush_all()
        self.env.invalidate_all()
        self.start_tour("/odoo/my-day", "field_intervention_my_day_phone", login="technician")
        self.assertRecordValues(
            intervention, [{"state": "done", "satisfied": True, "signed_by": "Mme Lac"}]
        )
        self.assertTrue(intervention.signature)
        self.assertEqual(intervention.request_id.state, "closed")
