from odoo import fields, models
from odoo.exceptions import UserError


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

    def action_view_van_rules(self):
        """Open the reordering rules of the van: how much of what it always holds.

        :raise UserError: when the technician has no van, or no agency with a warehouse
        """
        self.ensure_one()
        van, warehouse = self.stock_location_id, self.technician_agency_ids.warehouse_id[:1]
        if not van or not warehouse:
            raise UserError(
                self.env._(
                    "Give %(technician)s a van and an agency with a warehouse first.",
                    technician=self.name,
                )
            )
        van._supply_from(warehouse)
        return {
            **self.env["ir.actions.actions"]._for_xml_id("stock.action_orderpoint"),
            "display_name": van.display_name,
            "domain": [("location_id", "child_of", van.id)],
            "context": {"default_location_id": van.id, "default_warehouse_id": warehouse.id},
        }
