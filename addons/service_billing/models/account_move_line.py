from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_consumption_ids = fields.Many2many(
        "service.consumption",
        "service_consumption_invoice_line_rel",
        "invoice_line_id",
        "consumption_id",
        string="Consumptions",
        readonly=True,
        copy=False,
    )
    service_share = fields.Selection(
        [("bill_to", "Customer's Share"), ("covered_by", "Third Party's Share")],
        string="Billed Share",
        readonly=True,
        help="Which share of its consumptions this line bills.",
    )

    service_instalment_id = fields.Many2one(
        "service.contract.instalment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    service_usage_line_id = fields.Many2one(
        "service.usage.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    service_claim_id = fields.Many2one(
        "service.warranty.claim",
        string="Supplier Claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _compute_partner_id(self):
        owed_by_payer = self.filtered("move_id.service_payer_id")
        for line in owed_by_payer:
            line.partner_id = line.move_id.commercial_partner_id
        return super(AccountMoveLine, self - owed_by_payer)._compute_partner_id()

    def _copy_data_extend_business_fields(self, values):
        """An invoice that replaces a credited one bills the same consumptions."""
        result = super()._copy_data_extend_business_fields(values)
        values["service_consumption_ids"] = [fields.Command.set(self.service_consumption_ids.ids)]
        values["service_instalment_id"] = self.service_instalment_id.id
        values["service_usage_line_id"] = self.service_usage_line_id.id
        values["service_claim_id"] = self.service_claim_id.id
        return result

    def _filter_billing(self):
        """The lines among these that bill their consumptions: their invoice is in force."""
        return self.filtered(
            lambda line: (
                line.move_id.move_type == "out_invoice"
                and line.move_id.state != "cancel"
                and line.move_id.payment_state != "reversed"
                and not line._is_credited()
            )
        )

    def _filter_in_force(self):
        """The lines that bill their consumptions, and those of credit notes on a part of them."""
        billing = self._filter_billing()
        if billing == self:
            return self
        ids = set(billing.ids)
        credited = {(line.move_id, line._get_billed_source()) for line in billing}
        return self.filtered(
            lambda line: (
                line.id in ids
                or line.parent_state == "posted"
                and (line.move_id.reversed_entry_id, line._get_billed_source()) in credited
            )
        )

    def _is_credited(self):
        """Whether posted credit notes give back all of what this line bills, paid or not."""
        self.ensure_one()
        if self.move_id.state != "posted":
            return False
        back = self.move_id._get_posted_credits().invoice_line_ids._filter_billed_like(self)
        if not back:
            return False
        billed = self.move_id.invoice_line_ids._filter_billed_like(self)
        return (
            self.currency_id.compare_amounts(
                sum(back.mapped("price_subtotal")), sum(billed.mapped("price_subtotal"))
            )
            >= 0
        )

    def _say_untaxed(self):
        """Let the prices of these drafts, which are without taxes, be so whatever the taxes say."""
        for line in self.filtered(lambda line: not line.tax_ids._are_told_as(False)):
            line.write(
                line.tax_ids._prepare_told_line(
                    line.price_unit, line.quantity, False, line.currency_id, line.product_id
                )
            )

    def _filter_billed_like(self, line):
        """The lines among these that are about the same as another line."""
        return self.filtered(lambda own: own._get_billed_source() == line._get_billed_source())

    def _get_billed_source(self):
        return (
            self.service_consumption_ids,
            self.service_share,
            self.service_instalment_id,
            self.service_usage_line_id,
        )

    # ------------------------------------------------------------ cost of what is sold
    def _eligible_for_stock_account(self):
        """A part leaves the stock once: with the customer's share, or with the only share.

        What is claimed from a supplier has left the stock when it was consumed.
        """
        if self.service_claim_id:
            return False
        if self.service_share == "covered_by" and any(
            self.service_consumption_ids.mapped("amount_to_invoice")
        ):
            return False
        return super()._eligible_for_stock_account()

    def _get_stock_moves(self):
        """The moves that issued the parts say what they cost."""
        return super()._get_stock_moves() | self.service_consumption_ids.move_ids
