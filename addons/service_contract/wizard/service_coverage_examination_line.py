from odoo import api, fields, models


class ServiceCoverageExaminationLine(models.TransientModel):
    """One contract of the customer, as the examination found it."""

    _name = "service.coverage.examination.line"
    _description = "Examined Contract"

    examination_id = fields.Many2one(
        "service.coverage.examination", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one("service.contract", required=True)
    coverage_id = fields.Many2one("service.contract.coverage", string="Coverage Line")
    kind = fields.Selection(related="contract_id.kind")
    state = fields.Selection(related="contract_id.state")
    date_start = fields.Date(related="contract_id.date_start")
    date_end = fields.Date(related="contract_id.date_end")
    code = fields.Char(help="Why it does not cover, as a code; empty: it is the one that covers.")
    is_covered = fields.Boolean(
        string="Covers", help="It covers, or would if no better contract came first."
    )
    is_chosen = fields.Boolean(string="Used", help="The contract that is used.")
    reason = fields.Char(string="Why")
    can_renew = fields.Boolean(compute="_compute_possibilities")
    can_resume = fields.Boolean(compute="_compute_possibilities")
    can_sell_points = fields.Boolean(compute="_compute_possibilities")

    @api.depends("code", "contract_id.state", "contract_id.successor_ids.state")
    def _compute_possibilities(self):
        manages = self.env["service.contract"].has_access("write")
        sells = self.env["sale.order"].has_access("create")
        for line in self:
            contract = line.contract_id
            over = line.code == "expired" and contract.state in ("active", "suspended", "expired")
            line.can_renew = manages and over and contract.date_end and not contract.successor_id
            line.can_resume = manages and contract.state == "suspended"
            line.can_sell_points = sells and line.code == "points" and contract.product_id

    def action_open_contract(self):
        """Open the contract."""
        return self.contract_id._get_records_action()

    def action_renew(self):
        """Prepare the contract that follows this one, and open it."""
        return self.contract_id.action_renew()

    def action_resume(self):
        """Put the suspended contract into force again, and examine anew."""
        self.contract_id.action_resume()
        examination = self.examination_id
        self.env.add_to_compute(examination._fields["line_ids"], examination)
        return examination.action_examine()

    def action_sell_points(self):
        """Offer the customer more points: open a quotation for the product of the contract."""
        contract = self.contract_id
        order = self.env["sale.order"].create(
            {
                "partner_id": contract.partner_id.id,
                "partner_invoice_id": contract.invoice_partner_id.id or contract.partner_id.id,
                "company_id": contract.company_id.id,
                "origin": contract.name,
            }
        )
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": contract.product_id.id, "product_uom_qty": 1}
        )
        return order._get_records_action()
