from odoo import api, fields, models


class ServiceConsumption(models.Model):
    """Whether the part is there: in the warehouse it comes from, and everywhere else."""

    _inherit = "service.consumption"

    free_qty = fields.Float(
        string="Free Stock",
        digits="Product Unit",
        compute="_compute_availability",
        help="Free quantity in the warehouse that the part comes from, in its own unit.",
    )
    forecast_qty = fields.Float(
        string="Forecast Stock",
        digits="Product Unit",
        compute="_compute_availability",
        help="Quantity that will be in that warehouse once everything planned has happened.",
    )

    @api.depends("product_id", "warehouse_id", "issue_stock")
    def _compute_availability(self):
        self.free_qty = self.forecast_qty = 0.0
        stored = self.filtered(lambda c: c.issue_stock and c.warehouse_id)
        for warehouse, consumptions in stored.grouped("warehouse_id").items():
            # how much is there is no secret, where it lies may be
            products_sudo = consumptions.product_id.sudo()
            for product in products_sudo.with_context(warehouse_id=warehouse.id):
                lines = consumptions.filtered(lambda c, p=product: c.product_id.id == p.id)
                lines.free_qty = product.free_qty
                lines.forecast_qty = product.virtual_available

    def action_view_stock(self):
        """Open the stock of the part by place: warehouses and vans."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock of %(part)s", part=self.product_id.display_name),
            "res_model": "stock.quant",
            "views": [(self.env.ref("stock.view_stock_quant_tree_simple").id, "list")],
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("location_id.usage", "in", ("internal", "transit")),
                ("company_id", "=", self.company_id.id),
            ],
            "target": "new",
        }
