from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    service_equipment_properties_definition = fields.PropertiesDefinition("Equipment Properties")
