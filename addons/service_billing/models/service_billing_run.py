from datetime import UTC, datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ServiceBillingRun(models.Model):
    """What would be invoiced, by criteria; then the invoices, in the background."""

    _name = "service.billing.run"
    _description = "Invoicing Run"
    _inherit = ["service.numbered"]
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Started by", readonly=True, default=lambda self: self.env.uid
    )
    state = fields.Selection(
        [
            ("draft", "Criteria"),
            ("ready", "To Check"),
            ("running", "Running"),
            ("done", "Done"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )

    # Criteria
    agency_id = fields.Many2one("service.agency", check_company=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", help="This customer and all its addresses."
    )
    principal_id = fields.Many2one("res.partner", domain="[('is_service_principal', '=', True)]")
    closed_from = fields.Date(string="Closed from")
    closed_to = fields.Date(string="Closed until", help="This day included.")
    contract_kind = fields.Selection(
        lambda self: (
            self.env["service.contract.terms"]._fields["kind"]._description_selection(self.env)
        ),
        help="Only what was covered in part by a contract of this kind.",
    )

    # How
    grouping = fields.Selection(
        [
            ("request", "One Invoice per Request"),
            ("customer", "One Invoice per Customer"),
            ("principal", "One Invoice per Principal"),
        ],
        required=True,
        default="request",
    )
    invoice_date = fields.Date(required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Empty: the first sales journal.",
    )

    # What
    line_ids = fields.One2many("service.billing.run.line", "run_id", string="Invoices to Be")
    line_count = fields.Integer(compute="_compute_totals", string="Lines")
    todo_count = fields.Integer(compute="_compute_totals", string="To Do")
    ok_count = fields.Integer(compute="_compute_totals", string="Invoiced")
    skipped_count = fields.Integer(compute="_compute_totals", string="Skipped")
    failed_count = fields.Integer(compute="_compute_totals", string="Failed")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary(
        compute="_compute_totals", help="Untaxed, in the currency of the company."
    )
    amount_invoiced = fields.Monetary(
        compute="_compute_totals", help="Untaxed, in the currency of the company."
    )
    progress = fields.Float(compute="_compute_totals", help="Percent of the lines that are done.")

    @api.constrains("closed_from", "closed_to")
    def _check_period(self):
        for run in self:
            if run.closed_from and run.closed_to and run.closed_to < run.closed_from:
                raise UserError(
                    self.env._(
                        "%(run)s ends before it begins: correct the closing dates.", run=run.name
                    )
                )

    @api.depends("line_ids.state")
    def _compute_totals(self):
        groups = self.env["service.billing.run.line"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state"],
            ["__count", "amount_company:sum"],
        )
        found = {(run, state): (count, amount) for run, state, count, amount in groups}
        for run in self:
            counts = {}
            amounts = {}
            for state in ("todo", "ok", "skipped", "failed"):
                counts[state], amounts[state] = found.get((run, state), (0, 0.0))
                run[f"{state}_count"] = counts[state]
            run.line_count = sum(counts.values())
            run.amount_total = sum(amounts.values())
            run.amount_invoiced = amounts["ok"]
            done = run.line_count - run.todo_count
            run.progress = 100.0 * done / run.line_count if run.line_count else 0.0

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.filtered(lambda run: run.state in ("running", "done")):
            raise UserError(
                self.env._("A run that has started is kept: it says where invoices come from.")
            )

    # ------------------------------------------------------------ preparation
    def action_prepare(self):
        """Find what would be invoiced: one line for each invoice to be."""
        for run in self:
            run._check_state("draft", "ready")
            run.company_id._check_service_invoicing()
            run.line_ids.unlink()
            run._create_lines()
        self.state = "ready"
        return True

    def _create_lines(self):
        """One line for each invoice to be, with what stands in its way."""
        self.ensure_one()
        consumptions = self.env["service.consumption"].sudo().search(self._get_domain())
        groups = consumptions._get_billing_groups(self.grouping)
        obstacles = consumptions._get_obstacles(groups, **self._get_header())
        lines = self.env["service.billing.run.line"]
        return lines.create(
            [
                lines._prepare_values(self, key, parts, obstacles.get(key))
                for key, parts in groups.items()
            ]
        )

    def _get_domain(self):
        """Consumptions that wait and meet the criteria."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("invoice_state", "=", "to_invoice")
        domain &= Domain("request_id.state", "=", "closed")
        if self.agency_id:
            domain &= Domain("request_id.agency_id", "=", self.agency_id.id)
        if self.partner_id:
            domain &= Domain("request_id.partner_id", "child_of", self.partner_id.id)
        if self.principal_id:
            domain &= Domain("request_id.principal_id", "=", self.principal_id.id)
        else:  # what is done for a principal waits for the run of the principals
            handled = self.grouping == "principal"
            domain &= Domain("request_id.principal_id", "!=" if handled else "=", False)
        if self.closed_from:
            domain &= Domain("request_id.close_date", ">=", self._get_midnight(self.closed_from))
        if self.closed_to:
            end = self._get_midnight(fields.Date.add(self.closed_to, days=1))
            domain &= Domain("request_id.close_date", "<", end)
        if self.contract_kind:
            domain &= Domain("contract_id.kind", "=", self.contract_kind)
        return domain

    def _get_midnight(self, day):
        """The moment when a day begins where the user is."""
        midnight = self.env.tz.localize(datetime.combine(day, time.min))
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def _get_header(self):
        """What all invoices of the run have in common."""
        self.ensure_one()
        return {
            "invoice_date": self.invoice_date,
            **({"journal_id": self.journal_id.id} if self.journal_id else {}),
        }

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "%(run)s is « %(state)s »: this is only possible while it is %(allowed)s.",
                        run=run.name,
                        state=labels[run.state],
                        allowed=" / ".join(f"« {labels[state]} »" for state in states),
                    )
                )

    def action_view_invoices(self):
        """Open the invoices that this run made."""
        return self.line_ids.invoice_id._get_invoices_action()

    def action_view_skipped(self):
        """List what was left out, with the reasons."""
        return self._get_lines_action("skipped", self.env._("Skipped"))

    def action_view_failed(self):
        """List what could not be invoiced, with what stands in the way."""
        return self._get_lines_action("failed", self.env._("Failed"))

    def _get_lines_action(self, state, name):
        lines = self.line_ids.filtered(lambda line: line.state == state)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": lines._name,
            "views": [(False, "list")],
            "domain": [("id", "in", lines.ids)],
        }
