from odoo import api, fields, models
from odoo.exceptions import UserError

KEPT = {"product_id", "quantity", "uom_id", "warehouse_id", "lot_ids", "issue_stock"}


class ServiceConsumption(models.Model):
    """A planned part may be reserved: nobody else takes it. Recording alone reserves nothing."""

    _inherit = "service.consumption"

    qty_reserved = fields.Float(
        string="Reserved",
        digits="Product Unit",
        compute="_compute_qty_reserved",
        help="What is kept in stock for this, in the unit of the part.",
    )

    @api.depends("move_ids.state", "move_ids.quantity")
    def _compute_qty_reserved(self):
        for consumption in self:
            # how much is kept is no secret
            moves_sudo = consumption.sudo()._get_reservations()
            consumption.qty_reserved = sum(moves_sudo.mapped("quantity"))

    def _get_reservations(self):
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def action_reserve(self):
        """Keep the parts of these consumptions, where they will be taken from, for them.

        :raise UserError: when nothing of a part is free, or it is done already
        """
        self.check_access("write")
        done = self.filtered(lambda c: c.state not in ("todo", "planned") or not c.issue_stock)
        if done:
            raise UserError(
                self.env._(
                    "%(consumption)s is done or not taken from stock: only planned parts are "
                    "reserved.",
                    consumption=done[0].display_name,
                )
            )
        nothing = self._keep().filtered(lambda move: not move.quantity).service_consumption_id
        if nothing:
            raise UserError(
                self.env._(
                    "Nothing of %(part)s is free in %(location)s: order it, or choose another "
                    "warehouse on %(request)s.",
                    part=nothing[0].product_id.display_name,
                    location=nothing[0].move_ids[-1:].location_id.display_name,
                    request=nothing[0].request_id.name,
                )
            )
        return True

    def _keep(self):
        """Keep as much of these parts as is free; what comes into stock later is kept too.

        :return: the stock.move, sudoed
        """
        self._release()
        # whoever plans parts reserves them, without a right on all the stock
        consumptions_sudo = self.sudo()
        moves_sudo = consumptions_sudo.env["stock.move"].create(
            [consumption._prepare_reservation() for consumption in consumptions_sudo]
        )
        moves_sudo._action_confirm(merge=False)
        moves_sudo._action_assign()
        return moves_sudo

    def action_release(self):
        """Give back what is kept for these consumptions."""
        self.check_access("write")
        self._release()
        return True

    def _release(self):
        # whoever plans parts gives them back, without a right on all the stock
        self.sudo()._get_reservations()._action_cancel()

    def _prepare_reservation(self):
        self.ensure_one()
        quantity = self._get_stock_quantity()
        place = self._get_reservation_location()
        values = self._prepare_issue_move(self.env["stock.lot"], quantity, place)
        # Odoo chooses the lots that it keeps
        del values["move_line_ids"]
        return {
            **values,
            "date": self.planned_date or fields.Datetime.now(),
            # from today on Odoo keeps what comes into stock
            "reservation_date": fields.Date.today(),
        }

    def _get_reservation_location(self):
        """The stock.location in which this part is kept."""
        return self._get_issue_location()

    def write(self, vals):
        if KEPT.isdisjoint(vals):
            return super().write(vals)
        kept = self.filtered(lambda c: c.sudo()._get_reservations())
        result = super().write(vals)
        kept._filter_undone().filtered("issue_stock")._keep()
        return result

    def unlink(self):
        self._release()
        return super().unlink()

    def _issue_difference(self):
        # what was kept is what is taken now
        self._release()
        return super()._issue_difference()

    def action_cancel(self):
        """Cancel these consumptions; reserved parts are free again, issued ones come back."""
        self._release()
        return super().action_cancel()
