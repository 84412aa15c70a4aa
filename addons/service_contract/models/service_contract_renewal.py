from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .periods import following


class ServiceContract(models.Model):
    """How a contract goes on after its end."""

    _inherit = "service.contract"

    next_renewal_date = fields.Date(
        compute="_compute_next_renewal_date",
        store=True,
        index="btree_not_null",
        help="When the renewal has to be prepared: the notice before the end.",
    )
    previous_contract_id = fields.Many2one(
        "service.contract",
        string="Renewal of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    successor_ids = fields.One2many("service.contract", "previous_contract_id", string="Renewals")
    successor_id = fields.Many2one(
        "service.contract", string="Renewed as", compute="_compute_successor_id"
    )

    @api.depends("date_end", "renewal", "notice_days")
    def _compute_next_renewal_date(self):
        for contract in self:
            contract.next_renewal_date = (
                contract.date_end - timedelta(days=contract.notice_days)
                if contract.date_end and contract.renewal != "none"
                else False
            )

    @api.depends("successor_ids.state")
    def _compute_successor_id(self):
        for contract in self:
            contract.successor_id = contract.successor_ids.filtered(
                lambda successor: successor.state != "terminated"
            )[:1]

    def action_renew(self):
        """Prepare the contracts that follow these: the same promise, the next period.

        :return: action that opens the new drafts
        :raise UserError: when a contract is a draft, was terminated, has no end, or is renewed
        """
        return self._renew()._get_records_action(name=self.env._("Renewals"))

    def _renew(self):
        """Create the successors of these contracts and return them."""
        self._check_state("active", "suspended", "expired")
        for contract in self:
            if contract.successor_id:
                raise UserError(
                    self.env._(
                        "%(contract)s has already been renewed: see %(successor)s.",
                        contract=contract.name,
                        successor=contract.successor_id.name,
                    )
                )
            if not contract.date_end or not contract.date_start:
                raise UserError(
                    self.env._(
                        "%(contract)s has no end and needs no renewal: give it an end first.",
                        contract=contract.name,
                    )
                )
        values = []
        for contract in self:
            start, end = following(contract.date_start, contract.date_end)
            values += contract.copy_data(
                {"previous_contract_id": contract.id, "date_start": start, "date_end": end}
            )
        return self.create(values)
