import logging
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class ServiceContract(models.Model):
    """What the calendar does to contracts: the daily batch.

    Each step takes the contracts that are due, in the order of their ids, a hundred at a time. What
    was done is committed and no longer due, so that a batch that was killed goes on where it
    stopped, and one that runs twice does nothing the second time.
    """

    _inherit = "service.contract"

    batch_error = fields.Char(
        string="Daily Batch Failed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What kept the last daily batch from doing what was due for this contract.",
    )

    @api.model
    def _run_daily(self):
        """Do what is due today, where each agency is. Safe to run at any time, and again."""
        cron = self.env["ir.cron"]
        days = self._get_local_days()
        due = sum(
            self.search_count(domain & where)
            for today, where in days
            for domain, _step in self._get_due_steps(today)
        )
        cron._commit_progress(remaining=due)

        def commit(processed):
            seconds_left = cron._commit_progress(processed)
            self.env.invalidate_all()  # a hundred thousand contracts do not fit in memory
            return seconds_left > 0

        for today, where in days:
            self._apply_due(today, where, commit)

    @api.model
    def _apply_due(self, today, where=Domain.TRUE, go_on=None):
        """Do what is due on a day: terminate, renew, activate, expire, remind.

        :param today: the day
        :param where: domain of the contracts to look at
        :param go_on: function called after each batch with the number of its contracts, which
            answers whether there is time for more
        :return: the service.contract records that failed, each with its ``batch_error``
        """
        failed = self.browse()
        for domain, step in self._get_due_steps(fields.Date.to_date(today)):
            last_id = 0
            while contracts := self.search(
                domain & where & Domain("id", ">", last_id), order="id", limit=BATCH_SIZE
            ):
                last_id = contracts[-1].id
                count = len(contracts)
                failed |= contracts._try_together_or_alone(step)
                if go_on and not go_on(count):
                    return failed
        recovered = self.search(where & Domain("batch_error", "!=", False)) - failed
        recovered.batch_error = False
        return failed

    @api.model
    def _get_due_steps(self, today):
        """List of (domain of what is due on a day, function that does it to contracts)."""
        in_force = Domain("coverage_ids", "any", [("date_end", ">=", today)])
        ended = Domain("date_end", "<", today)
        running = Domain("state", "in", ("active", "suspended"))
        announced = Domain("termination_date", "<=", today)
        return [
            (announced & running, lambda contracts: contracts._terminate()),
            (
                Domain("suspension_date", "<=", today) & Domain("state", "=", "active"),
                lambda contracts: contracts._suspend(),
            ),
            *self._get_renewal_steps(today),
            (self._get_activation_domain(today), lambda contracts: contracts._activate()),
            (ended & ~in_force & running, lambda contracts: contracts._expire()),
            (
                ended & in_force & Domain("state", "=", "expired"),
                lambda contracts: contracts._reopen(),
            ),
            *self._get_reminder_steps(today),
        ]

    @api.model
    def _get_activation_domain(self, today):
        """Drafts whose first day has come; what was sold waits for the confirmed order."""
        unsold = Domain("sale_line_id", "=", False)
        sold = Domain("sale_line_id.state", "=", "sale")
        return Domain("state", "=", "draft") & Domain("date_start", "<=", today) & (unsold | sold)

    @api.model
    def _get_renewal_steps(self, today):
        """Renew or quote once, from the notice on; who declined is not asked again."""
        due = Domain("state", "=", "active") & Domain("next_renewal_date", "<=", today)
        due &= Domain("termination_date", "=", False)
        never_renewed = Domain("successor_ids", "=", False)
        never_offered = Domain("renewal_line_ids", "=", False)
        return [
            (
                due & never_renewed & Domain("renewal", "=", "auto"),
                lambda contracts: contracts._renew(),
            ),
            (
                due & never_renewed & never_offered & Domain("renewal", "=", "quote"),
                lambda contracts: contracts._quote_renewal(),
            ),
        ]

    @api.model
    def _get_local_days(self):
        """List of (day, domain of the contracts whose agency has that day now)."""
        now = datetime.now(pytz.utc)
        agencies = self.env["service.agency"].concat(
            *(agency for (agency,) in self._read_group([("agency_id", "!=", False)], ["agency_id"]))
        )
        by_day = agencies.grouped(lambda agency: now.astimezone(pytz.timezone(agency.tz)).date())
        by_day.setdefault(now.date(), agencies.browse())
        homeless = Domain("agency_id", "=", False)
        return [
            (
                day,
                Domain("agency_id", "in", here.ids)
                | (homeless if day == now.date() else Domain.FALSE),
            )
            for day, here in by_day.items()
        ]

    def _try_together_or_alone(self, step):
        """Do a step to all, or to each when that fails; return those that failed."""
        failed = self.browse()
        if not self._try(step):
            return failed
        for contract in self:
            error = contract._try(step)
            if error:
                failed |= contract
                _logger.error("The daily batch failed on the contract %s: %s", contract.name, error)
                contract._report_batch_error(str(error))
        return failed

    def _try(self, step):
        """Do a step, or leave everything as it was; return the error, None without."""
        try:
            with self.env.cr.savepoint():
                step(self)
                self.env.flush_all()
        except Exception as error:
            _logger.debug("The daily batch failed", exc_info=True)
            return error
        return None

    def _report_batch_error(self, error):
        """Keep an error on the contract, and tell its chatter once."""
        if error != self.batch_error:
            self._message_log(body=self.env._("The daily batch failed on this contract: %s", error))
            self.batch_error = error
