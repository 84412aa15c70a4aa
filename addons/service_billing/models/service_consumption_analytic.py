from odoo import api, fields, models

WATCHED = {
    "quantity",
    "uom_id",
    "user_id",
    "product_id",
    "performer_type",
    "analytic_distribution",
    "done_date",
    "is_cancelled",
    "request_id",
}


class ServiceConsumption(models.Model):
    """The cost of what closed requests consumed, in analytic accounting.

    Revenue comes with the distribution on the invoice lines. Parts are counted here too: Odoo posts
    the value that leaves the stock without a distribution.
    """

    _inherit = "service.consumption"

    analytic_line_ids = fields.One2many(
        "account.analytic.line", "service_consumption_id", string="Analytic Costs"
    )

    # the machine of a consumption is not known before it is created
    analytic_distribution = fields.Json(precompute=False)

    @api.depends("equipment_line_id.equipment_id.analytic_account_id")
    def _compute_analytic_distribution(self):
        """The account of the machine beside the accounts of the request and its contract."""
        result = super()._compute_analytic_distribution()
        for consumption in self:
            account = consumption.sudo().equipment_line_id.equipment_id.analytic_account_id
            if account:
                consumption.analytic_distribution = consumption._get_distribution_with(account)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_request_id")
        ids = {vals.get("request_id", default) for vals in vals_list}
        self.env["service.request"].browse(filter(None, ids))._count_on_own_accounts()
        consumptions = super().create(vals_list)
        consumptions._filter_closed()._settle_analytic_costs()
        return consumptions

    def write(self, vals):
        if vals.get("request_id"):
            self.env["service.request"].browse(vals["request_id"])._count_on_own_accounts()
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._filter_closed()._settle_analytic_costs()
        return result

    def _filter_closed(self):
        return self.filtered(lambda c: c.request_id.state == "closed")

    def _settle_analytic_costs(self):
        """Bring analytic costs in line with what was done; only closed requests have any."""
        if not self:
            return
        # whoever closes a request has no rights on accounting
        lines_sudo = self.env["account.analytic.line"].sudo()
        lines_sudo.search([("service_consumption_id", "in", self.ids)]).unlink()
        closed_sudo = self.sudo()._filter_closed().filtered("analytic_distribution")
        lines_sudo.create([vals for c in closed_sudo for vals in c._prepare_analytic_costs()])

    def _prepare_analytic_costs(self):
        """Values of the analytic lines: one for each part of the distribution."""
        self.ensure_one()
        if self.state != "done" or not self.amount_cost:
            return []
        currency = self.company_id.currency_id
        accounts = self.env["account.analytic.account"]
        result = []
        for ids, percent in self.analytic_distribution.items():
            result.append(
                {
                    "name": f"{self.request_id.name}: {self.product_id.display_name}",
                    "date": self._get_done_day(),
                    "amount": -currency.round(self.amount_cost * percent / 100),
                    "unit_amount": self.quantity * percent / 100,
                    "product_id": self.product_id.id,
                    "product_uom_id": self.uom_id.id,
                    "partner_id": self.request_id.partner_id.id,
                    "user_id": self.user_id.id,
                    "company_id": self.company_id.id,
                    "service_consumption_id": self.id,
                    **{
                        account.plan_id._column_name(): account.id
                        for account in accounts.browse(map(int, ids.split(",")))
                    },
                }
            )
        return result


class ServiceRequest(models.Model):
    _inherit = "service.request"

    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        closed = self.filtered(lambda r: r.state == "closed")
        result = super().write(vals)
        closed |= self.filtered(lambda r: r.state == "closed")
        # whoever closes a request need not know what its parts cost
        consumptions_sudo = closed.sudo().consumption_ids
        consumptions_sudo._settle_analytic_costs()
        if any(consumptions_sudo.mapped("is_cost_pending")):
            self.env.ref("service_billing.ir_cron_given_parts").sudo()._trigger()
        return result


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    service_consumption_id = fields.Many2one(
        "service.consumption",
        string="Consumption",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    service_request_id = fields.Many2one(
        related="service_consumption_id.request_id", store=True, index="btree_not_null"
    )
