from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceConsumption(models.Model):
    """The units that something is consumed in: those it is sold in, and units of time."""

    _inherit = "service.consumption"

    allowed_uom_ids = fields.Many2many(
        "uom.uom", compute="_compute_allowed_uom_ids", export_string_translation=False
    )
    uom_id = fields.Many2one(domain="[('id', 'in', allowed_uom_ids)]")

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        hour = self.env.ref("uom.product_uom_hour")
        times = hour.search([("id", "child_of", int(hour.parent_path.split("/")[0]))])
        for consumption in self:
            product = consumption.product_id
            units = product.uom_id | product.uom_ids
            consumption.allowed_uom_ids = units | times if product.uom_id in times else units

    @api.constrains("uom_id", "product_id")
    def _check_unit(self):
        for consumption in self:
            usual = consumption.product_id.uom_id
            if not consumption.uom_id._has_common_reference(usual):
                raise ValidationError(
                    self.env._(
                        "%(product)s is counted in %(usual)s: it cannot be consumed in %(unit)s. "
                        "Choose one of its units on %(request)s.",
                        product=consumption.product_id.display_name,
                        usual=usual.name,
                        unit=consumption.uom_id.name,
                        request=consumption.request_id.name,
                    )
                )
