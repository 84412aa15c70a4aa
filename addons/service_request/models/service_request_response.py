from odoo import fields, models


class ServiceRequest(models.Model):
    """When the customer heard from us for the first time."""

    _inherit = "service.request"

    first_response_date = fields.Datetime(
        string="First Response",
        readonly=True,
        copy=False,
        help="First message to the customer, call, or work of the assignee.",
    )
    is_response_late = fields.Boolean(compute="_compute_is_response_late")

    def _compute_is_response_late(self):
        now = fields.Datetime.now()
        for request in self:
            answered = request.first_response_date or now
            due = request.response_deadline
            request.is_response_late = bool(due) and answered > due

    def _register_first_response(self, date=None):
        """Remember that the customer hears from us, if it is the first time.

        :param date: naive UTC datetime (default: now)
        """
        date = date or fields.Datetime.now()
        later = self.filtered(lambda r: not r.first_response_date or r.first_response_date > date)
        later.first_response_date = date

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # the message names what happened, whoever may write on the request
        message_sudo = message.sudo()
        colleague = message_sudo.author_id and not message_sudo.author_id.partner_share
        is_call = message_sudo.mail_activity_type_id.category == "phonecall"
        is_answer = message_sudo.message_type in ("comment", "email_outgoing") and not (
            message_sudo.is_internal or message_sudo.subtype_id.internal
        )
        if colleague and (is_call or (is_answer and self._reaches_customer(message_sudo))):
            self.sudo()._register_first_response()
        return result

    def _reaches_customer(self, message):
        """Whether somebody who is no colleague gets a message that is posted here."""
        recipients = message.partner_ids | self.sudo().message_partner_ids
        return any(recipients.mapped("partner_share")) or bool(message.outgoing_email_to)
