import base64
import uuid
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, html2plaintext, plaintext2html

from .payload import Malformed
from .service_field_command import Handler, NotYet

_lt = LazyTranslate(__name__)

# what the technician writes: how it is read and written as plain text
TEXTS = ("report", "findings", "customer_comment")
PHOTO_KINDS = ("before", "after", None)


class ServiceFieldCommand(models.Model):
    """The report: texts, operations, readings, photos, signature."""

    _inherit = "service.field.command"

    @api.model
    def _get_handlers(self):
        intervention = {"intervention": uuid.UUID}
        return {
            **super()._get_handlers(),
            "text": Handler(
                _lt("Text of the Report"),
                self._apply_text,
                {**intervention, "field": str, "base": str, "value": str},
            ),
            "operation": Handler(
                _lt("Operation"),
                self._apply_operation,
                {**intervention, "operation": int, "base": dict, "value": dict},
            ),
            "reading": Handler(
                _lt("Meter Reading"),
                self._apply_reading,
                {
                    **intervention,
                    "meter": int,
                    "value": float,
                    "at": datetime,
                    "kind?": str,
                    "note?": str,
                },
            ),
            "photo": Handler(
                _lt("Photo"),
                self._apply_photo,
                {**intervention, "blob": uuid.UUID, "name?": str, "when?": str},
            ),
            "signature": Handler(
                _lt("Signature"),
                self._apply_signature,
                {**intervention, "blob": uuid.UUID, "signed_by": str, "at": datetime},
            ),
        }

    def _apply_text(self, payload):
        """Three-way: a text that is still what the device saw is replaced, else both are kept."""
        name, value = payload["field"], payload["value"]
        if name not in TEXTS:
            raise Malformed("field")
        intervention, review = self._find_intervention(payload)
        result = {"intervention": intervention, "review": review}
        is_html = intervention._fields[name].type == "html"
        now = intervention[name] or ""
        current = html2plaintext(now) if is_html else now
        if current.strip() not in (payload["base"].strip(), value.strip()):
            conflict = self.env._(
                "The text of %(intervention)s was changed in the office as well: both are kept, "
                "the office decides.",
                intervention=intervention.name,
            )
            return {**result, "conflict": conflict, "server_value": current}
        if current.strip() != value.strip():
            intervention[name] = plaintext2html(value) if is_html else value
        return result

    def _apply_operation(self, payload):
        intervention, review = self._find_intervention(payload)
        operation = intervention.operation_ids.filtered(lambda o: o.id == payload["operation"])
        if not operation:
            raise UserError(
                self.env._(
                    "This step was taken off %(intervention)s meanwhile.",
                    intervention=intervention.name,
                )
            )
        wanted = self._read_operation(payload["value"])
        base = self._read_operation(payload["base"])
        result = {"intervention": intervention, "review": review}
        for name, value in wanted.items():
            if operation[name] not in (base.get(name), value):
                conflict = self.env._(
                    "« %(operation)s » of %(intervention)s was filled in the office as well: both "
                    "are kept, the office decides.",
                    operation=operation.name,
                    intervention=intervention.name,
                )
                return {**result, "conflict": conflict, "server_value": operation[name]}
        operation.write(wanted)
        return result

    @api.model
    def _read_operation(self, values):
        """The fields of an operation that a device may fill, checked."""
        types = {"done": bool, "result": str, "value": int | float, "note": str}
        read = {}
        for name, value in values.items():
            if name not in types or not isinstance(value, types[name]):
                if name == "result" and not value:
                    read[name] = False
                    continue
                raise Malformed(name)
            read[name] = value or (0.0 if name == "value" else False)
        return read

    def _apply_reading(self, payload):
        intervention, review = self._find_intervention(payload)
        meter = intervention.equipment_ids.meter_ids.filtered(lambda m: m.id == payload["meter"])
        if not meter:
            raise UserError(
                self.env._(
                    "This meter is not on a machine of %(intervention)s.",
                    intervention=intervention.name,
                )
            )
        reading = self.env["service.meter.reading"].create(
            [
                {
                    "meter_id": meter.id,
                    "date": self._get_moment(payload["at"]),
                    "value": payload["value"],
                    "kind": payload.get("kind") or "reading",
                    "note": payload.get("note"),
                    "intervention_id": intervention.id,
                }
            ]
        )
        review = review or (reading.is_outlier and "outlier")
        return {"intervention": intervention, "review": review, "reading": reading.id}

    @api.model
    def _take_blob(self, blob_uuid):
        """The file (sudoed) that a command brings.

        :raise NotYet: when it has not arrived
        """
        blob_sudo = self.env["service.field.blob"]._find(blob_uuid)
        if not blob_sudo:
            raise NotYet(self.env._("Its photo or file has not arrived yet."))
        return blob_sudo

    def _attach(self, intervention, blob_sudo, name, when=None):
        blob_sudo.used_on = self.env.cr.now()
        return intervention._add_file(
            name or blob_sudo.uuid, blob_sudo._get_file().raw, blob_sudo.mimetype, when or False
        )

    def _apply_photo(self, payload):
        when = payload.get("when")
        if when not in PHOTO_KINDS:
            raise Malformed("when")
        intervention, review = self._find_intervention(payload)
        blob_sudo = self._take_blob(payload["blob"])
        attachment = self._attach(intervention, blob_sudo, payload.get("name"), when)
        return {"intervention": intervention, "review": review, "attachment": attachment.id}

    def _apply_signature(self, payload):
        intervention, review = self._find_intervention(payload)
        blob_sudo = self._take_blob(payload["blob"])
        result = {"intervention": intervention, "review": review}
        if intervention.signature and base64.b64decode(intervention.signature) != (
            base64.b64decode(blob_sudo.content)
        ):
            self._attach(intervention, blob_sudo, payload["signed_by"])
            conflict = self.env._(
                "%(intervention)s is signed already: this signature is kept among its files.",
                intervention=intervention.name,
            )
            return {**result, "conflict": conflict}
        blob_sudo.used_on = self.env.cr.now()
        intervention.write(
            {
                "signature": blob_sudo.content,
                "signed_by": payload["signed_by"],
                "signed_on": self._get_moment(payload["at"]),
            }
        )
        return result
