import uuid
from datetime import datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate, plaintext2html

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
        """Request the loan of a machine in place of the customer's; once for each machine."""
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
        loans = self.env["service.loan"]
        loan = loans.sudo().search(
            [("equipment_id", "=", machines.id), ("state", "in", ("draft", "lent"))], limit=1
        ) or loans.create(
            [
                {
                    "request_id": intervention.request_id.id,
                    "intervention_id": intervention.id,
                    "equipment_id": machines.id,
                    "company_id": intervention.company_id.id,
                    "user_id": self._find_office(intervention).id,
                    "note": payload.get("note"),
                }
            ]
        )
        return {"loan": loan.id, "name": loan.name}

    @api.model
    def _ask_for_help(self, intervention, payload):
        """Give somebody of the office the task to help."""
        activity_sudo = intervention.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "%(technician)s asks for help", technician=self.env.user.sudo().name
            ),
            note=plaintext2html(payload.get("note") or ""),
            user_id=self._find_office(intervention).id or self.env.uid,
        )
        return {"activity": activity_sudo.id}

    @api.model
    def _find_office(self, intervention):
        """Who looks after a wish: whom the request is given to, else who planned the visit, else a
        dispatcher of the agency."""
        intervention_sudo = intervention.sudo()
        dispatchers = self.env.ref("installed_base.group_service_dispatcher").sudo().all_user_ids
        company = intervention_sudo.company_id
        dispatchers = dispatchers.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        agency_users = intervention_sudo.agency_id.user_ids & dispatchers
        known = (intervention_sudo.request_id.user_id | intervention_sudo.create_uid) & dispatchers
        return (known or agency_users or dispatchers)[:1]

    def _apply_create(self, payload):
        """An intervention found on the spot, at a customer where the technician is sent."""
        source, _review = self._find_intervention({"intervention": payload["from"]})
        employee = self.env.user.sudo().employee_id
        if not employee.is_technician:
            raise UserError(
                self.env._("You are not a technician: ask your manager to set your employee file.")
            )
        machine = self._find_machine(source, payload.get("equipment"))
        at = self._get_moment(payload["at"])
        intervention = self.env["service.intervention"].create(
            {
                "uuid": payload["intervention"],
                "partner_id": source.partner_id.id,
                "site_id": source.site_id.id,
                "contact_id": source.contact_id.id,
                "agency_id": source.agency_id.id,
                "company_id": source.company_id.id,
                "equipment_ids": [Command.set(machine.ids)],
                "technician_id": employee.id,
                "planned_start": at,
                "planned_end": at + timedelta(hours=1),
                "conflict_reason": self.env._("Found on the spot"),
                "findings": "\n".join(filter(None, [payload["title"], payload.get("note")])),
            }
        )
        intervention.action_plan()
        intervention._ensure_requests()
        intervention.request_id.title = payload["title"]
        self.env["service.field.handout"]._hand_out(intervention)
        return {"intervention": intervention, "name": intervention.name}

    @api.model
    def _find_machine(self, source, equipment_id):
        """A machine of the customer of an intervention; none when none is named."""
        machine = self.env["service.equipment"].browse(equipment_id or []).exists()
        owner = source.partner_id.commercial_partner_id
        if machine and machine.partner_id.commercial_partner_id != owner:
            raise UserError(
                self.env._(
                    "This machine does not belong to %(customer)s: report it as a new one.",
                    customer=source.partner_id.display_name,
                )
            )
        return machine

    def _apply_report_machine(self, payload):
        """A machine that the installed base does not know, seen by the technician."""
        intervention, _review = self._find_intervention(payload)
        product = self._find_product(payload["product"])
        serial = (payload.get("serial") or "").strip()
        machine = self.env["service.equipment"].create(
            {
                "product_id": product.id,
                "serial_number": serial or False,
                "partner_id": intervention.partner_id.id,
                "site_id": intervention.site_id.id,
                "company_id": intervention.company_id.id,
                "note": plaintext2html(payload.get("note") or ""),
                "certainty": "verified",
            }
        )
        return {"intervention": intervention, "review": "asked", "equipment": machine.id}
