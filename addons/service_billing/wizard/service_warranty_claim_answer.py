from odoo import api, fields, models


class ServiceWarrantyClaimAnswer(models.TransientModel):
    """Asks what a supplier answers to a claim."""

    _name = "service.warranty.claim.answer"
    _description = "Answer of the Supplier"

    claim_id = fields.Many2one(
        "service.warranty.claim", string="Supplier Claim", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount_claimed = fields.Monetary(related="claim_id.amount_claimed")
    answer = fields.Selection(
        [("accept", "Pays"), ("refuse", "Refuses")], required=True, default="accept"
    )
    amount = fields.Monetary(
        string="Accepted Amount",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="All of what is claimed, or a part.",
    )
    supplier_rma = fields.Char(
        string="Supplier's RMA Number",
        compute="_compute_supplier_rma",
        store=True,
        readonly=False,
    )
    reason = fields.Char()

    @api.depends("claim_id")
    def _compute_amount(self):
        for answer in self:
            answer.amount = answer.claim_id.amount_claimed

    @api.depends("claim_id")
    def _compute_supplier_rma(self):
        for answer in self:
            answer.supplier_rma = answer.claim_id.supplier_rma

    def action_confirm(self):
        """Write the answer on the claim."""
        self.ensure_one()
        self.claim_id.supplier_rma = self.supplier_rma
        if self.answer == "accept":
            return self.claim_id.action_accept(self.amount)
        return self.claim_id.action_refuse(self.reason)
