from odoo import fields, models
from odoo.exceptions import AccessError


class HrEmployee(models.Model):
    """Whether it is noted where a technician is: only when the company and the person want it."""

    _inherit = "hr.employee"

    position_consent_date = fields.Datetime(
        string="Position Allowed on",
        readonly=True,
        copy=False,
        groups="hr.group_hr_user",
        help="When the technician allowed that each step of the work notes where it was taken. "
        "Only the technician gives and withdraws it.",
    )

    def _consent_to_position(self, agrees):
        """The technician allows that positions are noted, or withdraws it: then they are deleted.

        :param agrees: boolean
        :raise AccessError: when somebody else answers for the technician
        """
        employee_sudo = self.sudo()
        if employee_sudo.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %(technician)s decides about this.", technician=employee_sudo.name)
            )
        employee_sudo.position_consent_date = agrees and fields.Datetime.now()
        if not agrees:
            employee_sudo._forget_positions()

    def _forget_positions(self):
        self.env["service.technician.position"].search([("employee_id", "in", self.ids)]).unlink()

    def _note_position(self, intervention, step, **values):
        """Keep where the technician took a step, when it may be kept.

        :param step: name of the step
        :param values: ``date``, ``latitude``, ``longitude`` and ``accuracy`` (metres)
        :return: whether it was kept
        """
        self.ensure_one()
        if not self._notes_position():
            return False
        position = {"employee_id": self.id, "intervention_id": intervention.id, "step": step}
        self.env["service.technician.position"].sudo().create([{**position, **values}])
        return True

    def _notes_position(self):
        """Whether positions of this technician may be noted."""
        employee_sudo = self.sudo()
        return bool(
            employee_sudo.company_id.service_track_position and employee_sudo.position_consent_date
        )
