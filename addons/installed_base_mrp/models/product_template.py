from odoo import models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_equipment_lines_domain(self):
        part = Domain("move_id.bom_line_id.bom_id.type", "=", "phantom")
        return super()._get_equipment_lines_domain() | (
            part
            & (
                Domain("move_id.bom_line_id.bom_id.product_tmpl_id", "in", self.ids)
                | Domain("move_id.sale_line_id.product_id.product_tmpl_id", "in", self.ids)
            )
        )
