from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestSolution(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        solutions = cls.env["service.solution"]
        cls.keyword = cls.env["service.solution.keyword"].create({"name": "ignition"})
        cls.electrode = solutions.create(
            {
                "title": "Boiler does not ignite",
                "problem": "<p>The burner tries three times and locks out.</p>",
                "solution": "<p>Replaced the electrode and cleaned the pipes.</p>",
                "keyword_ids": [Command.set(cls.keyword.ids)],
                "competence_id": cls.competence.id,
                "language": "english",
            }
        )
        cls.leak = solutions.create(
            {
                "title": "Fuite sous la chaudière",
                "problem": "<p>La pression descend, les joints sont usés.</p>",
                "solution": "<p>Soupape de sécurité remplacée.</p>",
                "language": "french",
                "author_id": cls.dispatcher.id,
            }
        )
        (cls.electrode | cls.leak).action_publish()

    def _find(self, query, **options):
        found = self.env["service.solution"].with_user(self.technician_user)
        return found._search_text(query, **options) & (self.electrode | self.leak)

    def test_words_are_found_by_their_stem_without_accents_and_with_typing_errors(self):
        for query, expected in (
            ("igniting boilers", self.electrode),
            ("electrodes", self.electrode),
            ("ignition", self.electrode),
            ("pipe cleaning", self.electrode),
            ("chaudière", self.leak),
            ("CHAUDIERES", self.leak),
            ("sécurité", self.leak),
            ("joint usé", self.leak),
            ("chaudire", self.leak),
            ("boler", self.electrode),
            ("chau", self.leak),
            ("swimming", self.leak.browse()),
            ("", self.leak.browse()),
            ("the", self.leak.browse()),
            ("'); DROP TABLE service_solution; --", self.leak.browse()),
        ):
            self.assertEqual(self._find(query), expected, query)

    def test_all_words_go_before_some_and_the_title_before_the_text(self):
        both = self.electrode.copy({"title": "Electrode of the pump", "state": "published"})
        found = self.env["service.solution"]._search_text("electrode pump")
        self.assertEqual(found[0], both)
        found = self.env["service.solution"]._search_text("electrode")
        self.assertLess(found.ids.index(both.id), found.ids.index(self.electrode.id))

    def test_used_and_helpful_solutions_go_first(self):
        twin = self.electrode.copy({"state": "published"})
        found = self.env["service.solution"]._search_text
        self.assertEqual(found("ignite")[0], twin)
        self.electrode.with_user(self.technician_user).action_mark_helpful()
        self.assertEqual(found("ignite")[0], self.electrode)

    def test_each_colleague_helped_counts_once(self):
        for user in (self.technician_user, self.technician_user, self.call_taker):
            self.electrode.with_user(user).action_mark_helpful()
        self.assertEqual(self.electrode.helpful, 2)

    def test_limit_holds_and_drafts_are_not_found(self):
        self.electrode.copy({"state": "published"})
        self.assertEqual(len(self.env["service.solution"]._search_text("boiler", limit=1)), 1)
        self.electrode.action_withdraw()
        self.assertFalse(self._find("electrode"))

    def test_changed_words_are_found(self):
        self.leak.solution = "<p>Vase d'expansion regonflé.</p>"
        self.assertEqual(self._find("expansion"), self.leak)
        self.assertFalse(self._find("soupape"))
        self.leak.keyword_ids = self.keyword
        self.keyword.name = "overflow"
        self.assertEqual(self._find("overflow"), self.electrode | self.leak)

    # ------------------------------------------------------------ the dialogue
    def _open_dialogue(self, **values):
        return self.env["service.solution.search"].with_user(self.technician_user).create(values)

    def test_criteria_combine(self):
        for values, expected in (
            ({"problem_words": "burner"}, self.electrode),
            ({"solution_words": "burner"}, self.leak.browse()),
            ({"solution_words": "electrode"}, self.electrode),
            ({"keyword_words": "ignition"}, self.electrode),
            ({"keyword_words": "boiler"}, self.leak.browse()),
            ({"problem_words": "burner", "solution_words": "electrode"}, self.electrode),
            ({"problem_words": "burner", "solution_words": "soupape"}, self.leak.browse()),
            ({"competence_ids": self.competence.ids}, self.electrode),
            ({"author_ids": self.dispatcher.ids}, self.leak),
            (
                {"problem_words": "burner", "author_ids": self.dispatcher.ids},
                self.leak.browse(),
            ),
            ({"date_from": "2999-01-01"}, self.leak.browse()),
            ({"date_to": "2999-01-01", "problem_words": "pression"}, self.leak),
        ):
            if "competence_ids" in values or "author_ids" in values:
                values = {
                    key: [Command.set(value)] if key.endswith("_ids") else value
                    for key, value in values.items()
                }
            found = self._open_dialogue(**values).line_ids.solution_id
            self.assertEqual(found & (self.electrode | self.leak), expected, values)

    def test_best_one_is_shown_another_on_demand_and_used_once(self):
        request = self._request(title="Burner locks out")
        action = request.with_user(self.technician_user).action_search_solutions()
        wizard = (
            self.env["service.solution.search"]
            .with_user(self.technician_user)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.solution_id, self.electrode)
        self.assertIn("electrode", wizard.shown_solution)
        wizard.problem_words = False
        wizard.line_ids.filtered(lambda ln: ln.solution_id == self.leak).action_show()
        self.assertEqual(wizard.solution_id, self.leak)
        wizard.action_use()
        wizard.action_use()
        self.assertEqual(request.solution_id, self.leak)
        self.assertEqual(self.leak.use_count, 1)
        with self.assertRefused(UserError, "Search from a request"):
            self._open_dialogue(problem_words="burner").action_use()

    # ------------------------------------------------------------ requests
    def test_solutions_and_solved_requests_are_suggested_while_typing(self):
        solved = self._request(title="Boiler does not start in the morning")
        solved.action_close()
        form = Form(self.env["service.request"].with_user(self.call_taker))
        for title, expected in (
            ("boiler never ignites", self.electrode),
            ("boiler starts never", self.leak.browse()),  # one word of three is chance
            ("Fuite de la chaudière", self.leak),
            ("Fuite du robot de piscine", self.leak.browse()),
            ("fuite d'eau", self.leak),  # one of two may be it
            ("Ma chaudière ne marche plus", self.leak),  # nothing else is said of the problem
            ("la pression", self.leak),
            ("soupapes", self.leak),
            ("igniter broken", self.electrode),  # of the family of « ignite »
            ("the", self.leak.browse()),
        ):
            form.title = title
            found = form.suggested_solution_ids[:] & (self.electrode | self.leak)
            self.assertEqual(found, expected, title)
        self.assertFalse(form.similar_request_ids[:])
        form.title = "boiler not starting".replace("starting", "start")
        self.assertIn(solved, form.similar_request_ids[:])

    def test_request_prefills_its_solution(self):
        request = self._request(description="<p>Cold</p>")
        request.action_close()
        context = request.action_create_solution()["context"]
        solution = (
            self.env["service.solution"].with_user(self.technician_user).with_context(**context)
        ).create({"solution": "<p>Warm</p>"})
        self.assertRecordValues(
            solution,
            [
                {
                    "title": "No hot water",
                    "competence_id": self.competence.id,
                    "request_id": request.id,
                    "author_id": self.technician_user.id,
                    "state": "draft",
                }
            ],
        )
