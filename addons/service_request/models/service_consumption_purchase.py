from odoo import fields, models
from odoo.exceptions import UserError


class ServiceConsumption(models.Model):
    """What a subcontractor performs is ordered from them."""

    _name = "service.consumption"
    _inherit = ["service.consumption", "service.purchased"]

    def action_order_subcontractor(self):
        """Propose the work of subcontractors to the buyers: one draft purchase order for each.

        What is ordered already is left alone.

        :return: what was proposed, to be shown; True when everything is ordered already
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
        by_order = waiting.grouped(lambda c: (c.request_id, c.vendor_id))
        told = []
        for (request, vendor), consumptions in by_order.items():
            order_sudo = consumptions._order_from(vendor, request)
            words = self.env._(
                "Proposed to the buyers: the order %(order)s to %(vendor)s.",
                order=order_sudo.name,
                vendor=vendor.name,
            )
            request._message_log(body=words)
            told.append(words)
        if not told:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": " ".join(told),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_purchase_line(self):
        """Values of the order line; the price is the subcontractor's own."""
        self.ensure_one()
        description = self.product_id.with_context(lang=self.vendor_id.lang).display_name
        return {
            "product_id": self.product_id.id,
            "name": f"{description}\n{self.note}" if self.note else description,
            "product_qty": self.quantity,
            "product_uom_id": self.uom_id.id,
            "date_planned": self.planned_date or fields.Datetime.now(),
        }
