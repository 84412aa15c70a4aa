import uuid
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from .payload import Malformed
from .service_field_command import Handler

_lt = LazyTranslate(__name__)

ASKS = ("loan", "help")


class ServiceFieldCommand(models.Model):
    """What a technician asks for, or finds on the spot."""

    _inherit = "service.field.command"

    @api.model
    def _get_handlers(self):
        return {
            **super()._get_handlers(),
            "ask": Handler(
                _lt("Question to the Office"),
                self._apply_ask,
                {"intervention": uuid.UUID, "what": str, "note?": str, "equipment?": int},
            ),
            "create": Handler(
                _lt("New Intervention"),
                self._apply_create,
                {
                    "intervention": uuid.UUID,
                    "from": uuid.UUID,
                    "equipment?": int,
                    "title": str,
                    "note?": str,
                    "at": datetime,
                },
            ),
            "report_machine": Handler(
                _lt("New Machine"),
                self._apply_report_machine,
                {
                    "intervention": uuid.UUID,
                    "product": int,
                    "serial?": str,
                    "note?": str,
                },
            ),
        }

    def _apply_ask(self, payload):
        """A wish that the office fulfils: it stays on the list until somebody settles it."""
        if payload["what"] not in ASKS:
            raise Malformed("what")
        intervention, _review = self._find_intervention(payload)
        ask = {"loan": self._ask_for_loan, "help": self._ask_for_help}[payload["what"]]
        return {"intervention": intervention, "review": "asked", **ask(intervention, payload)}

    @api.model
    def _ask_for_loan(self, intervention, payload):
        machines = intervention.equipment_ids
        if payload.get("equipment"):
            machines = machines.filtered(lambda machine: machine.id == payload["equipment"])
        if len(machines) != 1:
            raise UserError(
                self.env._(
                    "Choose the machine of %(intervention)s that is to be replaced.",
                    intervention=intervention.name,
                )
            )
        loan = intervention._request_loans(machines, payload.get("note"))[:1]
        return {"loan": loan.id, "name": loan.name}

    @api.model
    def _ask_for_help(self, intervention, payload):
        return {"activity": intervention._ask_for_help(payload.get("note") or "").id}

    def _apply_create(self, payload):
        """An intervention found on the spot, at a customer where the technician is sent."""
        source, _review = self._find_intervention({"intervention": payload["from"]})
        intervention = source._create_on_the_spot(
            payload["title"],
            payload.get("note"),
            self.env["service.equipment"].browse(payload.get("equipment") or []).exists(),
            self._get_moment(payload["at"]),
            payload["intervention"],
        )
        self.env["service.field.handout"]._hand_out(intervention)
        return {"intervention": intervention, "name": intervention.name}

    def _apply_report_machine(self, payload):
        """A machine that the installed base does not know, seen by the technician."""
        intervention, _review = self._find_intervention(payload)
        machine = intervention._report_machine(
            self._find_product(payload["product"]),
            (payload.get("serial") or "").strip(),
            payload.get("note") or "",
        )
        return {"intervention": intervention, "review": "asked", "equipment": machine.id}
