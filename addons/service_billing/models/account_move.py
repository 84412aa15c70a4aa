from odoo import api, fields, models

# others who may look at invoices may not read requests
REQUEST_READERS = "account.group_account_invoice,installed_base.group_service_user"


class AccountMove(models.Model):
    _inherit = "account.move"

    service_payer_id = fields.Many2one(
        "res.partner",
        string="Payer",
        index="btree_not_null",
        help="Third party who owes this invoice instead of its customer: the receivable is theirs.",
    )
    service_group_partner_id = fields.Many2one(
        "res.partner",
        string="Group Customer",
        index="btree_not_null",
        help="The group that this turnover belongs to.",
    )
    service_salesperson_ids = fields.Many2many(
        "res.users",
        "account_move_service_salesperson_rel",
        "move_id",
        "user_id",
        string="Service Salespersons",
        help="Those of the requests; the untaxed amount counts for them in equal shares.",
    )
    service_currency_rate = fields.Float(
        string="Exchange Rate of the Requests",
        digits=0,
        readonly=True,
        copy=False,
        help="Agreed on the requests: it counts whatever the invoice date is.",
    )
    service_accrual_date = fields.Date(
        string="Warranty Accruals on", readonly=True, copy=False, index="btree_not_null"
    )
    service_request_ids = fields.Many2many(
        "service.request",
        string="Service Requests",
        compute="_compute_service_request_ids",
        groups=REQUEST_READERS,
    )
    service_request_count = fields.Integer(
        compute="_compute_service_request_ids", groups=REQUEST_READERS
    )

    @api.depends("invoice_line_ids.service_consumption_ids")
    def _compute_service_request_ids(self):
        for move in self:
            move.service_request_ids = move.invoice_line_ids.service_consumption_ids.request_id
            move.service_request_count = len(move.service_request_ids)

    @api.depends("service_currency_rate")
    def _compute_invoice_currency_rate(self):
        result = super()._compute_invoice_currency_rate()
        for move in self.filtered("service_currency_rate"):
            move.invoice_currency_rate = move.service_currency_rate
        return result

    @api.depends("service_payer_id")
    def _compute_commercial_partner_id(self):
        """Who owes an invoice is whom Odoo puts on its journal items: here, the payer."""
        owed_by_payer = self.filtered("service_payer_id")
        for move in owed_by_payer:
            move.commercial_partner_id = move.service_payer_id.commercial_partner_id
        return super(AccountMove, self - owed_by_payer)._compute_commercial_partner_id()

    def unlink(self):
        runs = self.env["service.billing.run.line"].sudo()
        runs.search([("invoice_id", "in", self.ids)])._lose_draft()
        return super().unlink()

    def action_view_service_requests(self):
        """Open the requests that this invoice bills."""
        return self.service_request_ids._get_records_action(name=self.env._("Requests"))

    def _get_invoices_action(self):
        """Window action on these: the form, or the list of invoices that accounting knows."""
        action = self._get_records_action(name=self.env._("Invoices"))
        if len(self) > 1:
            invoices = self.env.ref("account.view_out_invoice_tree")
            action["views"] = [(invoices.id, "list"), (False, "form")]
        return {**action, "context": {"default_move_type": "out_invoice", "create": False}}

    def _get_posted_credits(self):
        """The posted credit notes on these invoices."""
        return self.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )

    # ------------------------------------------------------------ packs of points
    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._settle_service_points()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._settle_service_points()
        return result

    def button_draft(self):
        result = super().button_draft()
        self._settle_service_points()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._settle_service_points()
        return result

    def _settle_service_points(self):
        """Let the packs of points on these invoices refill, or give back, what they should."""
        self.sudo().invoice_line_ids.sale_line_ids._settle_service_points()

    # ------------------------------------------------------------ cost of what is sold
    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Analytic accounting counts the cost of consumptions when their request is closed."""
        values = super()._stock_account_prepare_realtime_out_lines_vals()
        consumed = set(self.invoice_line_ids.filtered("service_consumption_ids").ids)
        for vals in values:
            if vals.get("cogs_origin_id") in consumed:
                vals["analytic_distribution"] = False
        return values
