from odoo import fields, models


class ServiceRequest(models.Model):
    """Claims on suppliers for a request, also before the repair."""

    _inherit = "service.request"

    claim_ids = fields.Many2many(
        "service.warranty.claim",
        string="Supplier Claims",
        compute="_compute_claim_ids",
        groups="installed_base.group_service_manager,account.group_account_invoice",
    )
    claim_count = fields.Integer(
        compute="_compute_claim_ids",
        groups="installed_base.group_service_manager,account.group_account_invoice",
    )

    def _compute_claim_ids(self):
        claims = self.env["service.warranty.claim"].search([("request_id", "in", self.ids)])
        own = claims.grouped("request_id")
        for request in self:
            found = own.get(request._origin, claims.browse())
            request.claim_ids = found | request.consumption_ids.warranty_claim_id
            request.claim_count = len(request.claim_ids)

    def action_view_claims(self):
        """Open the claims on suppliers for this request."""
        return self.claim_ids._get_records_action(name=self.env._("Supplier Claims"))

    def action_claim(self):
        """Claim what this request consumed from the suppliers; before the repair, open a new claim.

        :return: window action
        :raise UserError: when service invoicing is switched off
        """
        self.ensure_one()
        self.company_id.sudo()._check_service_invoicing()
        if self.consumption_ids.filtered(lambda c: c.claim_state == "to_claim"):
            return self.consumption_ids.action_claim()
        machine = self._get_default_line().equipment_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Supplier Claim"),
            "res_model": "service.warranty.claim",
            "view_mode": "form",
            "context": {
                "default_company_id": self.company_id.id,
                "default_request_id": self.id,
                "default_equipment_id": machine.id,
                "default_supplier_id": machine.supplier_id.id,
                "default_note": self.title,
            },
        }
