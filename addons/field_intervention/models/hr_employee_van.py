from odoo import fields, models


class HrEmployee(models.Model):
    """The places in the technician's van."""

    _inherit = "hr.employee"

    defective_location_id = fields.Many2one(
        "stock.location",
        string="Defective Parts",
        domain="[('location_id', 'child_of', stock_location_id)]",
        groups="hr.group_hr_user",
        help="Where in the van the parts lie that were taken out of machines; made when needed.",
    )

    def _get_defective_location(self):
        """The place of the defective parts in the van."""
        self.ensure_one()
        if not self.defective_location_id:
            self.defective_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("Defective"),
                    "usage": "internal",
                    "location_id": self.stock_location_id.id,
                    "company_id": self.stock_location_id.company_id.id,
                }
            )
        return self.defective_location_id
