from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_consumption_amounts import LEVELS
from .service_request_billing import PRICE_GROUPS


class ServiceConsumption(models.Model):
    """A third party who pays a share of what the coverage leaves to pay, chosen by hand.

    It uses the same two shares as a coverage by an insurer does: ``covered_by_id`` pays
    ``amount_covered``, ``bill_to_id`` the rest. Where a contract names a third party already, that
    one stays.
    """

    _inherit = "service.consumption"

    third_party_id = fields.Many2one(
        "res.partner",
        copy=False,
        index="btree_not_null",
        help="The insurer, lessor or landlord who pays a share of this, as decided by hand.",
    )
    third_party_rate = fields.Float(
        string="Third Party's Share (%)",
        digits=0,
        copy=False,
        groups=PRICE_GROUPS,
        help="Percent of the consumed amount; never more than what the coverage leaves to pay.",
    )
    amount_third_party = fields.Monetary(
        string="Paid by the Third Party",
        compute="_compute_shares",
        store=True,
        groups=PRICE_GROUPS,
        help="The part of what a third party covers that was decided by hand.",
    )

    @api.constrains("third_party_id", "third_party_rate")
    def _check_third_party_rate(self):
        for consumption in self:
            rate = consumption.third_party_rate
            if not 0 <= rate <= 100 or bool(rate) != bool(consumption.third_party_id):
                raise ValidationError(
                    self.env._(
                        "%(consumption)s: a third party pays more than 0 and at most 100 percent.",
                        consumption=consumption.display_name,
                    )
                )

    @api.depends("third_party_id")
    def _compute_coverage(self):
        result = super()._compute_coverage()
        for consumption in (self - self._filter_locked()).filtered("third_party_id"):
            if not consumption.covered_by_id:
                consumption.covered_by_id = consumption.third_party_id
        return result

    @api.depends("third_party_id", "third_party_rate", *(f"{p}.covered_by_id" for p in LEVELS))
    def _compute_shares(self):
        return super()._compute_shares()

    def _prepare_shares(self, share, typed=None):
        shares = super()._prepare_shares(share, typed)
        paid = self._get_third_party_amount(shares)
        shares["amount_third_party"] = paid
        if paid:
            shares["amount_covered"] = paid
            if typed is None:
                shares["amount_to_invoice"] = self._round(shares["amount_to_invoice"] - paid)
        return shares

    def _get_third_party_amount(self, shares):
        """What the third party chosen by hand pays of what the coverage and a typed amount leave.

        :param shares: the values without that third party
        """
        self.ensure_one()
        named = self._get_decision().covered_by_id
        if not self.third_party_id or named or self.is_cancelled:
            return 0.0
        left = self.amount_consumed - shares["amount_borne"]
        if shares["typed_for"]:
            left -= shares["amount_to_invoice"]
        wanted = self._round(self.amount_consumed * self.third_party_rate / 100)
        return max(min(wanted, self._round(left)), 0.0)
