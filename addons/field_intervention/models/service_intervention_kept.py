from odoo import models

from .service_consumption_kept import KEEPING

WATCHED = {"state", "technician_id", "vendor_id", "intervention_type", "planned_start"}


class ServiceIntervention(models.Model):
    """The parts of a planned job are kept in the van, and follow it to another technician."""

    _inherit = "service.intervention"

    def write(self, vals):
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            not_begun = ("draft", "cancelled", *KEEPING)
            self.sudo().filtered(lambda i: i.state in not_begun)._keep_parts()
        return result

    def _keep_parts(self):
        """Keep the parts in the van of whoever does it now; what was fetched for it comes there."""
        lines = self.consumption_ids
        planned = lines.filtered(lambda line: line.intervention_id.state in KEEPING)
        # what was ordered before this visit is a part of it
        planned.filtered(lambda line: line.is_to_order and line.order_date).is_to_order = False
        on_shelves = planned._get_reservations() - planned._get_kept_in_van()
        fetched = on_shelves.service_consumption_id.intervention_id
        lines._keep_in_van()
        self._redirect_transfers()
        fetched.filtered(lambda i: i._get_van()).action_prepare_parts()

    def _redirect_transfers(self):
        """Send what is under way to the van of the technician; to nobody's, it is given up."""
        for picking in self.picking_ids._get_open_fetches():
            intervention = picking.intervention_id
            van = intervention._get_van() if intervention.state != "cancelled" else None
            if not van:
                picking.action_cancel()
            elif not picking.location_dest_id._child_of(van):
                picking.location_dest_id = van
