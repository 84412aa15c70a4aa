from odoo import api, fields, models


class ServiceInterventionRunning(models.TransientModel):
    """Who starts here may have forgotten a clock that runs elsewhere: it is paused on request."""

    _name = "service.intervention.running"
    _description = "Another Clock Is Running"

    intervention_ids = fields.Many2many("service.intervention", required=True, readonly=True)
    notice = fields.Text(compute="_compute_notice")

    @api.depends("intervention_ids")
    def _compute_notice(self):
        for running in self:
            running.notice = "\n".join(
                self.env._(
                    "The clock of %(other)s (%(customer)s) is still running.",
                    other=other.name,
                    customer=other.partner_id.name,
                )
                for other in running.intervention_ids
            )

    def action_pause(self):
        """Stop the other clocks; the visit that was begun goes on."""
        self.ensure_one()
        self.intervention_ids.action_pause()
        return {"type": "ir.actions.act_window_close"}
