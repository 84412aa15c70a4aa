from odoo import api, fields, models

from .service_contract_terms import OFFICE


class ServiceContractMeterTier(models.Model):
    """The price of a unit from a volume on, counted beyond the included one."""

    _name = "service.contract.meter.tier"
    _description = "Contract Meter Tier"
    _order = "term_id, from_quantity, id"

    term_id = fields.Many2one(
        "service.contract.meter.term", required=True, index=True, ondelete="cascade"
    )
    from_quantity = fields.Float(
        string="From",
        digits=(16, 3),
        help="Beyond the included volume: 0 is the first unit that is not included.",
    )
    price_unit = fields.Float(
        string="Unit Price",
        digits=(16, 6),
        required=True,
        groups=OFFICE,
        help="In the currency of the contract, taxes excluded. Pages cost less than a cent.",
    )

    _from_uniq = models.Constraint(
        "unique(term_id, from_quantity)", "Two tiers begin at the same volume: keep one."
    )
    _not_negative = models.Constraint(
        "CHECK (from_quantity >= 0 AND price_unit >= 0)",
        "Volumes and prices of tiers cannot be negative.",
    )

    @api.depends("from_quantity")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._("From %s", f"{tier.from_quantity:g}")
