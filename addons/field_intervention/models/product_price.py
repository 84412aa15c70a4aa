from odoo import api, models

# what a technician is not shown, whichever way it is asked for
PRICE_FIELDS = {"list_price", "lst_price", "standard_price", "price_extra", "price"}


class HiddenPrice(models.AbstractModel):
    """Prices that technicians, who do nothing else here, neither see nor read."""

    _name = "service.hidden.price"
    _description = "Prices Hidden From Technicians"

    @api.model
    def _hides_prices(self):
        user = self.env.user
        return (
            not self.env.su
            and user.has_group("installed_base.group_service_technician")
            and not user.has_groups(
                "installed_base.group_service_user,sales_team.group_sale_salesman,"
                "account.group_account_invoice,stock.group_stock_manager,base.group_system"
            )
        )

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in PRICE_FIELDS and self._hides_prices():
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._hides_prices())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if self._hides_prices():
            for node in arch.xpath("//field[@name] | //label[@for]"):
                if node.get("name", node.get("for")) in PRICE_FIELDS:
                    parent = node.getparent()
                    parent.remove(node)
                    # the words before a price go with it
                    if parent.tag == "span" and not len(parent):
                        parent.getparent().remove(parent)
        return arch, view


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "service.hidden.price"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "service.hidden.price"]


class ProductSupplierinfo(models.Model):
    _name = "product.supplierinfo"
    _inherit = ["product.supplierinfo", "service.hidden.price"]
