from odoo import api, fields, models


class ServiceBom(models.Model):
    """After-sales bill of materials: what a product is made of, as a technician sees it."""

    _name = "service.bom"
    _description = "Service BOM"
    _check_company_auto = True
    _order = "product_tmpl_id, id"
    _rec_name = "product_tmpl_id"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    active = fields.Boolean(default=True)
    line_ids = fields.One2many("service.bom.line", "bom_id", string="Components")

    @api.model
    def _find(self, templates, company):
        """Return ``{product.template: service.bom}`` for the templates that have one."""
        boms = self.sudo().search(
            [
                ("product_tmpl_id", "in", templates.ids),
                ("company_id", "in", [company.id, False]),
            ],
            order="company_id, id desc",
        )
        return {bom.product_tmpl_id: bom for bom in boms.sorted(lambda b: bool(b.company_id))}
