from odoo import fields, models

# what became of a quotation, in words of the workshop
ANSWERS = {"draft": "waiting", "sent": "waiting", "sale": "accepted", "cancel": "refused"}


class ServiceIntervention(models.Model):
    """Work in the workshop that nothing covers is offered first: accepted, the machine is repaired;
    refused, it goes back as it came."""

    _inherit = "service.intervention"

    estimate_state = fields.Selection(
        [
            ("waiting", "Estimate Not Answered"),
            ("accepted", "Estimate Accepted"),
            ("refused", "Estimate Refused"),
        ],
        string="Estimate",
        compute="_compute_estimate_state",
        help="What the customer says to the last quotation of the request.",
    )

    def _compute_estimate_state(self):
        # sudo: the workshop has to know the answer, not the amounts
        orders_sudo = (
            self.env["sale.order"]
            .sudo()
            .search([("service_request_id", "in", self.request_id.ids)], order="id")
        )
        last = {order.service_request_id.id: order.state for order in orders_sudo}
        for intervention in self:
            intervention.estimate_state = ANSWERS.get(last.get(intervention.request_id.id))

    def action_estimate(self):
        """Offer the customer the work in the workshop at what it will cost.

        :return: window action on the new ``sale.order``
        :raise UserError: when it is no work in the workshop, or nothing is left to be done
        """
        self.ensure_one()
        self._check_workshop()
        self._ensure_requests()
        return self.request_id.action_create_quotation()

    def _give_up_repair(self, order):
        """The customer does not want the repair: what has not begun is cancelled.

        The machines wait for « Give Machine Back ».
        """
        reason = self.env._("Estimate %(order)s was refused.", order=order.name)
        workshop = self.filtered(lambda i: i.intervention_type == "workshop")
        workshop.filtered(lambda i: i.state in ("draft", "planned", "dispatched")).action_cancel(
            reason
        )
        for intervention in workshop.filtered(lambda i: i.machine_state == "in_repair"):
            intervention._message_log(
                body=self.env._("%(reason)s Give the machine back.", reason=reason)
            )
