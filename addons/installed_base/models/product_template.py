from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_equipment = fields.Boolean(
        string="Equipment",
        help="Delivering this product to a customer adds a machine to the installed base.",
    )
    supplier_warranty_months = fields.Integer(
        string="Supplier Warranty (months)",
        help="How long the supplier guarantees this product to us, from its receipt.",
    )
    service_bom_ids = fields.One2many("service.bom", "product_tmpl_id", string="Service BOMs")

    _supplier_warranty_positive = models.Constraint(
        "CHECK (supplier_warranty_months >= 0)",
        "The supplier warranty cannot be negative.",
    )
