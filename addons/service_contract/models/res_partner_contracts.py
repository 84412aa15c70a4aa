from odoo import fields, models

from .service_contract_terms import OFFICE


class ResPartner(models.Model):
    """The contracts of a customer, one click away."""

    _inherit = "res.partner"

    service_contract_count = fields.Integer(
        string="Contracts",
        compute="_compute_service_contract_count",
        groups=OFFICE,
        help="Contracts that this customer may call on.",
    )

    def _compute_service_contract_count(self):
        counts = dict(
            self.env["service.contract"]._read_group(
                [("party_ids", "in", self.commercial_partner_id.ids)], ["party_ids"], ["__count"]
            )
        )
        for partner in self:
            partner.service_contract_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_service_contracts(self):
        """Open the contracts that these customers may call on."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_contract.service_contract_action"
        )
        return {
            **action,
            "domain": [("party_ids", "in", self.commercial_partner_id.ids)],
            "context": {"default_partner_id": self.commercial_partner_id[:1].id},
        }
