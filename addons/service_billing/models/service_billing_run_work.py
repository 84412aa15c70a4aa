import time

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request

BATCH_SIZE = 100
# What a person waits at most; the rest is done in the background
FOREGROUND_SECONDS = 20
# Between two looks at what another run is at
WAIT_SECONDS = 0.5


class ServiceBillingRun(models.Model):
    """The work of a run: batches, each committed, so that it may be stopped at any moment."""

    _inherit = "service.billing.run"

    def action_start(self):
        """Make the draft invoices of this run, in batches that are committed one by one.

        The first batch belongs to the transaction of the caller. From the web client some seconds
        are worked at once and the rest in the background; a script waits until all is done. A run
        that is done stays as it is.

        :raise AccessError: for users without the right to invoice requests
        :raise UserError: when service invoicing is switched off
        """
        self._check_may_invoice()
        self.filtered(lambda run: run.state == "draft").action_prepare()
        self.filtered(lambda run: run.state == "ready").state = "running"
        return self.action_resume()

    def action_resume(self):
        """Go on with a run that was interrupted; nothing is invoiced twice.

        :raise AccessError: for users without the right to invoice requests
        :raise UserError: when the run has not started, or service invoicing is switched off
        """
        self._check_may_invoice()
        self._check_state("running", "done")
        end = time.monotonic() + (FOREGROUND_SECONDS if request else float("inf"))
        for run in self.filtered(lambda run: run.state == "running"):
            run._work_batch()
            run._work(end)
        return True

    def action_retry(self):
        """Try again what failed.

        :raise AccessError: for users without the right to invoice requests
        :raise UserError: when the run is not done
        """
        self._check_state("done")
        self.line_ids.filtered(lambda line: line.state == "failed").write(
            {"state": "todo", "reason": False}
        )
        self.state = "running"
        return self.action_resume()

    def action_post_drafts(self):
        """Post all drafts that this run made; what cannot be posted says why on its line.

        :raise AccessError: for users who may not post invoices
        :raise UserError: when the run is not done, or service invoicing is switched off
        """
        self._check_state("done")
        self.company_id.sudo()._check_service_invoicing()
        self.env["account.move"].check_access("write")
        self.line_ids.filtered(lambda line: line.invoice_id.state == "draft")._post_drafts()
        return True

    @api.model
    def _run_started(self):
        """Cron: go on with what was started."""
        runs = self.search(
            [("state", "=", "running"), ("company_id.service_invoicing_enabled", "=", True)],
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=sum(runs.mapped("todo_count")))
        for run in runs:
            run._work()

    @api.model
    def _run_nightly(self):
        """Cron: start a run for each company that wants one every night.

        Requests of principals are invoiced once a month, together: on the first, or as soon as the
        server is up after it.
        """
        companies = self.env["res.company"].search(
            [("service_invoice_nightly", "=", True), ("service_invoicing_enabled", "=", True)]
        )
        runs = self.browse()
        for company in companies:
            today = fields.Date.context_today(company._localize(self))
            month, last = today.replace(day=1), company.service_principals_invoiced_on
            groupings = ["request"]
            if today == month or last and last < month:
                groupings.append("principal")
                company.service_principals_invoiced_on = today
            runs += self.create(
                [
                    {"company_id": company.id, "grouping": grouping, "invoice_date": today}
                    for grouping in groupings
                ]
            )
        runs.action_prepare()
        runs.filtered(lambda run: not run.line_ids).unlink()
        runs.exists().state = "running"
        self._run_started()

    def _check_may_invoice(self):
        if not self.env.su and not self.env.user.has_group("service_billing.group_service_invoice"):
            raise AccessError(
                self.env._("You may not invoice requests: ask your manager for this right.")
            )

    def _work(self, end=float("inf")):
        """Invoice batch by batch, each committed, until all is done or the time is over.

        :param end: moment of the monotonic clock; what remains then is left to the cron
        """
        self.ensure_one()
        cron = self.env["ir.cron"]
        processed = 0
        while self.state == "running":
            time_left = cron._commit_progress(processed)
            if not time_left or time.monotonic() > end:
                self.env.ref("service_billing.ir_cron_run_started").sudo()._trigger()
                return
            try:
                processed = self._work_batch()
            except SerializationFailure:
                # another run has just finished with these: look again, at what is true now
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                processed = 0
        if processed:
            cron._commit_progress(processed)

    def _work_batch(self):
        """Invoice the next lines that nobody else is at; without any the run is done.

        :return: how many lines were worked on
        """
        self.ensure_one()
        self.company_id.sudo()._check_service_invoicing()
        language = self.env.lang or self.user_id.lang or self.company_id.partner_id.lang
        todo = (
            self.env["service.billing.run.line"]
            .sudo()
            .with_context(lang=language)
            .search([("run_id", "=", self.id), ("state", "=", "todo")])
        )
        free = todo._take_free(BATCH_SIZE)
        free._invoice()
        self.env.flush_all()
        self.invalidate_recordset()
        if todo == free:
            self.state = "done"
        elif not free:
            time.sleep(WAIT_SECONDS)
        self._send_progress()
        return len(free)

    def _send_progress(self):
        """Let the open form of whoever started the run follow it."""
        self.user_id._bus_send(
            "service_billing_run_progress", {"id": self.id, "progress": self.progress}
        )
