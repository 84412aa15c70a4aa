from odoo import fields, models


class HrEmployeePublic(models.Model):
    _inherit = "hr.employee.public"

    is_technician = fields.Boolean(string="Technician", readonly=True)
