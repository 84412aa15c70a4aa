from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    service_workshop_location_id = fields.Many2one(
        "stock.location",
        string="Customers' Machines",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        help="Where machines of customers stand while we work on them: apart from our stock, so "
        "that nobody sells them; made when needed.",
    )

    def _get_workshop_location(self):
        """The place of customers' machines; in no warehouse, since what lies in one is for sale."""
        self.ensure_one()
        if not self.service_workshop_location_id:
            self.service_workshop_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("%s, Customers' Machines", self.name),
                    "usage": "internal",
                    "location_id": self.view_location_id.location_id.id,
                    "company_id": self.company_id.id,
                }
            )
        return self.service_workshop_location_id
