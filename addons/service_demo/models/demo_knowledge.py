from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command

from ..catalogue.solutions import ENGLISH, FRENCH

AUTHORS = ("sophie", "hugo", "karim", "thomas", "emma")
LANGUAGES = {"french": FRENCH, "english": ENGLISH}

# kind: code, (English, French, Chinese)
FAULT_CODES = {
    "category": {
        "BURN": ("Burner", "Brûleur", "燃烧器"),
        "HYD": ("Water Circuit", "Circuit d'eau", "水路"),
        "CTRL": ("Control", "Régulation", "控制"),
    },
    "symptom": {
        "STOP": ("Does not start", "Ne démarre pas", "无法启动"),
        "LEAK": ("Leaks", "Fuite", "泄漏"),
        "NOISE": ("Noise", "Bruit", "噪音"),
        "COLD": ("Does not heat", "Ne chauffe pas", "不制热"),
    },
    "cause": {
        "WEAR": ("Wear", "Usure", "磨损"),
        "DIRT": ("Dirt, scale", "Encrassement, tartre", "污垢、水垢"),
        "SET": ("Wrong setting", "Mauvais réglage", "设置错误"),
    },
    "remedy": {
        "REPL": ("Part replaced", "Pièce remplacée", "更换部件"),
        "CLEAN": ("Cleaned", "Nettoyage", "清洗"),
        "ADJ": ("Adjusted", "Réglage", "调整"),
    },
}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_knowledge(self):
        """Fifty solutions in two languages, the catalogue of faults, rules of escalation."""
        self._create_fault_codes()
        self._create_solutions()
        rules = self.env["service.escalation.rule"].with_context(active_test=False)
        rules.search([("code", "in", ("RISK", "STUCK"))]).active = True

    def _create_fault_codes(self):
        for kind, faults in FAULT_CODES.items():
            records = self._make(
                "service.fault.code",
                {
                    code: {"name": names[0], "code": code, "kind": kind}
                    for code, names in faults.items()
                },
                f"fault_{kind}",
            )
            self._translate(records, faults.values())

    def _create_solutions(self):
        texts = [
            (language, competence, *text)
            for language, by_competence in LANGUAGES.items()
            for competence, solutions in by_competence.items()
            for text in solutions
        ]
        words = sorted({word for text in texts for word in text[5].split()})
        keywords = self._model("service.solution.keyword").create([{"name": w} for w in words])
        keyword_of = dict(zip(words, keywords, strict=True))
        self._make(
            "service.solution",
            {
                str(number): {
                    **_prepare_solution(text),
                    "competence_id": self._ref(f"competence_{text[1]}").id,
                    "author_id": self._ref(f"user_{AUTHORS[number % len(AUTHORS)]}").id,
                    "keyword_ids": [Command.set([keyword_of[word].id for word in text[5].split()])],
                }
                for number, text in enumerate(texts, 1)
            },
            "solution",
        )


def _prepare_solution(text):
    """Values of a published solution of the catalogue."""
    language, _competence, title, problem, solution, _keywords = text
    return {
        "title": title,
        "problem": Markup("<p>%s</p>") % problem,
        "solution": Markup("<p>%s</p>") % solution,
        "language": language,
        "state": "published",
    }
