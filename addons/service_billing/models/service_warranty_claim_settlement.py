from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

SETTLED_BY = {"refund": "in_refund", "invoice": "out_invoice"}


class ServiceWarrantyClaim(models.Model):
    """The money and the goods that come back from the supplier."""

    _inherit = "service.warranty.claim"

    picking_ids = fields.One2many("stock.picking", "service_claim_id", string="Transfers")
    picking_count = fields.Integer(compute="_compute_picking_count", compute_sudo=True)

    def _compute_picking_count(self):
        counts = dict(
            self.env["stock.picking"]._read_group(
                [("service_claim_id", "in", self.ids)], ["service_claim_id"], ["__count"]
            )
        )
        for claim in self:
            claim.picking_count = counts.get(claim, 0)

    # ------------------------------------------------------------ money
    def action_settle(self):
        """Settle by the credit note of the supplier that was chosen, or draft it of what was
        accepted, or our invoice to the supplier.

        Accounting completes and posts it: then the claim is settled, and Odoo reconciles it with
        the bills of the supplier.

        :return: window action on the account.move
        :raise UserError: when nothing was accepted, or service invoicing is switched off
        """
        self._check_state("accepted", "partly", "settled")
        # who follows claims need not have the rights of accounting
        claims_sudo = self.sudo()
        missing_sudo = claims_sudo.filtered(lambda claim: not claim._get_settlement())
        moves_sudo = claims_sudo.env["account.move"].create(
            [claim._prepare_settlement() for claim in missing_sudo]
        )
        moves_sudo.invoice_line_ids._say_untaxed()
        for claim, move in zip(missing_sudo, moves_sudo, strict=True):
            claim.refund_move_id = move
        for claim in claims_sudo.filtered(lambda claim: claim.state != "settled"):
            claim.refund_move_id._message_log(
                body=self.env._("Settles the supplier claim %s", claim._get_html_link())
            )
        moves = claims_sudo.refund_move_id.sudo(False)
        if moves.has_access("read"):
            return moves._get_records_action(name=self.env._("Settlement"))
        return True

    @api.constrains("refund_move_id", "settlement", "supplier_id")
    def _check_settlement(self):
        """A claim is settled by its own supplier, in the way that it says."""
        for claim in self.sudo().filtered("refund_move_id"):
            move = claim.refund_move_id
            supplier = claim.supplier_id.commercial_partner_id
            if (
                move.move_type == SETTLED_BY[claim.settlement]
                and move.commercial_partner_id == supplier
            ):
                continue
            raise ValidationError(
                self.env._(
                    "%(move)s cannot settle %(claim)s: choose a vendor credit note of "
                    "%(supplier)s, or an invoice to it, as the claim says.",
                    move=move.display_name,
                    claim=claim.name,
                    supplier=supplier.display_name,
                )
            )

    def _prepare_settlement(self):
        self.ensure_one()
        return {
            "move_type": SETTLED_BY[self.settlement],
            "company_id": self.company_id.id,
            "partner_id": self.supplier_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "ref": self.supplier_rma or self.name,
            "invoice_origin": self.name,
            "invoice_line_ids": [
                Command.create({**values, **self._prepare_settlement_accounting(values)})
                for values in self._prepare_settlement_lines()
            ],
        }

    def _prepare_settlement_accounting(self, values):
        """What the supplier pays takes from our cost: no stock comes back with money."""
        product = self.env["product.product"].browse(values["product_id"])
        product = product.with_company(self.company_id)
        account = product.product_tmpl_id.get_product_accounts()["expense"]
        return {
            "service_claim_id": self.id,
            **({"account_id": account.id} if account and self.settlement == "refund" else {}),
        }

    def _prepare_settlement_lines(self):
        """One line for each consumption that is paid for; the last takes the rounding."""
        self.ensure_one()
        paid = self.consumption_ids.filtered("amount_recovered")
        if not paid:
            product = self.component_id.product_id or self.equipment_id.product_id
            text = " · ".join(p for p in (self.name, self.equipment_id.display_name) if p)
            return [
                {
                    "product_id": product.id,
                    "name": text,
                    "quantity": 1,
                    "price_unit": self.amount_accepted,
                }
            ]
        rest = self.amount_accepted - sum(paid.mapped("amount_recovered"))
        return [
            {
                "product_id": consumption.product_id.id,
                "name": f"{consumption.product_id.display_name}\n{consumption.request_id.name} · "
                f"{consumption.equipment_line_id.display_name}",
                "quantity": 1,
                "price_unit": self.currency_id.round(
                    consumption.amount_recovered + (rest if consumption == paid[-1:] else 0.0)
                ),
                "analytic_distribution": consumption.analytic_distribution or False,
            }
            for consumption in paid
        ]

    def action_view_settlement(self):
        """Open the credit note or invoice."""
        return self.refund_move_id._get_records_action(name=self.env._("Settlement"))

    # ------------------------------------------------------------ goods
    def action_ship_parts(self):
        """Make the transfer that sends the defective parts to the supplier."""
        return self._create_transfer("outgoing")

    def action_receive_parts(self):
        """Make the transfer that receives the replacement, valued like the product."""
        return self._create_transfer("incoming")

    def action_view_pickings(self):
        """Open the transfers of this claim."""
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))

    def _create_transfer(self, code):
        """A draft transfer of the claimed parts, to or from the supplier.

        :param code: ``outgoing`` or ``incoming``
        :raise UserError: when the claim names no parts, or service invoicing is switched off
        """
        self.ensure_one()
        self.company_id.sudo()._check_service_invoicing()
        lines = self._get_claimed_parts()
        if not lines:
            raise UserError(
                self.env._(
                    "%(claim)s names no part that could be sent: add the parts, or the component.",
                    claim=self.name,
                )
            )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        stock = warehouse.lot_stock_id
        supplier = self.supplier_id.with_company(self.company_id).property_stock_supplier
        source, target = (stock, supplier) if code == "outgoing" else (supplier, stock)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": (
                    warehouse.out_type_id if code == "outgoing" else warehouse.in_type_id
                ).id,
                "partner_id": self.supplier_id.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "origin": " ".join(p for p in (self.name, self.supplier_rma) if p),
                "service_claim_id": self.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product, quantity in lines.items()
                ],
            }
        )
        return picking._get_records_action(name=self.env._("Transfer"))

    def _get_claimed_parts(self):
        """``{product: quantity}`` of the claimed parts that are kept in stock."""
        self.ensure_one()
        parts = {}
        for consumption in self.consumption_ids.filtered("product_id.is_storable"):
            product = consumption.product_id
            parts[product] = parts.get(product, 0.0) + consumption.uom_id._compute_quantity(
                consumption.quantity, product.uom_id, rounding_method="HALF-UP"
            )
        product = self.component_id.product_id or self.equipment_id.product_id
        if not parts and product.is_storable:
            parts[product] = self.component_id.quantity or 1.0
        return parts
