from odoo import api, models

# what a board or a request shows; other changes disturb nobody
LIVE_FIELDS = {
    "technician_id",
    "helper_ids",
    "vendor_id",
    "planned_start",
    "planned_end",
    "planned_hours",
    "state",
    "priority",
    "is_fixed",
    "agency_id",
    "conflict_reason",
    "request_id",
}
MESSAGE = "service.intervention/changed"
MANY = 100  # more than these are not named: who listens reads everything again
PENDING = "service.intervention.live"


class ServiceIntervention(models.Model):
    """Tells the screens that are open which interventions changed, by Odoo's bus."""

    _inherit = "service.intervention"

    @api.model_create_multi
    def create(self, vals_list):
        interventions = super().create(vals_list)
        interventions._announce()
        return interventions

    def write(self, vals):
        live = not LIVE_FIELDS.isdisjoint(vals)
        if live and "agency_id" in vals:
            self._announce()  # to the agency that loses them
        result = super().write(vals)
        if live:
            self._announce()
        return result

    @api.ondelete(at_uninstall=False)
    def _announce_deletion(self):
        self._announce()

    def _announce(self):
        """Tell the offices of the agencies, once, when the transaction is about to be committed.

        The message names ids and nothing else: what a listener may see of them, the listener reads
        with own rights.
        """
        pending = self.env.cr.precommit.data.setdefault(PENDING, {})
        if not pending and self:
            self.env.cr.precommit.add(self._send_announcements)
        for intervention in self.sudo():
            ids, requests = pending.setdefault(intervention.agency_id.id, (set(), set()))
            ids.add(intervention.id)
            requests.update(intervention.request_id.ids)

    @api.model
    def _send_announcements(self):
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        for agency_id, (ids, requests) in pending.items():
            agency = self.env["service.agency"].sudo().browse(agency_id)
            few = len(ids) <= MANY
            self.env["bus.bus"]._sendone(
                agency,
                MESSAGE,
                {"ids": sorted(ids) if few else [], "request_ids": sorted(requests) if few else []},
            )
