from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceConsumption(models.Model):
    """What a subcontractor performs is ordered from them."""

    _inherit = "service.consumption"

    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Order Line to the Subcontractor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="installed_base.group_service_user",
    )
    purchase_order_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Order to the Subcontractor",
        groups="installed_base.group_service_user",
    )

    def action_order_subcontractor(self):
        """Propose the work of subcontractors to the buyers: one draft purchase order for each.

        What is ordered already is left alone.

        :return: True
        :raise UserError: without a subcontractor, or for what we do ourselves
        """
        own = self.filtered(lambda c: c.performer_type != "external" or not c.vendor_id)
        if own:
            raise UserError(
                self.env._(
                    "Nobody is ordered for %(consumption)s: choose « Subcontractor » and who it "
                    "is.",
                    consumption=own[0].display_name,
                )
            )
        waiting = self.filtered(lambda c: not c.purchase_line_id and not c.is_cancelled)
        # sudo: who plans the work proposes its order, without the other rights of a buyer
        orders = self.env["purchase.order"].sudo()
        for (request, vendor), consumptions in waiting.grouped(
            lambda c: (c.request_id, c.vendor_id)
        ).items():
            order = orders.with_company(request.company_id).create(
                {
                    "partner_id": vendor.id,
                    "company_id": request.company_id.id,
                    "origin": request.name,
                    "order_line": [
                        Command.create(consumption._prepare_purchase_line())
                        for consumption in consumptions
                    ],
                }
            )
            for consumption, line in zip(consumptions, order.order_line, strict=True):
                consumption.purchase_line_id = line
            order.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": order, "origin": request},
                subtype_xmlid="mail.mt_note",
            )
        return True

    def _prepare_purchase_line(self):
        """Values of the order line; the price is the subcontractor's own."""
        self.ensure_one()
        description = self.product_id.display_name
        return {
            "product_id": self.product_id.id,
            "name": f"{description}\n{self.note}" if self.note else description,
            "product_qty": self.quantity,
            "product_uom_id": self.uom_id.id,
            "date_planned": self.planned_date or fields.Datetime.now(),
        }
