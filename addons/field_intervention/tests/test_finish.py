from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestFinish(FieldInterventionCommon):
    """« Finish » asks how it ended, unless that is plain."""

    def _on_site(self, *operations, **values):
        intervention = self._plan(self._request(self._create_equipment()))
        intervention = intervention.with_user(self.technician_user)
        intervention.write({"operation_ids": [*map(Command.create, operations)], **values})
        intervention.action_arrive()
        return intervention

    def _ask(self, action, **values):
        """The dialogue that an action opens, filled in by the technician."""
        self.env.invalidate_all()
        return (
            self.env[action["res_model"]]
            .with_user(self.technician_user)
            .with_context(**action["context"])
            .create(values)
        )

    def test_solved_and_in_order_needs_no_question(self):
        intervention = self._on_site(satisfied=True)
        self.assertIs(intervention.action_finish(), True)
        self.assertEqual((intervention.state, intervention.request_id.state), ("done", "closed"))

    def test_every_answer_leads_where_it_says(self):
        for outcome, state, request_state in (
            ("solved", "done", "closed"),
            ("open", "done", "open"),
            ("to_resume", "to_resume", "open"),
        ):
            with self.subTest(outcome=outcome):
                intervention = self._on_site()
                dialogue = self._ask(intervention.action_finish())
                self.assertFalse(dialogue.outcome, "nothing is guessed")
                dialogue.write({"outcome": outcome, "remaining": "Fit the pump"})
                dialogue.action_confirm()
                self.assertEqual(
                    (intervention.state, intervention.request_id.state), (state, request_state)
                )

    def test_what_is_not_in_order_is_shown_first(self):
        intervention = self._on_site(
            {"name": "CO", "kind": "measure", "unit": "ppm", "value_max": 50, "value": 80},
            {"name": "Flue", "result": "not_ok"},
            {"name": "Gas", "result": "ok"},
            satisfied=True,
        )
        dialogue = self._ask(intervention.action_finish())
        self.assertEqual(dialogue.outcome, "solved", "as the technician ticked it")
        self.assertEqual(
            dialogue.not_ok.splitlines(), ["CO: 80 ppm, allowed: 0 – 50 ppm", "Not OK: Flue"]
        )
        self.assertFalse(dialogue.missing)
        dialogue.action_confirm()
        self.assertEqual(intervention.state, "done")

    def test_what_is_missing_is_named_and_still_refused(self):
        intervention = self._on_site({"name": "Flue", "is_mandatory": True}, satisfied=True)
        dialogue = self._ask(intervention.action_finish(), outcome="solved")
        self.assertIn("Flue", dialogue.missing)
        with self.assertRefused(UserError, "cannot be finished yet.*Flue"):
            dialogue.action_confirm()
        dialogue.write({"outcome": "to_resume", "remaining": "The flue"})
        dialogue.action_confirm()
        self.assertEqual(intervention.state, "to_resume")

    def test_coming_back_takes_the_parts_to_order_along(self):
        intervention = self._on_site()
        used = self._use(intervention, self.burner)
        pump = self._create_product("Pump", is_storable=True)
        dialogue = self._ask(
            intervention.action_ask_to_resume(),
            remaining="Fit the pump",
            part_ids=[Command.create({"product_id": pump.id, "quantity": 2})],
        )
        self.assertEqual(dialogue.outcome, "to_resume")
        dialogue.action_confirm()
        self.env.invalidate_all()
        self.assertIn("Fit the pump", intervention.sudo().findings)
        self.assertEqual(intervention.sudo().consumption_ids, used)
        follow_up = self.env["service.intervention"].search([("previous_id", "=", intervention.id)])
        self.assertRecordValues(
            follow_up.consumption_ids,
            [{"product_id": pump.id, "quantity": 2, "is_to_order": True, "state": "todo"}],
        )

    def test_each_line_says_what_the_finish_makes_of_it(self):
        request = self._request(self._create_equipment())
        planned = self._consume(request, self.burner)
        intervention = self._plan(request).with_user(self.technician_user)
        self.assertFalse(planned.counts_as, "nobody is there yet")
        intervention.action_arrive()
        added = self._use(intervention, self.burner) - planned
        self.assertEqual((planned.counts_as, added.counts_as), ("unused", "used"))
        typed = added.new({"intervention_id": intervention.id, "product_id": self.burner.id})
        self.assertEqual(typed.counts_as, "used")
        added.is_to_order = True
        self.assertEqual(added.counts_as, "to_order")
        planned.with_user(self.technician_user).action_mark_done()
        self.assertFalse(planned.counts_as, "it is done already")

    def test_a_signature_names_its_signer(self):
        intervention = self._on_site()
        with Form(intervention) as form:
            form.signature = b"R0lGODlhAQABAAAAACwAAAAAAQABAAA="
            form.signed_by = False
            with self.assertRaisesRegex(AssertionError, "signed_by is a required field"):
                form.save()
            form.signed_by = "Mme Blanc"

    def test_the_signer_is_the_contact_else_the_person_who_is_the_customer(self):
        intervention = self._plan(self._request())
        intervention.contact_id = False
        self.customer.is_company = True
        intervention.invalidate_recordset()
        self.assertFalse(intervention.signed_by)
        person = self.env["res.partner"].create({"name": "Mme Blanc"})
        visit = self.env["service.intervention"].create({"partner_id": person.id})
        self.assertEqual(visit.signed_by, "Mme Blanc")
