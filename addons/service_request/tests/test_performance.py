from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceRequestCommon

MANY = 50


@tagged("post_install", "-at_install")
class TestPerformance(ServiceRequestCommon):
    """Queries of a call of its own, with what Odoo keeps warm between two calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # with the chatter, as in life
        cls.env = cls.env(context={"lang": "en_US", "tz": "UTC"})
        cls.machine = cls._deliver_machine()
        # the call taker has the competence: nobody has to be told
        cls.competence.user_ids = cls.call_taker
        cls._create(2).action_close()

    @classmethod
    def _create(cls, number):
        values = {
            "partner_id": cls.customer.id,
            "title": "No hot water",
            "competence_id": cls.competence.id,
            "equipment_line_ids": [Command.create({"equipment_id": cls.machine.id})],
        }
        requests = cls.env["service.request"].with_user(cls.call_taker)
        requests = requests.create([dict(values) for _number in range(number)])
        cls.env.flush_all()
        return requests

    def _assert_queries(self, at_most, work):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(at_most):
            work()
            self.env.flush_all()

    def test_one_request_from_its_machine_to_its_assignee(self):
        self._create(1)
        # 14, and whether an address of the customer has addresses of its own
        self._assert_queries(15, lambda: self._create(1))

    def test_a_batch_costs_little_more_than_one(self):
        self._assert_queries(25 + 0.3 * MANY, lambda: self._create(MANY))

    def test_closing_costs_what_odoo_needs_to_track_it(self):
        self._create(1).action_close()
        for number in (1, MANY):
            requests = self._create(number)
            self._assert_queries(32 + 2 * number, requests.action_close)

    def test_an_assignee_gets_one_message_for_many_requests(self):
        self.competence.user_ids = self.technician_user
        messages = self.env["mail.message"]
        mine = [("partner_ids", "in", self.technician_user.partner_id.ids)]
        before = messages.search(mine)
        requests = self._create(3)
        notice = messages.search(mine) - before
        self.assertEqual(len(notice), 1)
        for request in requests:
            self.assertIn(request.name, notice.body)
            self.assertIn(self.technician_user.partner_id, request.message_partner_ids)
        requests.action_assign_to(self.dispatcher.id)
        notice = messages.search([("partner_ids", "in", self.dispatcher.partner_id.ids)])
        self.assertEqual(notice.subject, "Requests assigned to you: 3")
