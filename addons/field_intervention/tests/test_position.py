from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestPosition(FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.service_track_position = True
        cls.dispatcher.tz = "UTC"
        cls.colleague_user = cls._create_user(
            "colleague", "installed_base.group_service_technician"
        )

    def _consent(self, agrees=True, user=None):
        self.technician.with_user(user or self.technician_user)._consent_to_position(agrees)

    def _note(self, minutes_ago=0, **values):
        return self.env["service.technician.position"].create(
            {
                "employee_id": self.technician.id,
                "step": "arrive",
                "date": fields.Datetime.now() - timedelta(minutes=minutes_ago),
                "latitude": 45.9,
                "longitude": 6.1,
                **values,
            }
        )

    def _shown(self):
        self.env.flush_all()
        self.env.invalidate_all()
        interventions = self.env["service.intervention"].with_user(self.dispatcher)
        board = interventions.get_board(self.start, self.start + timedelta(days=1))
        [row] = [t for t in board["technicians"] if t["id"] == self.technician.id]
        return row["position"]

    def test_the_board_shows_the_last_one_only_when_both_agree(self):
        self._note(30, latitude=45.0)
        last = self._note(5)
        self.assertIsNone(self._shown(), "the technician did not say yes")
        self._consent()
        self.assertEqual(self._shown(), [45.9, 6.1, str(last.date)])
        self.env.company.service_track_position = False
        self.assertIsNone(self._shown(), "the company does not want it")

    def test_only_dispatchers_see_where_people_are_and_live(self):
        self._consent()
        self._note(5)
        self.technician.home_partner_id = self.env["res.partner"].create(
            {"name": "Home", "partner_latitude": 45.1, "partner_longitude": 6.2}
        )
        for user, position, home in (
            (self.dispatcher, [45.9, 6.1], (45.1, 6.2)),
            (self.call_taker, [], None),
            (self.technician_user, [], None),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            interventions = self.env["service.intervention"].with_user(user)
            board = interventions.get_board(self.start, self.start + timedelta(days=1))
            [row] = [t for t in board["technicians"] if t["id"] == self.technician.id]
            self.assertEqual(
                ((row["position"] or [])[:2], row["home"]), (position, home), user.name
            )

    def test_only_the_technician_decides_and_withdrawing_deletes(self):
        manager = self._create_user("manager", "installed_base.group_service_manager")
        for user in (self.dispatcher, manager):
            with self.assertRefused(AccessError, "Only Théo Technician decides"):
                self._consent(user=user)
        self._consent()
        note = self._note()
        self._consent(False)
        self.assertFalse(note.exists())
        self.assertFalse(self.technician.position_consent_date)

    def test_they_are_deleted_after_the_days_of_the_company(self):
        self.env.company.service_position_days = 7
        old, young = self._note(8 * 1440), self._note(6 * 1440)
        self.env["service.technician.position"]._gc_old_positions()
        self.assertEqual((old | young).exists(), young)

    def test_who_reads_them(self):
        note = self._note()
        other = self._create_technician("Other", user_id=self.colleague_user.id)
        positions = self.env["service.technician.position"]
        for user, seen in (
            (self.technician_user, note),
            (self.colleague_user, positions),
            (self.dispatcher, note),
        ):
            self.env.invalidate_all()
            self.assertEqual(positions.with_user(user).search([]).sudo(), seen, user.login)
        with self.assertRefused(AccessError, "not allowed"):
            positions.with_user(self.call_taker).search([])
        with self.assertRefused(AccessError, "not allowed"):
            note.with_user(self.dispatcher).write({"latitude": 0})
        self.assertTrue(other)
