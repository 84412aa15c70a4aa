from odoo import api, fields, models
from odoo.fields import Domain

CONSUMPTION_KINDS = [("part", "Part"), ("labor", "Labour"), ("travel", "Travel")]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_consumption_kind = fields.Selection(
        CONSUMPTION_KINDS,
        string="Consumed as",
        compute="_compute_service_consumption_kind",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The only kind of consumption that may use this product: goods are parts, services "
        "sold by time are labour, other services are travel.",
    )
    service_issue_stock = fields.Boolean(
        string="Issued from Stock",
        compute="_compute_service_issue_stock",
        store=True,
        readonly=False,
        help="Using this part on a request takes it out of stock.",
    )

    is_service_consumable = fields.Boolean(
        string="Part or Service",
        compute="_compute_is_service_consumable",
        search="_search_is_service_consumable",
        help="Used up on requests: neither a machine nor a contract.",
    )

    @api.depends("is_equipment", "service_contract_template_id")
    def _compute_is_service_consumable(self):
        for product in self:
            sold = product.is_equipment or product.service_contract_template_id
            product.is_service_consumable = not sold

    @api.model
    def _search_is_service_consumable(self, operator, value):
        if operator != "in":
            return NotImplemented
        used = Domain("is_equipment", "=", False) & Domain(
            "service_contract_template_id", "=", False
        )
        return used if True in value else ~used

    @api.depends("type", "uom_id")
    def _compute_service_consumption_kind(self):
        hour = self.env.ref("uom.product_uom_hour")
        for product in self:
            if product.type == "consu":
                product.service_consumption_kind = "part"
            elif product.uom_id._has_common_reference(hour):
                product.service_consumption_kind = "labor"
            else:
                product.service_consumption_kind = "travel"

    @api.depends("is_storable")
    def _compute_service_issue_stock(self):
        for product in self:
            product.service_issue_stock = product.is_storable
