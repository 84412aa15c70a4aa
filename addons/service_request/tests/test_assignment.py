from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestAssignment(ServiceRequestCommon):
    def test_competent_collaborator_then_queue_then_dispatching(self):
        self.assertRecordValues(
            self._request(), [{"assignment": "user", "user_id": self.technician_user.id}]
        )
        self.competence.user_ids = False
        queue = self._create_queue()
        self.assertRecordValues(
            self._request(), [{"assignment": "queue", "queue_id": queue.id, "user_id": False}]
        )
        queue.active = False
        self.assertRecordValues(
            self._request(),
            [{"assignment": "dispatch", "queue_id": False, "dispatch_agency_id": self.agency.id}],
        )
        self.assertEqual(self._request(competence_id=False).assignment, "dispatch")

    def _create_queue(self):
        return self.env["service.queue"].create(
            {
                "name": "Heating line",
                "code": "HEAT",
                "competence_ids": [Command.link(self.competence.id)],
            }
        )

    def test_collaborator_of_the_family_is_competent(self):
        burners = self.env["service.competence"].create(
            {"name": "Burners", "code": "BURN", "parent_id": self.competence.id}
        )
        self.assertEqual(self._request(competence_id=burners.id).user_id, self.technician_user)

    def test_specialist_goes_before_the_family(self):
        specialist = self._create_user("specialist", GROUP + "technician")
        burners = self.env["service.competence"].create(
            {
                "name": "Burners",
                "code": "BURN",
                "parent_id": self.competence.id,
                "user_ids": [Command.set(specialist.ids)],
            }
        )
        self.assertEqual(self._request(competence_id=burners.id).user_id, specialist)

    def test_all_machines_share_the_competence_of_the_request(self):
        other = self.env["service.competence"].create({"name": "Plumbing", "code": "PLU"})
        request = self._request(self._deliver_machine())
        line = request.equipment_line_ids
        self.assertEqual(line.competence_id, self.competence)
        with self.assertRefused(ValidationError, "All of SR.* needs Heating.*B20-1"):
            line.competence_id = other
        request.write({"competence_id": False, "equipment_line_ids": []})
        line.competence_id = other
        self.assertEqual(line.competence_id, other)
        request.competence_id = self.competence
        self.assertEqual(line.competence_id, self.competence)

    def test_machine_lends_its_competence(self):
        machine = self._create_equipment()
        request = self._request(
            competence_id=False,
            equipment_line_ids=[
                Command.create({"equipment_id": machine.id, "competence_id": self.competence.id})
            ],
        )
        self.assertEqual(request.user_id, self.technician_user)

    def test_batch_is_shared_out_evenly(self):
        colleague = self._create_user("colleague", GROUP + "technician")
        self.competence.user_ids += colleague
        requests = self.env["service.request"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "title": f"Call {number}",
                    "competence_id": self.competence.id,
                }
                for number in range(10)
            ]
        )
        counts = {user: len(found) for user, found in requests.grouped("user_id").items()}
        self.assertEqual(counts, {self.technician_user: 5, colleague: 5})

    def test_equally_busy_the_longest_waiting_is_next(self):
        colleague = self._create_user("colleague", GROUP + "technician")
        self.competence.user_ids += colleague
        with freeze_time("2026-03-02 10:00:00"):
            first = self._request().user_id
        with freeze_time("2026-03-02 11:00:00"):
            second = self._request().user_id
        self.assertNotEqual(first, second)
        self.assertEqual(self._request().user_id, first)

    def test_new_competence_assigns_again_unless_assigned_by_hand(self):
        plumber = self._create_user("plumber", GROUP + "technician")
        plumbing = self.env["service.competence"].create(
            {"name": "Plumbing", "code": "PLUMB", "user_ids": [Command.set(plumber.ids)]}
        )
        request = self._request()
        request.competence_id = plumbing
        self.assertEqual(request.user_id, plumber)
        request.action_assign_to(self.dispatcher.id)
        request.competence_id = self.competence
        self.assertEqual(request.user_id, self.dispatcher)

    def test_take_queue_and_dispatch(self):
        queue = self._create_queue()
        request = self._request()
        request.action_send_to_queue(queue.id)
        self.assertRecordValues(
            request, [{"assignment": "queue", "queue_id": queue.id, "user_id": False}]
        )
        request.with_user(self.dispatcher).action_take()
        self.assertRecordValues(
            request,
            [{"assignment": "user", "queue_id": False, "user_id": self.dispatcher.id}],
        )
        request.action_dispatch()
        self.assertRecordValues(request, [{"assignment": "dispatch", "user_id": False}])

    def test_request_for_sales_stays_with_sales(self):
        request = self._request()
        request.write({"assignment": "sales", "user_id": False, "queue_id": False})
        self.assertEqual(request.assignment, "sales")

    def test_dispatching_and_sales_by_hand_stay_when_the_competence_changes(self):
        dispatched, sold = self._request(competence_id=False), self._request(competence_id=False)
        dispatched.action_dispatch()
        sold.action_send_to_sales()
        (dispatched | sold).competence_id = self.competence
        self.assertEqual((dispatched | sold).mapped("assignment"), ["dispatch", "sales"])

    def test_closed_request_is_not_assigned(self):
        request = self._request()
        request.action_close()
        with self.assertRefused(UserError, request.name):
            request.action_assign_to(self.dispatcher.id)

    def test_dialogue_shows_who_is_how_busy(self):
        self._request()
        request = self._request()
        wizard = (
            self.env["service.request.assign"]
            .with_user(self.dispatcher)
            .create({"request_ids": [Command.set(request.ids)]})
        )
        line = wizard.line_ids.filtered(lambda ln: ln.user_id == self.technician_user)
        self.assertRecordValues(line, [{"is_competent": True, "open_count": 2}])
        line.action_assign()
        self.assertTrue(request.assigned_by_hand)
