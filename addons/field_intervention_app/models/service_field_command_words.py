from datetime import datetime

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_datetime, html2plaintext

from .payload import get_moment, is_id

_lt = LazyTranslate(__name__)

CODES = {
    "leave": _lt("Leave"),
    "arrive": _lt("Arrive"),
    "start": _lt("Start Work"),
    "pause": _lt("Pause"),
    "resume": _lt("Resume"),
    "finish": _lt("Finish"),
    "done": _lt("Done"),
    "to_resume": _lt("To Resume"),
    "loan": _lt("Replacement Machine"),
    "help": _lt("Help"),
}
# what a technician asks for, by name
ASKED = {"loan": _lt("Replacement Machine Wanted"), "help": _lt("Help Wanted")}
# what is said of a payload and of the answer, in this order, and how to read it: a code, a moment,
# or the number of a record of a model
CONTENT = {
    "step": (_lt("Step"), CODES),
    "outcome": (_lt("Outcome"), CODES),
    "what": (_lt("Asked"), CODES),
    "title": (_lt("Title"), None),
    "product": (_lt("Product"), "product.product"),
    "quantity": (_lt("Quantity"), None),
    "numbers": (_lt("Lots/Serials"), None),
    "number": (_lt("New Serial Number"), None),
    "old_number": (_lt("Old Serial Number"), None),
    "serial": (_lt("Serial Number"), None),
    "component": (_lt("Component"), "service.equipment.component"),
    "equipment": (_lt("Machine"), "service.equipment"),
    "operation": (_lt("Operation"), "service.intervention.operation"),
    "meter": (_lt("Meter"), "service.meter"),
    "location": (_lt("Taken from"), "stock.location"),
    "value": (_lt("Value"), None),
    "result": (_lt("Result"), None),
    "server_value": (_lt("Value in the Office"), None),
    "base": (_lt("Value Before"), None),
    "signed_by": (_lt("Signed by"), None),
    "name": (_lt("Name"), None),
    "reason": (_lt("Reason"), None),
    "note": (_lt("Note"), None),
    "at": (_lt("When"), datetime),
    "start": (_lt("From"), datetime),
    "stop": (_lt("To"), datetime),
    "order": (_lt("Order"), None),
}


class ServiceFieldCommand(models.Model):
    """What devices sent, in words for the office."""

    _inherit = "service.field.command"

    kind_label = fields.Char(string="What", compute="_compute_kind_label")
    asked_text = fields.Char(
        string="Note of the Technician",
        compute="_compute_asked_text",
        help="What the technician asks, or wrote beside it.",
    )
    payload_text = fields.Text(string="Content", compute="_compute_payload_text")

    @api.depends("kind", "payload")
    @api.depends_context("lang")
    def _compute_kind_label(self):
        handlers = self._get_handlers()
        for command in self:
            handler = handlers.get(command.kind)
            # a device may have sent a kind that nobody knows
            asked = (
                ASKED.get((command.payload or {}).get("what")) if command.kind == "ask" else None
            )
            label = asked or (handler and handler.label)
            command.kind_label = self._translate(label) if label else command.kind

    @api.depends("payload")
    def _compute_asked_text(self):
        for command in self:
            said = command.payload or {}
            texts = (said.get(name) for name in ("title", "note", "reason"))
            # a device may have sent anything
            command.asked_text = " · ".join(
                text for text in texts if isinstance(text, str) and text
            )

    @api.depends("kind", "intervention_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for command in self:
            parts = (command.intervention_id.name, command.kind_label)
            command.display_name = " · ".join(part for part in parts if part)

    @api.depends("payload", "result")
    @api.depends_context("lang")
    def _compute_payload_text(self):
        for command in self:
            content = {**(command.payload or {}), **(command.result or {})}
            command.payload_text = "\n".join(
                f"{self._translate(label)}: {text}"
                for key, (label, reading) in CONTENT.items()
                if (text := self._describe_value(content.get(key), reading))
            )

    @api.model
    def _translate(self, term):
        return term._translate(self.env.lang or "en_US")

    @api.model
    def _describe_value(self, value, reading):
        """A value of a payload as text; nothing for an empty one."""
        if value in (None, "", False):
            return ""
        if reading is CODES:
            label = CODES.get(str(value))
            return self._translate(label) if label else str(value)
        if reading is datetime:
            return format_datetime(self.env, get_moment(value, fields.Datetime.now()))
        if reading:
            # what a technician named may be gone, or be another's
            record = self.env[reading].browse(value if is_id(value) else []).exists()
            return record._filtered_access("read").display_name or ""
        if isinstance(value, dict | list):
            parts = value.values() if isinstance(value, dict) else value
            return ", ".join(str(part) for part in parts if part not in (None, "", False))
        return html2plaintext(value) if isinstance(value, str) else str(value)
