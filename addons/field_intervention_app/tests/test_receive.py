from odoo import fields
from odoo.tests import tagged

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestReceive(FieldAppCommon):
    """Many entries at once: applied together when all is well, else each for itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = cls.env["product.product"].create(
            [{"name": f"Part {number}", "is_storable": True} for number in range(4)]
        )

    def _visit(self, intervention, parts=None):
        """What a technician does on a visit, without the end."""
        return [
            self._command("step", intervention, step="leave", at=self._now(hours=1)),
            self._command("step", intervention, step="arrive", at=self._now(minutes=30)),
            *(
                self._command("consume", intervention, product=part.id, quantity=1, at=self._now())
                for part in parts or self.parts
            ),
            *(
                self._command("text", intervention, field=name, base="", value="Seen")
                for name in ("report", "findings", "customer_comment")
            ),
        ]

    def _plan_more(self, number):
        return [
            self._plan(self.request, start=fields.Datetime.add(self.start, days=day))
            for day in range(1, number + 1)
        ]

    def test_a_visit_takes_few_queries_and_further_parts_little_more(self):
        first, second, third = self._plan_more(3)
        self._pull()
        self._push(*self._visit(first))

        def count(*commands):
            before = self.cr.sql_log_count
            answers = self._push(*commands)
            self.assertEqual({answer["verdict"] for answer in answers}, {"applied"})
            return self.cr.sql_log_count - before

        few = count(*self._visit(second))
        self.assertLessEqual(few, 140)  # nine entries
        more = self.env["product.product"].create(
            [{"name": f"More {number}", "is_storable": True} for number in range(8)]
        )
        self.assertLessEqual(count(*self._visit(third, self.parts + more)), few + 8 * 15)

    def test_visits_are_applied_together_each_in_its_order(self):
        other, another = self._plan_more(2)
        self._pull()
        visits = [self._visit(i) for i in (self.intervention, other, another)]
        visits[0].append(self._command("step", step="pause", at=self._now()))
        commands = [command for visit in visits for command in visit]
        runs = self.env["service.field.command"]._split_into_runs(commands)
        self.assertEqual(
            [(run[0]["kind"], len(run)) for run in runs],
            [("step", 6), ("consume", 12), ("text", 9), ("step", 1)],
        )
        applied = [command for run in runs for command in run]
        for visit in visits:
            chain = visit[0]["chain"]
            self.assertEqual([c for c in applied if c["chain"] == chain], visit)
        before = self.cr.sql_log_count
        answers = self._push(*commands)
        self.assertEqual({answer["verdict"] for answer in answers}, {"applied"})
        self.assertLessEqual(self.cr.sql_log_count - before, 300)
        self.assertEqual(len(self.request.consumption_ids), 12)

    def test_a_count_comes_after_what_was_used_before_it_and_before_what_was_used_later(self):
        [other] = self._plan_more(1)
        self._pull()

        def use(intervention):
            return self._command(
                "consume", intervention, product=self.burner.id, quantity=1, at=self._now()
            )

        def count(quantity):
            line = {"product": self.burner.id, "quantity": quantity, "location": self.van.id}
            return self._command("count", False, lines=[line])

        commands = [use(self.intervention), count(4), use(other), use(self.intervention), count(2)]
        runs = self.env["service.field.command"]._split_into_runs(commands)
        self.assertEqual(
            runs, [[commands[0]], [commands[1]], [commands[2], commands[3]], [commands[4]]]
        )

    def test_one_refusal_leaves_the_others(self):
        commands = self._visit(self.intervention)
        wrong = self._command("consume", product=2**31 - 1, quantity=1, at=self._now())
        answers = self._push(*commands, wrong)
        self.assertEqual([answer["verdict"] for answer in answers], ["applied"] * 9 + ["rejected"])
        self.assertRecordValues(self.intervention, [{"state": "on_site", "findings": "Seen"}])
        self.assertEqual(
            self.intervention.consumption_ids.mapped("product_id"), self.parts, "each of them once"
        )
        self.assertEqual(len(self.intervention.consumption_ids), 4)

    def test_entries_sent_again_among_new_ones_count_once(self):
        commands = self._visit(self.intervention)
        first = self._push(*commands[:5])
        again = self._push(*commands)
        self.assertEqual([a.get("duplicate") for a in again], [True] * 5 + [None] * 4)
        self.assertEqual(
            [{**answer, "duplicate": True} for answer in first], again[:5], "the same answers"
        )
        self.assertEqual(len(self.intervention.consumption_ids), 4)

    def test_an_entry_may_undo_one_of_the_same_batch(self):
        used = self._command("consume", product=self.burner.id, quantity=2, at=self._now())
        undone = self._command("unconsume", command=used["uuid"])
        self._push(used, undone)
        self.assertEqual(self.intervention.consumption_ids.mapped("state"), ["cancelled"])
        self.assertEqual(self._on_hand(self.burner, self.van), 5)
