import uuid

from odoo import fields

from odoo.addons.field_intervention.tests.common import FieldInterventionCommon

GROUP = "installed_base.group_service_"


class FieldAppCommon(FieldInterventionCommon):
    """Two technicians with a phone each; a boiler to repair for the first one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague_user = cls._create_user("colleague", GROUP + "technician")
        cls.colleague_van = cls.env["stock.location"].create(
            {"name": "Van 2", "location_id": cls.warehouse.lot_stock_id.id, "usage": "internal"}
        )
        cls.colleague = cls.env["hr.employee"].create(
            {
                "name": "Chloé Colleague",
                "user_id": cls.colleague_user.id,
                "is_technician": True,
                "stock_location_id": cls.colleague_van.id,
            }
        )
        cls.machine = cls._deliver_machine("B20-77")
        cls.request = cls._request(cls.machine)
        cls.device_uuid = str(uuid.uuid4())
        cls.seq = 0

    def setUp(self):
        super().setUp()
        self.intervention = self._plan(self.request)
        self._pull()

    def _pull(self, user=None, token=None):
        self._forget()
        return self.env["service.field.sync"].with_user(user or self.technician_user)._pull(token)

    def _give_away(self, intervention):
        """The office gives it to the colleague, who has no competence for it."""
        intervention.write({"technician_id": self.colleague.id, "conflict_reason": "Ill"})

    def _forget(self):
        """Nothing of what others may read is left in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()

    def _command(self, kind, /, intervention=None, chain=None, **payload):
        """A command as a device makes it."""
        type(self).seq += 1
        if intervention is not False:
            payload["intervention"] = (intervention or self.intervention).uuid
        return {
            "uuid": str(uuid.uuid4()),
            "seq": self.seq,
            "kind": kind,
            "chain": chain or payload.get("intervention", "van"),
            "payload": payload,
        }

    def _push(self, *commands, user=None):
        """What the server answers to these commands, in their order."""
        self._forget()
        user = user or self.technician_user
        log = self.env["service.field.command"].with_user(user)
        log = log.with_context(allowed_company_ids=user.company_ids.ids)
        device = self.env["service.field.device"].with_user(user)._contact(self.device_uuid)
        answers = log._receive(device, list(commands))
        self._forget()
        return answers

    def _send(self, kind, /, intervention=None, user=None, **payload):
        """The verdict on one command, and the whole answer."""
        [answer] = self._push(self._command(kind, intervention, **payload), user=user)
        return answer

    def _send_ok(self, kind, /, intervention=None, user=None, **payload):
        answer = self._send(kind, intervention, user, **payload)
        self.assertEqual(answer["verdict"], "applied", answer)
        return answer

    def _now(self, **shift):
        return fields.Datetime.subtract(fields.Datetime.now(), **shift).isoformat()

    def _on_hand(self, product, location):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "child_of", location.id)]
        )
        return sum(quants.mapped("quantity"))

    def _log(self, answer):
        return self.env["service.field.command"].search([("uuid", "=", answer["uuid"])])
