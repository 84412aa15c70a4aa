import uuid
from datetime import datetime

from odoo import api, models
from odoo.tools import LazyTranslate

from .payload import Malformed
from .service_field_command import Handler

_lt = LazyTranslate(__name__)

# the steps that note where they were taken: not the pause, which is the technician's own time
STEPS = ("leave", "arrive", "start", "resume", "finish")


class ServiceFieldCommand(models.Model):
    """Where the steps were taken, of a technician who allows it."""

    _inherit = "service.field.command"

    @api.model
    def _get_handlers(self):
        return {
            **super()._get_handlers(),
            "consent": Handler(
                _lt("Permission of the Position"), self._apply_consent, {"agrees": bool}
            ),
            "position": Handler(
                _lt("Position"),
                self._apply_position,
                {
                    "intervention": uuid.UUID,
                    "step": str,
                    "at": datetime,
                    "latitude": float,
                    "longitude": float,
                    "accuracy?": float,
                },
                private=("latitude", "longitude", "accuracy"),
            ),
        }

    def _apply_consent(self, payload):
        self.env.user.employee_id._consent_to_position(payload["agrees"])
        return {"agrees": payload["agrees"]}

    def _apply_position(self, payload):
        if (
            payload["step"] not in STEPS
            or abs(payload["latitude"]) > 90
            or abs(payload["longitude"]) > 180
        ):
            raise Malformed("position")
        intervention, _review = self._find_intervention(payload)
        kept = self.env.user.employee_id._note_position(
            intervention,
            payload["step"],
            date=self._get_moment(payload["at"]),
            latitude=payload["latitude"],
            longitude=payload["longitude"],
            accuracy=payload.get("accuracy"),
        )
        return {"intervention": intervention, "kept": kept}
