from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

# what a payment, even one that is still to appear on the bank statement, has settled
PAID = ("in_payment", "paid", "reversed")


class SaleOrderLine(models.Model):
    """Packs of points: each one sold refills a contract, each one refunded is taken back."""

    _inherit = "sale.order.line"

    sells_service_points = fields.Boolean(compute="_compute_sells_service_points")
    service_points_contract_id = fields.Many2one(
        "service.contract",
        string="Refilled Contract",
        compute="_compute_service_points_contract_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('kind', '=', 'points'), ('state', 'in', ('active', 'suspended'))]",
        help="The points contract that this pack refills: the customer's that ends last, unless "
        "changed.",
    )

    @api.depends("product_id.service_points")
    def _compute_sells_service_points(self):
        for line in self:
            line.sells_service_points = bool(line.product_id.service_points)

    @api.depends("product_id", "order_id.partner_id", "order_id.company_id")
    def _compute_service_points_contract_id(self):
        packs = self.filtered("product_id.service_points")
        (self - packs).service_points_contract_id = False
        customers = packs.order_id.partner_id.commercial_partner_id
        contracts = self.env["service.contract"].search(
            [
                ("partner_id", "child_of", customers.ids),
                ("kind", "=", "points"),
                ("state", "=", "active"),
            ],
            order="date_end desc, id desc",
        )
        by_owner = defaultdict(contracts.browse)
        for contract in contracts:
            by_owner[contract.company_id, contract.partner_id.commercial_partner_id] |= contract
        for line in packs:
            order = line.order_id
            owner = (order.company_id, order.partner_id.commercial_partner_id)
            line.service_points_contract_id = by_owner[owner][:1]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._settle_service_points()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"product_uom_qty", "product_id", "service_points_contract_id"} & set(vals):
            self.filtered(lambda line: line.state == "sale")._settle_service_points()
        return result

    def _settle_service_points(self):
        """Bring the ledger of points in line with what was sold, invoiced or paid, and refunded.

        :raise UserError: when a customer has no points contract
        :raise ValidationError: when points that are taken back were used
        """
        # whoever sells, posts or pays need not see the contracts
        packs = self.sudo().filtered("sells_service_points")
        if not packs:
            return
        moves = self.env["service.points.move"].sudo()
        booked = defaultdict(float)
        for contract, line_id, points in moves._read_group(
            [("res_model", "=", self._name), ("res_id", "in", packs.ids)],
            ["contract_id", "res_id"],
            ["points:sum"],
        ):
            booked[contract, line_id] = points
        wanted = {
            (line._get_refilled_contract(), line.id): line._get_sold_points()
            for line in packs
            if line.state == "sale"
        }
        names = {line.id: line.order_id.name for line in packs}
        moves.create(
            [
                {
                    "contract_id": contract.id,
                    "points": points,
                    "kind": "grant",
                    "res_model": self._name,
                    "res_id": line_id,
                    "note": names[line_id],
                }
                for contract, line_id in {**booked, **wanted}
                if not float_is_zero(
                    points := wanted.get((contract, line_id), 0.0) - booked[contract, line_id],
                    precision_digits=2,
                )
            ]
        )

    def _explain_points(self):
        """A sentence: when the points of these packs come, by the setting, or which have come."""
        sold = sum(
            line.product_id.service_points
            * line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id, round=False
            )
            for line in self
        )
        granted = sum(
            self.env["service.points.move"]
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
            .mapped("points")
        )
        if granted:
            return self.env._(
                "%(granted)g of %(sold)g points are on the contract.", granted=granted, sold=sold
            )
        when = {
            "confirmation": self.env._("%g points come with the confirmation of this order.", sold),
            "invoice": self.env._("%g points come once the invoice of this order is posted.", sold),
            "payment": self.env._("%g points come once the invoice of this order is paid.", sold),
        }
        return when[self.company_id.service_points_refill_on]

    def _get_refilled_contract(self):
        """The contract chosen on the line, or the one that the line itself sold."""
        self.ensure_one()
        sold = self.env["service.contract"].search(
            [("sale_line_id", "=", self.id), ("state", "!=", "terminated")], limit=1
        )
        contract = self.service_points_contract_id or sold
        if not contract:
            raise UserError(
                self.env._(
                    "%(customer)s has no points contract that « %(product)s » could refill: make "
                    "one, or choose it on the line of %(order)s.",
                    customer=self.order_id.partner_id.display_name,
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )
        return contract

    def _get_sold_points(self):
        """The points that the customer has a right to now, by the setting of the company."""
        self.ensure_one()
        event = self.company_id.service_points_refill_on
        posted = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        refunds = posted.filtered(lambda line: line.move_id.move_type == "out_refund")
        invoices = posted - refunds
        if event == "payment":
            invoices = invoices.filtered(lambda line: line.move_id.payment_state in PAID)
        ordered = event == "confirmation"
        quantity = self.product_uom_qty if ordered else self._sum_invoiced(invoices)
        kept = max(quantity - self._sum_invoiced(refunds), 0.0)
        unit = self.product_id.uom_id
        return self.product_id.service_points * self.product_uom_id._compute_quantity(
            kept, unit, round=False
        )

    def _sum_invoiced(self, lines):
        """Quantity on invoice lines, in the unit of this order line."""
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id, round=False)
            for line in lines
        )
