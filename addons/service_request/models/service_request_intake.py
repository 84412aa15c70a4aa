from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceRequest(models.Model):
    """How a request comes in: by a call, by mail, on behalf of a principal."""

    _inherit = "service.request"
    _primary_email = "email_from"

    email_from = fields.Char(
        string="Sender",
        copy=False,
        help="Who sent the e-mail that this request came with.",
    )
    customer_warning = fields.Char(
        compute="_compute_customer_warning",
        help="What the call taker must know about the customer at once.",
    )
    machine_owner_id = fields.Many2one(
        "res.partner",
        compute="_compute_machine_owner_id",
        help="Who else owns a machine of the request; it may be right.",
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "company_id", "machine_owner_id")
    def _compute_customer_warning(self):
        for request in self:
            warnings = (request._warn_about_customer(), request._warn_about_owners())
            request.customer_warning = " ".join(filter(None, warnings)) or False

    def _warn_about_customer(self):
        """What is wrong with the customer, in a sentence."""
        owner = self.partner_id.commercial_partner_id
        # what a customer owes is for accounting: only the verdict leaves this method
        owner_sudo = owner.sudo().with_company(self.company_id)
        if owner.service_blocked:
            return self.env._(
                "%(customer)s is blocked for service: %(reason)s",
                customer=owner.name,
                reason=owner.service_block_reason or self.env._("no reason given"),
            )
        if owner_sudo.credit_limit and owner_sudo.credit > owner_sudo.credit_limit:
            return self.env._("%(customer)s owes more than its credit limit.", customer=owner.name)
        return None

    @api.depends("partner_id", "equipment_line_ids.equipment_id")
    def _compute_machine_owner_id(self):
        for request in self:
            foreign = request._get_foreign_machine()
            request.machine_owner_id = request.partner_id and foreign.partner_id

    def _get_foreign_machine(self):
        """The first machine that belongs to somebody else than the customer."""
        customer = self.partner_id.commercial_partner_id
        owned = self.equipment_line_ids.equipment_id.filtered("partner_id")
        return owned.filtered(lambda m: m.partner_id.commercial_partner_id != customer)[:1]

    def _warn_about_owners(self):
        """Which machine belongs to somebody else, in a sentence; it may be right."""
        if not self.machine_owner_id:
            return None
        return self.env._(
            "%(machine)s belongs to %(owner)s.",
            machine=self._get_foreign_machine().display_name,
            owner=self.machine_owner_id.display_name,
        )

    def action_switch_customer(self):
        """The owner of the machine asks after all: site, contact and terms follow."""
        for request in self.filtered("machine_owner_id"):
            request.partner_id = request.machine_owner_id
        return True

    @api.constrains("partner_id", "origin", "stage_id")
    def _check_customer(self):
        first = self.env["service.request.stage"]._get_first()
        for request in self.filtered(lambda r: not r.partner_id):
            if request.origin != "email":
                raise ValidationError(
                    self.env._("Name the customer of « %(title)s ».", title=request.title)
                )
            if request.stage_id != first and request.state != "cancelled":
                raise ValidationError(
                    self.env._(
                        "%(request)s came from the unknown sender %(sender)s: name or create the "
                        "customer before going on.",
                        request=request.name,
                        sender=request.email_from or "–",
                    )
                )

    def action_set_default_principal(self):
        """Remember the principal of this request, or that there is none, for the next ones."""
        self.ensure_one()
        # a user may set this preference of their own
        self.env.user.sudo().service_default_principal_id = self.principal_id
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Until further notice your new requests are for: %(principal)s",
                    principal=self.principal_id.name or self.env._("our own customers"),
                ),
            },
        }

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a request of an e-mail; an unknown sender leaves it without customer."""
        sender = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        # a colleague who writes to the queue is no customer
        sender = sender.filtered("partner_share")
        owner = sender.commercial_partner_id
        values = {
            # or else Odoo would take the subject for the number
            **self.default_get(["name"]),
            "title": msg_dict.get("subject") or self.env._("(no subject)"),
            "description": msg_dict.get("body") or Markup(""),
            "origin": "email",
            "partner_id": owner.id,
            **({"contact_id": sender.id} if sender != owner else {}),
            **(custom_values or {}),
        }
        request = super().message_new(msg_dict, values)
        request.message_subscribe(sender.ids)
        return request
