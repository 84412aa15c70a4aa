from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ServiceContract(models.Model):
    """The transitions of a contract."""

    _inherit = "service.contract"

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "The state of %(contracts)s cannot be written: activate, suspend, resume, "
                    "terminate or renew instead.",
                    contracts=", ".join(self.mapped("name")),
                )
            )
        return super().write(vals)

    def _set_state(self, state):
        """The one door to another state, for who may change these contracts."""
        self.check_access("write")
        self.sudo().write({"state": state})

    def action_activate(self):
        """Put draft contracts into force and grant their points.

        A contract without a start date starts today, where its agency is.

        :raise UserError: when a contract is not a draft
        """
        self._check_state("draft")
        for contract in self.filtered(lambda contract: not contract.date_start):
            contract.date_start = contract.agency_id._get_today()
        self._activate()

    def _activate(self):
        """Draft to active, with the points that the contract grants."""
        self._set_state("active")
        for contract in self.filtered("points_initial"):
            # the nightly batch has no language: the ledger is read in the company
            lang = self.env.lang or contract.company_id.partner_id.lang
            note = contract.with_context(lang=lang).env._("Granted on activation")
            contract._move_points(contract.points_initial, "grant", note=note)

    def _expire(self):
        self._set_state("expired")

    def _reopen(self):
        """Expired to active: a machine was commissioned late, or its warranty was extended."""
        self._set_state("active")

    def _check_state(self, *states):
        """Refuse a transition for the contracts that are in none of these states."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            if contract.state not in states:
                raise UserError(
                    self.env._(
                        "%(contract)s (%(start)s – %(end)s) is in the state « %(state)s »: this is "
                        "only possible in the state %(allowed)s.",
                        contract=contract.name,
                        start=format_date(self.env, contract.date_start),
                        end=format_date(self.env, contract.date_end),
                        state=labels[contract.state],
                        allowed=" / ".join(labels[state] for state in states),
                    )
                )
