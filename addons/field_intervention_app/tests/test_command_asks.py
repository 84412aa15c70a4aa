import uuid

from odoo.tests import tagged

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestCommandAsks(FieldAppCommon):
    def test_a_wish_stays_on_the_list(self):
        answer = self._send_ok("ask", what="loan", note="Guests arrive tonight")
        self.assertTrue(self._log(answer).needs_attention)
        self.assertIn("Guests arrive tonight", self.intervention.message_ids[0].body)

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
