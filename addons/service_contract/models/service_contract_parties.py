from odoo import api, fields, models
from odoo.fields import Command

# Whose the contract is: found anew for another customer
PARTY_FIELDS = (
    "agency_id",
    "invoice_partner_id",
    "payer_id",
    "group_partner_id",
    "principal_id",
    "party_ids",
)


class ServiceContract(models.Model):
    """Whose a contract is: who may call on it, and who pays."""

    _inherit = "service.contract"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True
    )
    invoice_partner_id = fields.Many2one(
        "res.partner",
        string="Invoice Address",
        compute="_compute_invoice_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    payer_id = fields.Many2one(
        "res.partner",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Third party who pays the invoices; may call on the contract too.",
    )
    group_partner_id = fields.Many2one(
        "res.partner",
        string="Group Customer",
        compute="_compute_group_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The group the customer belongs to; may call on the contract too.",
    )
    principal_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('is_service_principal', '=', True)]",
        help="Who orders the service for this customer; may call on the contract too.",
    )
    party_ids = fields.Many2many(
        "res.partner",
        "service_contract_party_rel",
        "contract_id",
        "partner_id",
        string="Parties",
        compute="_compute_party_ids",
        store=True,
        precompute=True,
        help="Commercial entities that may call on this contract: customer, payer, group, "
        "principal.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_invoice_partner_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.invoice_partner_id = customer and customer._get_service_invoice_partner()

    @api.depends("partner_id", "company_id")
    def _compute_payer_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.payer_id = customer.service_payer_id

    @api.depends("partner_id", "company_id")
    def _compute_group_partner_id(self):
        for contract in self:
            customer = contract.partner_id.with_company(contract.company_id)
            contract.group_partner_id = customer.service_group_partner_id

    @api.depends(
        "partner_id.commercial_partner_id",
        "payer_id.commercial_partner_id",
        "group_partner_id.commercial_partner_id",
        "principal_id.commercial_partner_id",
    )
    def _compute_party_ids(self):
        for contract in self:
            contract.party_ids = (
                contract.partner_id
                | contract.payer_id
                | contract.group_partner_id
                | contract.principal_id
            ).commercial_partner_id

    def _prepare_values_for_owner(self, partner, lines, date):
        """Values of a contract that makes some promises of this one to another customer.

        Parties and addresses are those of the new customer; no points are granted again, and the
        price goes with the machines only if all of them go.

        :param lines: the service.contract.coverage to take over
        :param date: first day with the new customer
        """
        self.ensure_one()
        values = self.copy_data({"partner_id": partner.id})[0]
        for name in PARTY_FIELDS:
            values.pop(name, None)
        whole = lines == self.coverage_ids
        promises = lines._prepare_values_for_owner(date)
        return {
            **values,
            "date_start": max(date, self.date_start or date),
            "date_end": self.date_end,
            "points_initial": 0.0,
            "price": self._get_price_for_owner(date) if whole else 0.0,
            "coverage_ids": [Command.create(vals) for vals in promises],
        }
