from odoo import api, fields, models


class ServiceInterventionCancel(models.TransientModel):
    """Ask why interventions are cancelled, and say what stays behind."""

    _name = "service.intervention.cancel"
    _description = "Cancel an Intervention"

    intervention_ids = fields.Many2many("service.intervention", required=True, readonly=True)
    reason = fields.Char(help="Why it does not take place: the customer may ask one day.")
    notice = fields.Text(compute="_compute_notice")

    @api.depends("intervention_ids")
    def _compute_notice(self):
        for cancel in self:
            used = cancel.intervention_ids.consumption_ids.filtered(lambda c: c.state == "done")
            cancel.notice = "\n".join(
                self.env._(
                    "Used already, and stays on %(request)s: %(products)s. Cancel it there when it "
                    "was not used.",
                    request=request.name,
                    products=", ".join(lines.product_id.mapped("display_name")),
                )
                for request, lines in used.grouped("request_id").items()
            )

    def action_cancel(self):
        """Cancel the interventions, for the reason given.

        :raise UserError: when one of them is over already
        """
        self.ensure_one()
        self.intervention_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
