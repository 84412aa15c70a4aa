import json

from odoo.tests import tagged

from ..models.coverage_sentences import SENTENCES
from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestCoverSentences(ServiceContractCommon):
    """Reasons are kept as data and read in the language of whoever reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["service_contract"], ["fr_FR"])

    def _say(self, answer, lang):
        """The stored reason of an answer, read in a language."""
        code, arguments = json.loads(json.dumps([answer["reason_code"], answer["reason_args"]]))
        engine = self.env["service.contract"].with_context(lang=lang)
        return engine._render_reasons([(code, arguments)])[0]

    def test_a_stored_reason_is_read_as_it_was_said(self):
        warranty = self._create_contract(
            {"equipment_id": self.machine.id, "labor_rate": 50}, kind="warranty"
        )
        self._create_contract()
        answer = self._cover()
        self.assertCovers(answer, warranty, "partial")
        self.assertEqual(self._say(answer, "en_US"), answer["reason"])

    def test_a_stored_reason_is_read_in_another_language(self):
        contract = self._create_contract()
        answer = self._cover("2027-01-01")
        self.assertEqual(
            self._say(answer, "fr_FR"),
            f"Non couvert : {contract.name} a pris fin le 31/12/2026.",
        )

    def test_names_are_those_of_the_reader(self):
        self.electricity.with_context(lang="fr_FR").name = "Électricité"
        self._create_contract(
            {"equipment_id": self.machine.id, "competence_ids": self.hydraulics.ids}
        )
        answer = self._cover(competence_id=self.electricity.id)
        self.assertIn("Electricity", answer["reason"])
        self.assertIn("Électricité", self._say(answer, "fr_FR"))

    def test_what_was_deleted_leaves_a_gap_and_no_error(self):
        gone = self.electricity.id
        self.electricity.unlink()
        reason = ("competence", {"contract": "CT/1", "competence": gone})
        self.assertEqual(
            self.env["service.contract"]._render_reasons([reason]),
            ["CT/1 does not include the competence ."],
        )

    def test_no_reason_is_no_sentence(self):
        self.assertEqual(self.env["service.contract"]._render_reasons([(False, False)]), [""])

    def test_many_reasons_need_no_more_queries_than_one(self):
        competences = self.env["service.competence"].create(
            [{"name": f"C{n}", "code": f"C{n}"} for n in range(40)]
        )
        reasons = [("competence", {"contract": "CT/1", "competence": c.id}) for c in competences]

        def count(reasons):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sentences = self.env["service.contract"]._render_reasons(reasons)
            return self.env.cr.sql_log_count - before, sentences

        count(reasons[:1])
        one, _sentence = count(reasons[:1])
        many, sentences = count(reasons)
        self.assertEqual(many, one)
        self.assertEqual(sentences[39], "CT/1 does not include the competence C39.")

    def test_each_sentence_can_be_said_in_each_language(self):
        arguments = {
            **dict.fromkeys(("contract", "customer", "other", "why"), "x"),
            **dict.fromkeys(("start", "end", "since"), "2026-06-15"),
            **dict.fromkeys(("balance", "needed", "hours", "amount", "reading", "limit"), 2.0),
            **dict.fromkeys(("parts", "labor", "travel"), 50.0),
            "kind": "points",
            "merit": "rates",
            "competence": self.pumps.id,
            "meter_type": 0,
            "because": ("draft", {"contract": "x"}),
        }
        for lang in ("en_US", "fr_FR"):
            engine = self.env["service.contract"].with_context(lang=lang)
            for code in SENTENCES:
                [sentence] = engine._render_reasons([(code, arguments)])
                self.assertTrue(sentence and "%(" not in sentence, (lang, code))
