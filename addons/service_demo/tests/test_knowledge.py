from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..catalogue.solutions import ENGLISH, FRENCH
from ..models.demo_knowledge import LANGUAGES, _prepare_solution


@tagged("post_install", "-at_install")
class TestKnowledge(TransactionCase):
    """The fifty shipped solutions are found by what people really type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        solutions = cls.env["service.solution"]
        solutions.search([]).action_withdraw()
        keywords = cls.env["service.solution.keyword"]
        for language, by_competence in LANGUAGES.items():
            for competence, texts in by_competence.items():
                for text in texts:
                    solution = _prepare_solution((language, competence, *text))
                    for word in text[3].split():
                        keyword = keywords.search([("name", "=", word)])
                        keyword = keyword or keywords.create({"name": word})
                        solution.setdefault("keyword_ids", []).append(Command.link(keyword.id))
                    solutions.create(solution)

    def test_there_are_fifty_in_two_languages(self):
        counts = [sum(map(len, language.values())) for language in (FRENCH, ENGLISH)]
        self.assertEqual(sum(counts), 50)
        self.assertGreaterEqual(min(counts), 20)

    def test_what_people_type_finds_the_right_one_first(self):
        for query, title in (
            ("chaudière ne s'allume plus électrode", "Chaudière murale en défaut d'allumage"),
            ("code F28", "Code F28 au démarrage du brûleur"),
            ("odeur gaz", "Odeur de gaz près de la chaudière"),
            ("fuite d'eau sous chaudiere", "Fuite sous la chaudière"),
            ("vase expansion degonfle", "Pression qui monte à 3 bars en chauffe"),
            ("radiateur froid étage", "Radiateurs froids à l'étage"),
            ("embouage boues", "Eau rouge et boues dans le circuit"),
            ("eau verte piscine algue", "Eau verte au retour de vacances"),
            ("manque de sel", "Électrolyseur : défaut manque de sel"),
            ("volet bloqué mi-course", "Volet roulant arrêté à mi-course"),
            ("givre pompe chaleur dégivrer", "Pompe à chaleur prise dans la glace"),
            ("thermostat sans écran", "Thermostat d'ambiance muet"),
            ("burner lockout", "Burner locks out after three attempts"),
            ("heat pump defrosting", "Heat pump does not defrost"),
            ("no hot water heating ok", "No hot water but heating works"),
            ("pump hums not turning", "Pump motor hums but does not turn"),
            ("priming pool pumps", "Pool pump does not prime"),
            ("carbon monoxide", "Carbon monoxide alarm in the boiler room"),
            ("frozen condensate pipes", "Condensate pipe frozen"),
            ("salt chlorinater", "Salt chlorinator shows low production"),
            ("thermostaat ambiance", "Thermostat d'ambiance muet"),
        ):
            found = self.env["service.solution"]._search_text(query, limit=5)
            self.assertEqual(found[:1].title, title, query)
