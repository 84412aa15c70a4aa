from odoo import api, models

# once on the way the technician has the parts at hand; what is added then is used at once
KEEPING = ("planned", "dispatched")
WATCHED = {"intervention_id", "van_location_id", "is_to_order"}


class ServiceConsumption(models.Model):
    """Parts of planned jobs are reserved in the van: no other job counts on them."""

    _inherit = "service.consumption"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.intervention_id.state in KEEPING)._keep_in_van()
        return lines

    def write(self, vals):
        if WATCHED.isdisjoint(vals):
            return super().write(vals)
        self._get_kept_in_van()._action_cancel()
        result = super().write(vals)
        self._keep_in_van()
        return result

    def _get_reservation_location(self):
        return self._get_keeping_place() or super()._get_reservation_location()

    def _get_keeping_place(self):
        """The stock.location of the van in which this part is kept; none when it need not be."""
        intervention_sudo = self.sudo().intervention_id
        planned = self.state in ("todo", "planned") and self.issue_stock and not self.is_to_order
        if not planned or intervention_sudo.state not in KEEPING:
            return None
        van_sudo = intervention_sudo._get_van()
        return van_sudo and (self.sudo().van_location_id or van_sudo)

    def _get_kept_in_van(self):
        """The reservations of these lines that are not on the shelves, sudoed."""
        return (
            self.sudo()
            .filtered("move_ids")
            ._get_reservations()
            .filtered(
                lambda move: (
                    move.location_id != move.service_consumption_id.warehouse_id.lot_stock_id
                )
            )
        )

    def _keep_in_van(self):
        """Bring the reservations in line with who does the jobs, and when.

        What a job gives back is kept for the next one that waits for it.
        """
        wanted = self.filtered(lambda line: line._get_keeping_place())
        given_back = (self - wanted)._get_kept_in_van()
        given_back._action_cancel()
        elsewhere = wanted.filtered(
            lambda line: line.sudo()._get_reservations().location_id != line._get_keeping_place()
        )
        given_back |= elsewhere._get_kept_in_van()
        elsewhere._keep()
        for start, lines in wanted.grouped(lambda line: line.intervention_id.planned_start).items():
            kept = lines.sudo()._get_reservations()
            kept.filtered(lambda move, start=start: move.date != start).date = start
        given_back._keep_for_next()
