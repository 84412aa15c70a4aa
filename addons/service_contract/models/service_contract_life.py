import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .periods import following

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class ServiceContract(models.Model):
    """The life of a contract: its transitions, by hand and by the daily batch."""

    _inherit = "service.contract"

    def action_activate(self):
        """Put draft contracts into force and grant their points.

        A contract without a start date starts today.

        :raise UserError: when a contract is not a draft
        """
        self._check_state("draft")
        today = fields.Date.context_today(self)
        self.filtered(lambda contract: not contract.date_start).date_start = today
        self._activate()

    def action_suspend(self, reason=False, date=False):
        """Stop cover from a day on, until the contract is resumed.

        :param reason: why, shown to whoever asks for service; without it a dialogue asks for it
        :param date: first day without cover (default: today)
        :raise UserError: when a contract is not active
        """
        self._check_state("active")
        if not reason:
            return self._ask_to_stop("suspend")
        return self.write(
            {
                "state": "suspended",
                "suspension_reason": reason,
                "suspension_date": date or fields.Date.context_today(self),
            }
        )

    def action_resume(self):
        """Put suspended contracts into force again.

        :raise UserError: when a contract is not suspended
        """
        self._check_state("suspended")
        self.write({"state": "active", "suspension_reason": False, "suspension_date": False})

    def action_terminate(self, reason=False, date=False):
        """End contracts early, for good.

        :param reason: why; without it a dialogue asks for it
        :param date: first day without cover (default: today); a draft never covers anything
        :raise UserError: when a contract has ended already
        """
        self._check_state("draft", "active", "suspended")
        if not reason:
            return self._ask_to_stop("terminate")
        date = date or fields.Date.context_today(self)
        never_in_force = self.filtered(lambda contract: contract.state == "draft")
        for contract in never_in_force:
            starts = contract.coverage_ids.filtered("date_start").mapped("date_start")
            contract.termination_date = min([date, *starts])
        (self - never_in_force).termination_date = date
        return self.write({"state": "terminated", "termination_reason": reason})

    def action_renew(self):
        """Prepare the contracts that follow these: the same promise, the next period.

        :return: action that opens the new drafts
        :raise UserError: when a contract is a draft, was terminated, has no end, or is renewed
        """
        return self._renew()._get_records_action(name=self.env._("Renewals"))

    def _activate(self):
        """Draft to active, with the points that the contract grants."""
        self.state = "active"
        for contract in self.filtered("points_initial"):
            contract._move_points(
                contract.points_initial, "grant", note=self.env._("Granted on activation")
            )

    def _expire(self):
        self.state = "expired"

    def _reopen(self):
        """Expired to active: a machine was commissioned late, or its warranty was extended."""
        self.state = "active"

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

    def _ask_to_stop(self, operation):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_contract.service_contract_stop_action"
        )
        names = {
            "suspend": self.env._("Suspend Contracts"),
            "terminate": self.env._("Terminate Contracts"),
        }
        context = {"default_contract_ids": self.ids, "default_operation": operation}
        return {**action, "name": names[operation], "context": context}

    @api.model
    def _run_daily(self):
        """Activate and expire what is due. Safe to run at any time, and again."""
        today = fields.Date.context_today(self)
        in_force = Domain("coverage_ids", "any", [("date_end", ">=", today)])
        ended = Domain("date_end", "<", today)
        steps = [
            (self._get_activation_domain(today), lambda contracts: contracts._activate()),
            (
                ended & ~in_force & Domain("state", "in", ("active", "suspended")),
                lambda contracts: contracts._expire(),
            ),
            (ended & in_force & Domain("state", "=", "expired"), lambda c: c._reopen()),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(self.search_count(domain) for domain, _step in steps))
        for domain, step in steps:
            self._run_step(domain, step)

    @api.model
    def _get_activation_domain(self, today):
        """Drafts whose first day has come; what was sold waits for the confirmed order."""
        unsold = Domain("sale_line_id", "=", False)
        sold = Domain("sale_line_id.state", "=", "sale")
        return Domain("state", "=", "draft") & Domain("date_start", "<=", today) & (unsold | sold)

    @api.model
    def _run_step(self, domain, step):
        """Apply ``step`` to the contracts of ``domain``, one failing contract apart."""
        failed = self.browse()
        time_left = True
        while time_left:
            contracts = self.search(domain & Domain("id", "not in", failed.ids), limit=BATCH_SIZE)
            if not contracts:
                return
            failed |= contracts._try_together_or_alone(step)
            time_left = self.env["ir.cron"]._commit_progress(len(contracts)) > 0

    def _try_together_or_alone(self, step):
        """Apply ``step`` to all, or to each when that fails; return those that failed."""
        failed = self.browse()
        for contracts in (self, *self) if len(self) > 1 else (self,):
            try:
                with self.env.cr.savepoint():
                    step(contracts)
                    self.env.flush_all()
            except Exception as error:
                if len(contracts) > 1:
                    continue
                _logger.exception("The daily batch failed on the contract %s", contracts.name)
                contracts._message_log(
                    body=self.env._("The daily batch failed on this contract: %s", error)
                )
                failed |= contracts
            else:
                if contracts == self:
                    break
        return failed
