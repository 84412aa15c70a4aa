import logging

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class ServiceContract(models.Model):
    """What the calendar does to contracts: the daily batch."""

    _inherit = "service.contract"

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
