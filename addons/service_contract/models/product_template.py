from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    warranty_template_id = fields.Many2one(
        "service.contract.template",
        string="Warranty",
        index="btree_not_null",
        check_company=True,
        domain="[('kind', '=', 'warranty')]",
        help="Delivering a machine of this product gives its customer this warranty.",
    )
    service_contract_template_id = fields.Many2one(
        "service.contract.template",
        string="Service Contract",
        index="btree_not_null",
        check_company=True,
        help="Selling this service creates a contract from this template.",
    )
