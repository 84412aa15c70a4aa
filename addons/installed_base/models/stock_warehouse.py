from odoo import api, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model_create_multi
    def create(self, vals_list):
        """The first warehouse of a company serves its agencies that have none."""
        warehouses = super().create(vals_list)
        agencies = (
            self.env["service.agency"]
            .sudo()
            .search(
                [
                    ("company_id", "in", warehouses.company_id.ids),
                    ("warehouse_id", "=", False),
                ]
            )
        )
        for company, missing in agencies.grouped("company_id").items():
            missing.warehouse_id = warehouses.filtered(
                lambda warehouse, company=company: warehouse.company_id == company
            )[:1]
        return warehouses
