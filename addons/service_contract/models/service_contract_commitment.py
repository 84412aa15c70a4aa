from odoo import api, fields, models
from odoo.exceptions import ValidationError

HOURS = ("response_hours", "onsite_hours", "resolution_hours")


class ServiceContractCommitment(models.Model):
    """How fast we promised to be (X3: contrainte qualité)."""

    _name = "service.contract.commitment"
    _description = "Service Contract Commitment"
    _check_company_auto = True
    _order = "contract_id, blocking desc, id"

    contract_id = fields.Many2one("service.contract", index="btree_not_null", ondelete="cascade")
    template_id = fields.Many2one(
        "service.contract.template", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True
    )
    blocking = fields.Boolean(
        help="For problems that stop the customer's work; otherwise for those that do not."
    )
    response_hours = fields.Float(help="Hours until the first answer; 0: no commitment.")
    onsite_hours = fields.Float(
        string="On-Site Hours", help="Hours until somebody is on site; 0: no commitment."
    )
    resolution_hours = fields.Float(help="Hours until it is solved; 0: no commitment.")
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        check_company=True,
        ondelete="restrict",
        help="When these hours run; empty: as the contract says, else day and night.",
    )

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(contract_id, template_id) = 1)",
        "A commitment belongs to one contract or to one template.",
    )

    @api.depends("contract_id.company_id", "template_id.company_id")
    def _compute_company_id(self):
        for commitment in self:
            owner = commitment.contract_id or commitment.template_id
            commitment.company_id = owner.company_id

    @api.depends("blocking")
    def _compute_display_name(self):
        for commitment in self:
            commitment.display_name = (
                self.env._("Blocking") if commitment.blocking else self.env._("Not Blocking")
            )

    @api.constrains(*HOURS)
    def _check_hours(self):
        for commitment in self:
            if any(commitment[name] < 0 for name in HOURS):
                raise ValidationError(
                    self.env._(
                        "A commitment of %(contract)s has negative hours: give a number of hours, "
                        "or 0 for no commitment.",
                        contract=(commitment.contract_id or commitment.template_id).display_name,
                    )
                )

    def _prepare_terms(self):
        """What this commitment promises, as its contract remembers it."""
        self.ensure_one()
        return {
            "blocking": self.blocking,
            "calendar_id": self.resource_calendar_id.id,
            **{name: self[name] for name in HOURS},
        }
