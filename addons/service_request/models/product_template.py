from odoo import api, fields, models

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
