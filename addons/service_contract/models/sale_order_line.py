from odoo import api, fields, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    service_equipment_ids = fields.Many2many(
        "service.equipment",
        "sale_order_line_service_equipment_rel",
        "line_id",
        "equipment_id",
        string="Covered Machines",
        help="Machines that the sold contract covers; empty: those this order delivers.",
    )
    sells_service_contract = fields.Boolean(compute="_compute_sells_service_contract")

    @api.depends("product_id.service_contract_template_id")
    def _compute_sells_service_contract(self):
        for line in self:
            line.sells_service_contract = bool(line.product_id.sudo().service_contract_template_id)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._create_service_contracts()
        return lines

    def _create_service_contracts(self):
        """Create the draft contracts that these confirmed lines sold; return the new ones."""
        sold = self.sudo().filtered("sells_service_contract")
        contract_model = self.env["service.contract"].sudo()
        if not sold:
            return contract_model
        existing = contract_model.search(
            [("sale_line_id", "in", sold.ids), ("state", "!=", "terminated")]
        )
        return contract_model.create(
            [line._prepare_service_contract_values() for line in sold - existing.sale_line_id]
        )

    def _prepare_service_contract_values(self):
        self.ensure_one()
        order = self.order_id
        template = self.product_id.service_contract_template_id
        machines = self.service_equipment_ids
        waits_for_delivery = not machines and any(
            order.order_line.mapped("product_id.is_equipment")
        )
        return {
            "template_id": template.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "invoice_partner_id": order.partner_invoice_id.id,
            "sale_line_id": self.id,
            "product_id": self.product_id.id,
            "currency_id": order.currency_id.id,
            "price": self.price_subtotal,
            "analytic_distribution": self.analytic_distribution,
            "date_start": False if waits_for_delivery else fields.Date.context_today(self),
            "coverage_ids": [
                Command.create(vals) for vals in template._prepare_coverage_values(machines)
            ],
        }
