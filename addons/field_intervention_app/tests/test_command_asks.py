import uuid

from odoo.tests import tagged

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestCommandAsks(FieldAppCommon):
    def test_a_loan_is_requested_once_and_seen_on_the_phone(self):
        for note in ("Guests arrive tonight", "Again"):
            answer = self._send_ok("ask", what="loan", note=note)
            self.assertTrue(self._log(answer).needs_attention)
        loan = self.env["service.loan"].search([("equipment_id", "=", self.machine.id)])
        self.assertRecordValues(
            loan,
            [
                {
                    "state": "draft",
                    "intervention_id": self.intervention.id,
                    "request_id": self.request.id,
                    "user_id": self.dispatcher.id,
                    "note": "Guests arrive tonight",
                }
            ],
        )
        [row] = self._pull()["changed"]["interventions"]
        self.assertEqual([seen["name"] for seen in row["loans"]], [loan.name])

    def test_a_loan_names_its_machine(self):
        second = self._create_equipment()
        self.intervention.equipment_ids += second
        answer = self._send("ask", what="loan", note="Which one?")
        self.assertEqual(answer["verdict"], "rejected")
        self.assertIn("Choose the machine", answer["message"])
        foreign = self._create_equipment(partner_id=self.other_customer.id, site_id=False)
        answer = self._send("ask", what="loan", note="Not theirs", equipment=foreign.id)
        self.assertEqual(answer["verdict"], "rejected")
        self._send_ok("ask", what="loan", note="This one", equipment=second.id)
        self.assertEqual(self.env["service.loan"].search([]).equipment_id, second)

    def test_help_is_a_task_of_the_office(self):
        answer = self._send_ok("ask", what="help", note="Two people to lift it")
        self.assertRecordValues(
            self.intervention.activity_ids,
            [
                {
                    "id": answer["result"]["activity"],
                    "user_id": self.dispatcher.id,
                    "summary": "Technician asks for help",
                }
            ],
        )
        self.assertIn("Two people", self.intervention.activity_ids.note)
        entry = self._log(answer).with_user(self.dispatcher)
        self.assertRecordValues(
            entry,
            [
                {
                    "needs_attention": True,
                    "kind_label": "Help Wanted",
                    "asked_text": "Two people to lift it",
                }
            ],
        )

    def test_an_intervention_found_on_the_spot(self):
        new_uuid = str(uuid.uuid4())
        create = self._command(
            "create", False, title="Second boiler leaks", at=self._now(), equipment=self.machine.id
        )
        create["payload"] |= {"intervention": new_uuid, "from": self.intervention.uuid}
        use = self._command("consume", False, product=self.burner.id, quantity=1, at=self._now())
        use["payload"]["intervention"] = new_uuid
        create["chain"] = use["chain"] = new_uuid
        answers = self._push(create, use)
        self.assertEqual([a["verdict"] for a in answers], ["applied", "applied"], answers)
        found = self.env["service.intervention"].search([("uuid", "=", new_uuid)])
        self.assertRecordValues(
            found,
            [
                {
                    "state": "planned",
                    "technician_id": self.technician.id,
                    "equipment_ids": self.machine.ids,
                }
            ],
        )
        self.assertEqual(found.request_id.title, "Second boiler leaks")
        self.assertEqual(found.consumption_ids.product_id, self.burner)

    def test_a_machine_of_another_customer_is_out_of_reach(self):
        foreign = self._create_equipment(partner_id=self.other_customer.id, site_id=False)
        create = self._command("create", False, title="x", at=self._now(), equipment=foreign.id)
        create["payload"] |= {"intervention": str(uuid.uuid4()), "from": self.intervention.uuid}
        [answer] = self._push(create)
        self.assertEqual(answer["verdict"], "rejected")

    def test_a_machine_that_nobody_knew(self):
        answer = self._send_ok(
            "report_machine", product=self.machine_product.id, serial="X-9", note="In the cellar"
        )
        machine = self.env["service.equipment"].browse(answer["result"]["equipment"])
        self.assertRecordValues(
            machine,
            [
                {
                    "serial_number": "X-9",
                    "partner_id": self.intervention.partner_id.id,
                    "certainty": "verified",
                }
            ],
        )
        self.assertTrue(self._log(answer).needs_attention)
