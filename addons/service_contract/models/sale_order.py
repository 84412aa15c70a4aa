from odoo import api, fields, models

# Who sees on an order the contracts that it sold
SELLERS = "installed_base.group_service_user,sales_team.group_sale_salesman"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_contract_ids = fields.One2many(
        "service.contract",
        "sale_order_id",
        string="Service Contracts",
        groups=SELLERS,
    )
    service_contract_count = fields.Integer(
        compute="_compute_service_contract_count",
        groups=SELLERS,
    )

    sells_service_contract = fields.Boolean(compute="_compute_sells_service_contract")

    @api.depends("order_line.sells_service_contract")
    def _compute_sells_service_contract(self):
        for order in self:
            order.sells_service_contract = any(order.order_line.mapped("sells_service_contract"))

    @api.depends("service_contract_ids")
    def _compute_service_contract_count(self):
        counts = dict(
            self.env["service.contract"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.service_contract_count = counts.get(order._origin, 0)

    def action_view_service_contracts(self):
        """Open the contracts that these orders sold."""
        return self.service_contract_ids._get_records_action(name=self.env._("Contracts"))

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._create_service_contracts()
        return result

    def _action_cancel(self):
        drafts = self.sudo().service_contract_ids.filtered(lambda c: c.state == "draft")
        result = super()._action_cancel()
        if drafts:
            drafts.action_terminate(reason=self.env._("The sales order was cancelled."))
        return result
