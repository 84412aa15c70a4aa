from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FieldInterventionCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestRequest(FieldInterventionCommon):
    def test_machines_of_a_group_go_on_one_intervention(self):
        machines = self._create_equipment() | self._create_equipment() | self._create_equipment()
        request = self._request(machines)
        request.equipment_line_ids[:2].intervention_group = "A"
        part = self._consume(
            request, self.burner, equipment_line_id=request.equipment_line_ids[1].id
        )
        other = self._consume(
            request, self.burner, equipment_line_id=request.equipment_line_ids[2].id
        )
        action = request.equipment_line_ids[0].action_plan_intervention()
        intervention = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual(intervention.equipment_ids, machines[:2])
        self.assertEqual(intervention.consumption_ids, part)
        self.assertFalse(other.intervention_id)

    def test_nobody_sets_off_for_a_request_that_is_over(self):
        for end, answer in (("action_close", {"undone": "cancel"}), ("action_cancel", {})):
            request = self._request(self._create_equipment())
            planned, begun = self._plan(request), self._plan(request, self.start + 3 * HOUR)
            begun.with_user(self.technician_user).action_arrive()
            getattr(request.with_user(self.call_taker), end)(**answer)
            self.assertEqual((planned.state, begun.state), ("cancelled", "on_site"), end)
            self.assertIn(request.name, planned.cancel_reason)
            self.assertIn("Not begun", request.message_ids[0].body)
            # the technician, who cannot reopen it, finds that the work is not finished
            follow_up = begun.with_user(self.technician_user).action_to_resume(reason="A part")
            self.assertEqual((request.state, follow_up.state), ("open", "draft"), end)

    def test_closing_tells_which_visits_are_called_off(self):
        request = self._request(self._create_equipment())
        intervention = self._plan(request)
        self.env.invalidate_all()
        action = request.with_user(self.call_taker).action_close()
        self.assertEqual(request.state, "open", "nobody was asked yet")
        wizards = self.env[action["res_model"]].with_user(self.call_taker)
        wizard = wizards.with_context(**action["context"]).create({})
        self.assertEqual(wizard.intervention_ids, intervention)
        wizard.action_close()
        self.assertEqual((request.state, intervention.state), ("closed", "cancelled"))

    def test_a_deleted_intervention_gives_back_what_it_took(self):
        request = self._request(self._create_equipment())
        part = self._consume(request, self.burner)
        intervention = self._plan(request)
        self.assertEqual(part.intervention_id, intervention)
        intervention.with_user(self.call_taker).unlink()
        self.assertRecordValues(part, [{"state": "planned", "intervention_id": False}])
        self.env.flush_all()

    def test_several_requests_are_planned_in_one_dialogue(self):
        first, second, planned, closed = (
            self._request(self._create_equipment()) for _number in range(4)
        )
        self._plan(planned)
        closed.action_close()
        self.env.invalidate_all()
        dialogue = self.env["service.request.plan"].with_user(self.dispatcher)
        selected = first | second | planned | closed
        wizard = dialogue.with_context(active_ids=selected.ids).create(
            {"intervention_type": "workshop"}
        )
        self.assertEqual(wizard.left_out_ids, planned | closed)
        wizard.action_plan()
        for request in first | second:
            self.assertRecordValues(
                request.intervention_ids,
                [
                    {
                        "state": "draft",
                        "intervention_type": "workshop",
                        "equipment_ids": request.equipment_id.ids,
                    }
                ],
            )
        self.assertEqual(len((planned | closed).intervention_ids), 1)
        with self.assertRefused(UserError, "None of these requests needs"):
            dialogue.with_context(active_ids=selected.ids).create({}).action_plan()

    def test_customer_and_site_lead_to_their_interventions(self):
        for days in range(2):
            self._plan(self._request(self._create_equipment()), self.start + timedelta(days=days))
        for partner in (self.customer, self.site):
            partner = partner.with_user(self.call_taker)
            self.assertEqual(partner.service_intervention_count, 2, partner.name)
            domain = partner.action_view_service_interventions()["domain"]
            self.assertEqual(self.env["service.intervention"].search_count(domain), 2)

    def test_what_was_done_already_is_recorded(self):
        request = self._request(self._create_equipment())
        stop = fields.Datetime.now() - timedelta(hours=2)
        request.with_user(self.dispatcher).action_record_intervention(
            report="<p>Told them which button</p>",
            technician_id=self.technician.id,
            stop=stop,
            satisfied=True,
        )
        self.assertRecordValues(
            request.intervention_ids,
            [{"state": "done", "done_date": stop, "hours_work": 1.0}],
        )
        self.assertEqual(request.state, "closed")

    def test_recording_without_a_report_asks_for_it_and_for_the_planned_parts_that_were_used(self):
        request = self._request(self._create_equipment())
        used, unused = (self._consume(request, self.burner) for _number in range(2))
        action = request.action_record_intervention()
        record = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(record.used_part_ids, used | unused)
        record.write(
            {
                "report": "<p>Burner replaced</p>",
                "technician_id": self.technician.id,
                "used_part_ids": [Command.unlink(unused.id)],
            }
        )
        record.action_record()
        self.assertEqual((used.state, unused.state), ("done", "todo"))
        self.assertEqual(request.state, "open")

    def test_recorded_intervention_waits_for_its_mandatory_checks(self):
        self.env["service.operation.template"].create(
            {
                "name": "Measure CO",
                "is_mandatory": True,
                "nature_ids": [
                    Command.link(
                        self.env.ref("field_intervention.service_intervention_nature_repair").id
                    )
                ],
            }
        )
        request = self._request()
        request.action_record_intervention(report="<p>Burner cleaned</p>")
        self.assertEqual(request.intervention_ids.state, "on_site")

    def test_first_arrival_and_what_was_promised(self):
        self.warranty.commitment_ids.onsite_hours = 4
        machine = self._deliver_machine()
        with freeze_time("2030-03-04 08:00:00"):
            request = self._request(machine)
        machine.state = "in_service"
        self.env["service.contract"].search([("partner_id", "=", self.customer.id)]).write(
            {"date_start": "2030-01-01", "date_end": "2031-12-31"}
        )
        request.date = "2030-03-04 08:00:00"
        self.assertEqual(
            request.onsite_deadline, fields.Datetime.to_datetime("2030-03-04 12:00:00")
        )
        intervention = self._plan(request)
        with freeze_time("2030-03-04 11:00:00"):
            intervention.action_arrive()
        self.assertEqual(
            request.first_arrival_date, fields.Datetime.to_datetime("2030-03-04 11:00:00")
        )

    def test_visit_to_resume_uses_only_the_parts_that_somebody_said_were_used(self):
        request = self._request(self._create_equipment())
        used, unanswered = (self._consume(request, self.burner) for _number in range(2))
        intervention = self._plan(request).with_user(self.technician_user)
        self.assertEqual(intervention.consumption_ids, used + unanswered)
        intervention.action_arrive()
        intervention.consumption_ids = [
            Command.create({"product_id": product.id}) for product in (self.burner, self.labor)
        ]
        added = intervention.consumption_ids - used - unanswered
        intervention.operation_ids = [
            Command.create({"name": "Drain", "done": True}),
            Command.create({"name": "Fill", "is_mandatory": True}),
        ]
        used.with_user(self.technician_user).action_mark_done()
        self.assertEqual(intervention.unanswered_parts, self.burner.display_name)
        intervention.findings = "Leaks"
        follow_up = intervention.action_to_resume(reason="No gasket")
        self.assertEqual(follow_up.findings, "Leaks\nNo gasket")
        self.assertEqual(set((used + added).mapped("state")), {"done"})
        self.assertEqual(intervention.consumption_ids, used + added)
        self.assertEqual(follow_up.consumption_ids, unanswered)
        self.assertEqual(unanswered.state, "planned")
        moves = unanswered.sudo().move_ids
        self.assertFalse(set(moves.mapped("state")) - {"cancel"}, "given free in the van")
        self.assertRecordValues(
            follow_up.operation_ids, [{"name": "Fill", "is_mandatory": True, "done": False}]
        )

    def test_planned_part_that_nobody_mentioned_is_not_used_when_the_work_is_done(self):
        for satisfied, state, request_state in (
            (False, "planned", "open"),
            (True, "cancelled", "closed"),
        ):
            with self.subTest(satisfied=satisfied):
                request = self._request(self._create_equipment())
                used, silent = (self._consume(request, self.burner) for _number in range(2))
                intervention = self._plan(request).with_user(self.technician_user)
                intervention.action_arrive()
                used.with_user(self.technician_user).action_mark_done()
                intervention.write({"report": "Repaired", "satisfied": satisfied})
                self.assertIs(intervention.action_done(), True, "nothing is asked")
                self.assertEqual((used.state, silent.state), ("done", state))
                self.assertEqual(request.state, request_state)
                request.sudo().stage_id = self.env["service.request.stage"]._get_cancelling()

    def test_visit_to_resume_takes_the_parts_to_order_along(self):
        intervention = self._plan(self._request(self._create_equipment()))
        intervention.action_arrive()
        used, wanted = intervention.consumption_ids = self.env["service.consumption"].create(
            [
                {"intervention_id": intervention.id, "product_id": self.labor.id},
                {
                    "intervention_id": intervention.id,
                    "product_id": self.burner.id,
                    "is_to_order": True,
                },
            ]
        )
        follow_up = intervention.action_to_resume()
        self.assertEqual(follow_up.consumption_ids, wanted)
        self.assertRecordValues(used + wanted, [{"state": "done"}, {"state": "todo"}])
