from odoo import api, fields, models
from odoo.exceptions import UserError

from .service_intervention import ENDED


class ServiceInterventionTime(models.Model):
    """A stretch of travel, work or pause of an intervention."""

    _name = "service.intervention.time"
    _description = "Intervention Time"
    _order = "start, id"
    _rec_name = "kind"

    intervention_id = fields.Many2one(
        "service.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("travel", "Travel"), ("work", "Work"), ("pause", "Pause")], required=True
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime()
    hours = fields.Float(compute="_compute_hours", store=True, precompute=True)

    _stop_after_start = models.Constraint(
        "CHECK (stop >= start)", "A stretch of time cannot stop before it starts."
    )
    _one_running = models.UniqueIndex(
        "(intervention_id) WHERE stop IS NULL", "Only one stretch of time can be running."
    )

    @api.model_create_multi
    def create(self, vals_list):
        times = super().create(vals_list)
        times._correct_consumptions()
        return times

    def write(self, vals):
        result = super().write(vals)
        self._correct_consumptions()
        return result

    def _correct_consumptions(self):
        """What is corrected after a visit corrects what the visit consumed."""
        visits = self.intervention_id
        visits.filtered(lambda i: i.state in ("done", "to_resume"))._consume_clocks()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        ended = self.intervention_id.filtered(lambda i: i.state in ENDED)
        if ended:
            raise UserError(
                self.env._(
                    "%(intervention)s is over, and its times are facts: correct them instead of "
                    "deleting them.",
                    intervention=ended[0].name,
                )
            )

    @api.depends("start", "stop")
    def _compute_hours(self):
        for time in self:
            time.hours = (time.stop - time.start).total_seconds() / 3600 if time.stop else 0.0
