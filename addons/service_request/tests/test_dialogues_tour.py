from odoo.tests import HttpCase, tagged

from .common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestDialoguesTour(ServiceRequestCommon, HttpCase):
    """What is pressed on the lines of a dialogue, in the browser."""

    def test_a_line_is_chosen_in_the_dialogues_of_a_request(self):
        self.dispatcher.password = "dispatcher"
        colleague = self._create_user("colleague", GROUP + "technician")
        colleague.name = "Colleague"
        valve, _pump = self.env["service.solution"].create(
            [
                {"title": title, "problem": title, "solution": solution, "state": "published"}
                for title, solution in (
                    ("Valve stuck", "<p>Grease it</p>"),
                    ("Valve noisy when water is hot", "<p>Replace it</p>"),
                )
            ]
        )
        request = self._request(title="Valve noisy, hot water")
        self.start_tour(
            f"/odoo/service-requests/{request.id}", "service_request_dialogues", login="dispatcher"
        )
        self.assertRecordValues(request, [{"user_id": colleague.id, "solution_id": valve.id}])
