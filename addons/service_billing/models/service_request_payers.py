from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.service_request.models.service_request_billing import PRICE_GROUPS


class ServiceRequest(models.Model):
    """Who pays what of a request, and its split between several payers."""

    _inherit = "service.request"

    payer_line_ids = fields.One2many(
        "service.request.payer", "request_id", string="Who Pays", groups=PRICE_GROUPS
    )
    is_split = fields.Boolean(
        string="Split between Payers", compute="_compute_is_split", groups=PRICE_GROUPS
    )

    @api.depends(
        "invoice_partner_id", "consumption_ids.third_party_id", "consumption_ids.bill_to_id"
    )
    def _compute_is_split(self):
        for request in self:
            lines = request.consumption_ids
            others = lines.bill_to_id - request.invoice_partner_id
            request.is_split = bool(lines.third_party_id or others)

    def action_split_payers(self):
        """Ask who pays which share of what this request consumed."""
        self.ensure_one()
        self._check_may_split()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split between Payers"),
            "res_model": "service.payer.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def action_unsplit_payers(self):
        """Let the invoiced customer pay again all that is not on an invoice."""
        self._check_may_split()
        for request in self:
            lines_sudo = request.sudo().consumption_ids.filtered(
                lambda c: not c._get_billed_shares()
            )
            lines_sudo.write(
                {
                    "third_party_id": False,
                    "third_party_rate": 0.0,
                    "bill_to_id": request.invoice_partner_id.id,
                }
            )
            request.sudo()._message_log(
                body=self.env._("The customer pays again all that is not invoiced yet.")
            )
        return True

    def _check_may_split(self):
        """Whoever may change a request splits it; once closed, whoever may invoice it.

        :raise AccessError: for others
        :raise UserError: when the switch is off, or a request is closed
        """
        self.check_access("read")
        self.company_id.sudo()._check_service_invoicing()
        if self.env.su or self.env.user.has_group("service_billing.group_service_invoice"):
            return
        if not self.env.user.has_group("installed_base.group_service_user"):
            raise AccessError(self.env._("You may not decide who pays: ask your manager."))
        closed = self.filtered(lambda r: r.state == "closed")
        if closed:
            raise UserError(
                self.env._(
                    "%(requests)s: closed already. Managers and accountants may still split what "
                    "is not invoiced.",
                    requests=", ".join(closed.mapped("name")),
                )
            )
