from dateutil.relativedelta import relativedelta

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_usual_supplier(self, company):
        """Who supplies this product to a company first of all, by its list of vendors.

        :return: res.partner, empty when nobody does
        """
        self.ensure_one()
        sellers_sudo = (
            self.sudo()
            .with_company(company)
            .seller_ids.filtered(
                lambda seller: (
                    seller.company_id in (company, self.env["res.company"])
                    and seller.product_id in (self, self.env["product.product"])
                )
            )
        )
        return sellers_sudo[:1].partner_id.with_env(self.env)

    def _prepare_supplier_warranty(self, start):
        """Values of the supplier's warranty of this product, from its first day on."""
        months = self.supplier_warranty_months
        if not months:
            return {}
        return {
            "supplier_warranty_start": start,
            "supplier_warranty_end": start + relativedelta(months=months, days=-1),
        }
