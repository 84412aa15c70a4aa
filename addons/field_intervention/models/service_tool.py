from odoo import fields, models
from odoo.tools import SQL


class ServiceTool(models.Model):
    """A tool that several technicians share: an analyser, a lift, a leak detector."""

    _name = "service.tool"
    _description = "Service Tool"
    _check_company_auto = True
    _order = "name, id"
    _rec_names_search = ["name", "serial_number"]

    name = fields.Char(required=True)
    serial_number = fields.Char()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    agency_id = fields.Many2one("service.agency", check_company=True, index="btree_not_null")
    check_date = fields.Date(
        string="Calibrated until", help="The tool cannot be planned after this day."
    )
    note = fields.Text()
    intervention_ids = fields.Many2many("service.intervention", string="Interventions")

    def _lock_plans(self):
        """Let whoever plans the same tools at the same moment start again and see the result."""
        self.env.cr.execute(
            SQL(
                "UPDATE service_tool SET write_date = write_date WHERE id = ANY(%s)", list(self.ids)
            )
        )
