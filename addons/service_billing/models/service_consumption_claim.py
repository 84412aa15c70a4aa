from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .service_consumption_cost import COST_GROUPS

# what we do for nothing because we promised it; points are paid by the customer
PROMISES = ("warranty", "maintenance")


class ServiceConsumption(models.Model):
    """What we bear by a promise of ours, and the supplier's warranty covers: it is claimed."""

    _inherit = "service.consumption"

    warranty_claim_id = fields.Many2one(
        "service.warranty.claim", readonly=True, copy=False, index="btree_not_null"
    )
    claim_supplier_id = fields.Many2one(
        "res.partner",
        string="Supplier to Claim From",
        compute="_compute_claim_supplier_id",
        store=True,
        index="btree_not_null",
    )
    claim_deadline = fields.Date(
        string="Claim Before",
        compute="_compute_claim_supplier_id",
        store=True,
        help="The end of the supplier's warranty, or so many days after the work as the supplier "
        "allows, if that is earlier.",
    )
    claim_state = fields.Selection(
        [
            ("nothing", "Nothing to Claim"),
            ("to_claim", "To Claim"),
            ("claimed", "Claimed"),
            ("recovered", "Recovered"),
            ("refused", "Refused"),
        ],
        compute="_compute_claim_state",
        store=True,
        index=True,
        help="What a supplier refused is our own cost.",
    )
    amount_claimed = fields.Monetary(
        string="Claimed",
        currency_field="company_currency_id",
        compute="_compute_amount_claimed",
        store=True,
        readonly=False,
        groups=COST_GROUPS,
        help="At our cost, unless changed: suppliers may pay other rates.",
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        currency_field="company_currency_id",
        compute="_compute_amount_recovered",
        store=True,
        groups=COST_GROUPS,
        help="The part of what the supplier accepted, in proportion to what was claimed.",
    )

    @api.depends(
        "state",
        "done_date",
        "amount_borne",
        "amount_covered",
        "amount_third_party",
        "contract_id.kind",
        "component_line_id.component_id.supplier_id",
        "component_line_id.component_id.supplier_warranty_end",
        "equipment_line_id.equipment_id.supplier_id",
        "equipment_line_id.equipment_id.supplier_warranty_end",
    )
    def _compute_claim_supplier_id(self):
        for consumption in self:
            part = consumption._get_guaranteed_part()
            consumption.claim_supplier_id = part.supplier_id
            consumption.claim_deadline = consumption._get_claim_deadline(part) if part else False

    def _get_guaranteed_part(self):
        """The component or machine whose supplier's warranty pays this, or nothing."""
        self.ensure_one()
        ours = self.amount_borne and self.amount_covered == self.amount_third_party
        if self.state != "done" or self.contract_id.kind not in PROMISES or not ours:
            return self.env["service.equipment"]
        day = self._get_done_day()
        parts = (
            self.component_line_id.component_id,
            self.equipment_line_id.equipment_id,
        )
        for part in parts:
            end = part.supplier_warranty_end
            if part.supplier_id and end and end >= day:
                return part
        return self.env["service.equipment"]

    def _get_claim_deadline(self, part):
        self.ensure_one()
        days = part.supplier_id.commercial_partner_id.service_claim_days
        ends = [part.supplier_warranty_end]
        if days:
            ends.append(self._get_done_day() + relativedelta(days=days))
        return min(ends)

    @api.depends("claim_supplier_id", "warranty_claim_id.state")
    def _compute_claim_state(self):
        by_claim = {
            "draft": "claimed",
            "sent": "claimed",
            "accepted": "recovered",
            "partly": "recovered",
            "settled": "recovered",
            "refused": "refused",
        }
        for consumption in self:
            claim = consumption.warranty_claim_id
            if claim:
                consumption.claim_state = by_claim[claim.state]
            else:
                consumption.claim_state = "to_claim" if consumption.claim_supplier_id else "nothing"

    @api.depends("amount_cost", "claim_supplier_id")
    def _compute_amount_claimed(self):
        for consumption in self:
            if consumption.warranty_claim_id.state in (False, "draft"):
                claimable = consumption.claim_supplier_id or consumption.warranty_claim_id
                consumption.amount_claimed = consumption.amount_cost if claimable else 0.0

    @api.depends("amount_claimed", "warranty_claim_id.amount_accepted", "warranty_claim_id.state")
    def _compute_amount_recovered(self):
        for claim, consumptions in self.grouped("warranty_claim_id").items():
            total = claim.amount_claimed
            share = claim.amount_accepted / total if total else 0.0
            for consumption in consumptions:
                consumption.amount_recovered = consumption.company_currency_id.round(
                    consumption.amount_claimed * share
                )

    def action_claim(self):
        """Claim these from their suppliers: one draft claim for each, or the one there is.

        :return: window action on the claims
        :raise UserError: when there is nothing to claim, or service invoicing is switched off
        """
        self.company_id.sudo()._check_service_invoicing()
        claims = self._create_claims()
        if not claims:
            raise UserError(
                self.env._(
                    "There is nothing to claim here: no supplier's warranty covers it, or it is "
                    "claimed already."
                )
            )
        return claims._get_records_action(name=self.env._("Supplier Claims"))

    def _create_claims(self):
        """Put what is to be claimed among these on the draft claims of this month.

        :return: the service.warranty.claim, new ones and those that were completed
        """
        todo = self.filtered(lambda c: c.claim_state == "to_claim")
        todo.company_id.sudo()._check_service_invoicing()
        claims = self.env["service.warranty.claim"]
        month = fields.Date.context_today(self).replace(day=1)
        groups = todo.grouped(lambda c: (c.company_id, c.claim_supplier_id))
        drafts = claims.search(
            [
                ("state", "=", "draft"),
                ("is_collective", "=", True),
                ("date", ">=", month),
                ("supplier_id", "in", todo.claim_supplier_id.ids),
            ]
        ).grouped(lambda claim: (claim.company_id, claim.supplier_id))
        missing = [key for key in groups if key not in drafts]
        new = claims.create(
            [
                {
                    "company_id": company.id,
                    "supplier_id": supplier.id,
                    "is_collective": True,
                    "user_id": self._get_claim_user(company, supplier).id,
                }
                for company, supplier in missing
            ]
        )
        drafts.update(zip(missing, new, strict=True))
        todo.mapped("amount_claimed")  # known before a claim is sent: then it stays
        for key, consumptions in groups.items():
            # accountants claim what they may not change otherwise
            consumptions.sudo().warranty_claim_id = drafts[key][:1]
            claims |= drafts[key][:1]
        return claims

    def _get_claim_user(self, company, supplier):
        """Who follows a claim up: the buyer of the supplier, or who claims; at night a manager."""
        buyer = supplier.sudo().with_company(company).buyer_id
        if buyer and buyer.has_group("service_billing.group_service_invoice"):
            return buyer
        if not self.env.su:
            return self.env.user
        managers = self.env.ref("installed_base.group_service_manager").all_user_ids
        return managers.filtered(lambda user: company in user.company_ids)[:1]
