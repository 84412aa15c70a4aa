from odoo import api, fields, models
from odoo.fields import Command


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    is_technician = fields.Boolean(
        string="Technician", help="Can be planned on interventions of the after-sales service."
    )
    technician_agency_ids = fields.Many2many(
        "service.agency",
        "service_agency_technician_rel",
        "employee_id",
        "agency_id",
        string="Agencies",
        groups="hr.group_hr_user",
    )
    technician_sector_ids = fields.Many2many(
        "service.sector",
        "service_sector_technician_rel",
        "employee_id",
        "sector_id",
        string="Usual Sectors",
        groups="hr.group_hr_user",
    )
    stock_location_id = fields.Many2one(
        "stock.location",
        string="Van",
        domain="[('usage', '=', 'internal')]",
        groups="hr.group_hr_user",
        help="The stock of the technician: the parts used on an intervention leave it.",
    )
    home_partner_id = fields.Many2one(
        "res.partner",
        string="Start of the Tour",
        groups="hr.group_hr_user",
        help="Where the technician's day starts.",
    )
    technician_calendar_sync = fields.Boolean(
        string="In Odoo's Calendar",
        groups="hr.group_hr_user",
        help="Each planned intervention is a meeting in the calendar of this technician.",
    )
    competence_ids = fields.Many2many(
        "service.competence",
        string="Competences",
        compute="_compute_competence_ids",
        inverse="_inverse_competence_ids",
        groups="hr.group_hr_user",
        help="The competences that the user of this employee has.",
    )

    @api.depends("user_id")
    def _compute_competence_ids(self):
        competences = self.env["service.competence"].search([("user_ids", "in", self.user_id.ids)])
        for employee in self:
            user = employee.user_id
            employee.competence_ids = competences.filtered(
                lambda competence, user=user: user in competence.user_ids
            )

    def _inverse_competence_ids(self):
        # sudo: who keeps the employees says what they know, without the catalogue being theirs
        competences = self.env["service.competence"].sudo()
        for employee in self.filtered("user_id").sudo():
            user = employee.user_id
            known = competences.search([("user_ids", "in", user.ids)])
            (known - employee.competence_ids).user_ids = [Command.unlink(user.id)]
            (employee.competence_ids - known).user_ids = [Command.link(user.id)]

    def _is_known_to_lack(self, users):
        """Whether others, the ``users``, have a competence and this technician does not.

        Of who has no login nobody can say it; a competence that nobody has hinders nobody.
        """
        return bool(self.user_id and users) and self.user_id not in users
