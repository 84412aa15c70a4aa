from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_default_agency()
        return companies

    def _create_default_agency(self):
        """Create one agency for each company that has none, and return the new ones."""
        agency_model = self.env["service.agency"].sudo().with_context(active_test=False)
        served = agency_model.search([("company_id", "in", self.ids)]).company_id
        missing = self - served
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "in", missing.ids)], order="sequence, id")
            .grouped("company_id")
        )
        return agency_model.create(
            [
                {
                    "name": company.name,
                    "code": "MAIN",
                    "company_id": company.id,
                    "partner_id": company.partner_id.id,
                    "warehouse_id": warehouses.get(company, self.env["stock.warehouse"])[:1].id,
                    "resource_calendar_id": company.resource_calendar_id.id,
                }
                for company in missing
            ]
        )
