from odoo import models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _concerns_employee(self, employee):
        """Tell whether an employee is away: on leave, or their company or calendar is closed."""
        self.ensure_one()
        if self.resource_id:
            return self.resource_id == employee.resource_id
        return self.company_id in (employee.company_id, self.env["res.company"]) and (
            not self.calendar_id or self.calendar_id == employee.resource_calendar_id
        )
