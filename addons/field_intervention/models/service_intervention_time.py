from odoo import api, fields, models


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

    @api.depends("start", "stop")
    def _compute_hours(self):
        for time in self:
            time.hours = (time.stop - time.start).total_seconds() / 3600 if time.stop else 0.0
