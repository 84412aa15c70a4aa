import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)


class ServiceBillingRunLine(models.Model):
    """One invoice to be: what it bills, and what became of it."""

    _name = "service.billing.run.line"
    _description = "Invoicing Run Line"
    _order = "run_id, id"

    run_id = fields.Many2one("service.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Invoiced Customer", readonly=True)
    payer_id = fields.Many2one("res.partner", readonly=True)
    principal_id = fields.Many2one("res.partner", readonly=True)
    consumption_ids = fields.Many2many(
        "service.consumption",
        "service_billing_run_line_consumption_rel",
        "line_id",
        "consumption_id",
        string="Consumptions",
        readonly=True,
    )
    request_names = fields.Char(string="Requests", readonly=True)
    invoice_key = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Tells this invoice from others that bill the same consumptions to somebody else.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Untaxed Amount", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="In Company Currency", currency_field="company_currency_id", readonly=True
    )
    state = fields.Selection(
        [("todo", "To Do"), ("ok", "Invoice Made"), ("skipped", "Skipped"), ("failed", "Failed")],
        required=True,
        default="todo",
        readonly=True,
        index=True,
    )
    reason = fields.Char(
        readonly=True, help="Why it is skipped, what failed, or what to correct beforehand."
    )
    invoice_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="set null"
    )

    invoice_status = fields.Selection(related="invoice_id.status_in_payment")

    @api.depends("run_id.name", "partner_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.run_id.name}: {line.partner_id.display_name or ''}"

    @api.model
    def _prepare_values(self, run, key, parts, obstacle):
        """Values of the line for one group of :meth:`service.consumption._get_billing_groups`."""
        company, partner, payer, currency, *_rest = key
        consumptions = self.env["service.consumption"].union(*parts.values())
        amount = consumptions._sum_parts(parts)
        return {
            "run_id": run.id,
            "partner_id": partner.id,
            "payer_id": payer.id,
            "principal_id": consumptions.request_id.principal_id[:1].id,
            "consumption_ids": consumptions.ids,
            "request_names": ", ".join(consumptions.request_id.mapped("name")),
            "invoice_key": self._get_key_text(key),
            "currency_id": currency.id,
            "amount": amount,
            "amount_company": currency._convert(
                amount, company.currency_id, company, run.invoice_date
            ),
            "reason": obstacle or self._get_warning(partner),
        }

    @api.model
    def _get_warning(self, partner):
        """What the accountant should correct on the draft, which is made all the same."""
        if any(partner[name] for name in ("street", "zip", "city", "country_id")):
            return False
        return self.env._(
            "%(partner)s has no address to send an invoice to: complete it.",
            partner=partner.display_name,
        )

    @api.model
    def _get_key_text(self, key):
        return "|".join(
            str(part if isinstance(part, float | bool) else part.id or 0) for part in key
        )

    def action_exclude(self):
        """Leave these invoices out of the run."""
        self._check_todo("todo")
        return self.write({"state": "skipped", "reason": self.env._("Excluded by hand")})

    def action_include(self):
        """Take excluded invoices back into the run, as long as it has not started."""
        self._check_todo("skipped")
        return self.write({"state": "todo", "reason": False})

    def _check_todo(self, state):
        self.company_id.sudo()._check_service_invoicing()
        if self.run_id.filtered(lambda run: run.state != "ready") or self.filtered(
            lambda line: line.state != state
        ):
            raise UserError(
                self.env._("The run has started: what it invoices can no longer be chosen.")
            )

    def action_view_requests(self):
        """Open the requests of this line."""
        return (
            self.sudo()
            .consumption_ids.request_id.sudo(False)
            ._get_records_action(name=self.env._("Requests"))
        )

    # ------------------------------------------------------------ work
    def _take_free(self, number):
        """Lock some lines, with what they bill, that nobody else is at.

        :param number: how many lines at most
        :return: the locked lines
        """
        for start in range(0, len(self), number):
            lines = self[start : start + number].try_lock_for_update(allow_referencing=True)
            wanted = lines.consumption_ids
            locked = wanted.try_lock_for_update(allow_referencing=True)
            free = lines.filtered(lambda line, locked=locked: line.consumption_ids <= locked)
            if free:
                return free
        return self.browse()

    def _invoice(self):
        """Invoice these lines together; one by one when that fails.

        What somebody else invoices at this moment stays to do; what cannot be invoiced says why.
        """
        groups = self._get_groups()
        self.filtered(lambda line: line not in groups).write(
            {"state": "skipped", "reason": self.env._("Nothing is left to invoice.")}
        )
        obstacles = {}
        for run, lines in self.filtered(lambda line: line in groups).grouped("run_id").items():
            found = lines.consumption_ids._get_obstacles(
                dict(groups[line] for line in lines), **run._get_header()
            )
            obstacles.update(
                {line: found[groups[line][0]] for line in lines if groups[line][0] in found}
            )
        for line, reason in obstacles.items():
            line.write({"state": "failed", "reason": reason})
        good = self.browse(line.id for line in groups if line not in obstacles)
        for run, lines in good.grouped("run_id").items():
            lines._try_together_or_alone({line: groups[line] for line in lines}, run._get_header())

    def _get_groups(self):
        """What these lines bill, as it is now.

        :return: ``{line: (invoice key, parts)}``, without lines that have nothing left
        """
        consumptions = self.consumption_ids
        found = {}
        for grouping in set(self.run_id.mapped("grouping")):
            for key, parts in consumptions._get_billing_groups(grouping).items():
                found[grouping, self._get_key_text(key)] = (key, parts)
        groups = {line: found.get((line.run_id.grouping, line.invoice_key)) for line in self}
        return {line: group for line, group in groups.items() if group}

    def _try_together_or_alone(self, groups, header):
        """Create the invoices of these lines in one go, or one by one when that fails."""
        for lines in (self, *self) if len(self) > 1 else (self,):
            try:
                with self.env.cr.savepoint():
                    lines._create_invoices(groups, header)
                    self.env.flush_all()
            except SerializationFailure:
                raise
            except Exception as error:
                if len(lines) == 1:
                    _logger.info("%s cannot be invoiced: %s", lines.display_name, error)
                    lines.write({"state": "failed", "reason": str(error)})
            else:
                if lines == self:
                    return

    def _create_invoices(self, groups, header):
        moves = self.consumption_ids._create_invoices(dict(groups[line] for line in self), **header)
        for line, move in zip(self, moves, strict=True):
            line.write(
                {
                    "invoice_id": move.id,
                    "state": "ok",
                    # footer charges included
                    "amount": move.amount_untaxed,
                    "amount_company": move.amount_untaxed_signed,
                    "reason": self._get_warning(move.partner_id),
                }
            )

    def _post_drafts(self):
        """Post the drafts of these lines together; one by one when that fails, saying why."""
        for lines in (self, *self) if len(self) > 1 else (self,):
            try:
                with self.env.cr.savepoint():
                    lines.invoice_id.action_post()
                    self.env.flush_all()
            except (UserError, ValidationError) as error:
                if len(lines) == 1:
                    lines.reason = self.env._("Not posted: %(error)s", error=error)
            else:
                lines.filtered("reason").reason = False
                if lines == self:
                    return

    def _lose_draft(self):
        """The invoices are being deleted: what they billed is to be invoiced again."""
        self.write({"state": "skipped", "reason": self.env._("The draft was deleted.")})
