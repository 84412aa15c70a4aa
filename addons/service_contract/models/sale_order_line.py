from odoo import api, fields, models
from odoo.fields import Command

from .sale_order import SELLERS


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
    service_renewed_contract_id = fields.Many2one(
        "service.contract",
        string="Renews",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups=SELLERS,
        help="The contract whose next period this line sells.",
    )
    sells_service_contract = fields.Boolean(compute="_compute_sells_service_contract")

    @api.depends("product_id.service_contract_template_id")
    def _compute_sells_service_contract(self):
        for line in self:
            line_sudo = line.sudo()
            line.sells_service_contract = bool(
                line_sudo.product_id.service_contract_template_id
                or line_sudo.service_renewed_contract_id
            )

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
        new = sold - existing.sale_line_id
        new.service_renewed_contract_id._check_renewable()
        return contract_model.create([line._prepare_service_contract_values() for line in new])

    def _prepare_service_contract_values(self):
        self.ensure_one()
        renewed = self.service_renewed_contract_id
        if renewed:
            return {**renewed._prepare_renewal_values(), **self._prepare_sold_values()}
        order = self.order_id
        template = self.product_id.service_contract_template_id
        machines = self.service_equipment_ids
        waits_for_delivery = not machines and any(
            order.order_line.mapped("product_id.is_equipment")
        )
        customer = order.partner_id.commercial_partner_id
        agency = self.env["service.agency"]._choose(
            customer, customer, order.company_id, order.warehouse_id
        )
        return {
            **self._prepare_sold_values(),
            "template_id": template.id,
            "company_id": order.company_id.id,
            "partner_id": customer.id,
            "agency_id": agency.id,
            "date_start": False if waits_for_delivery else agency._get_today(),
            "coverage_ids": [
                Command.create(vals) for vals in template._prepare_coverage_values(machines)
            ],
        }

    def _prepare_sold_values(self):
        """What a contract takes over from the line that sold it."""
        self.ensure_one()
        return {
            "invoice_partner_id": self.order_id.partner_invoice_id.id,
            "sale_line_id": self.id,
            "product_id": self.product_id.id,
            "currency_id": self.currency_id.id,
            "price": self.price_subtotal,
            "analytic_distribution": self.analytic_distribution,
        }
