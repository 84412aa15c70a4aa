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
    ok_count = fields.Integer(compute="_compute_totals", string="Invoices Made")
    skipped_count = fields.Integer(compute="_compute_totals", string="Skipped")
    failed_count = fields.Integer(compute="_compute_totals", string="Failed")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary(
        compute="_compute_totals",
        help="Untaxed, in the currency of the company, without what is excluded or failed.",
    )
    amount_left_out = fields.Monetary(
        string="Left Out",
        compute="_compute_totals",
        help="Untaxed, in the currency of the company: what is excluded or failed.",
    )
    amount_invoiced = fields.Monetary(
        string="On Invoices",
        compute="_compute_totals",
        help="Untaxed, in the currency of the company; drafts included.",
    )
    draft_count = fields.Integer(
        string="Drafts to Post", compute="_compute_draft_count", compute_sudo=True
    )
    empty_reason = fields.Text(
        string="Why Nothing Was Found", compute="_compute_empty_reason", compute_sudo=True
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
            run.amount_total = amounts["todo"] + amounts["ok"]
            run.amount_left_out = amounts["skipped"] + amounts["failed"]
            run.amount_invoiced = amounts["ok"]
            done = run.line_count - run.todo_count
            run.progress = 100.0 * done / run.line_count if run.line_count else 0.0

    @api.depends("line_ids.invoice_id.state")
    def _compute_draft_count(self):
        for run in self:
            run.draft_count = len(run._get_drafts())

    def _get_drafts(self):
        return self.line_ids.invoice_id.filtered(lambda move: move.state == "draft")

    @api.depends("state", "line_ids", "grouping", "company_id")
    def _compute_empty_reason(self):
        for run in self:
            empty = run.state == "ready" and not run.line_ids
            run.empty_reason = empty and "\n".join(run._explain_emptiness())

    def _explain_emptiness(self):
        """Sentences that say why no invoice is to be made: what waits without each criterion."""
        self.ensure_one()
        criteria = self._get_criteria()
        found = {name: self._count_requests(set(criteria) - {name}) for name in criteria}
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in criteria
            if name in self._fields
        }
        sentences = [
            self.env._(
                "Without « %(criterion)s », %(count)s requests would be invoiced.",
                criterion=label,
                count=found[name],
            )
            for name, label in labels.items()
            if found[name]
        ]
        if found["closed"]:
            sentences.append(
                self.env._(
                    "%(count)s requests that are not closed yet have something billable.",
                    count=found["closed"],
                )
            )
        waiting = self._count_requests({"company", "waiting", "closed"})
        if waiting and not sentences:
            sentences.append(
                self.env._(
                    "%(count)s closed requests wait, but none of them meets these criteria "
                    "together.",
                    count=waiting,
                )
            )
        return sentences or [
            self.env._("Everything is invoiced: no request waits with something billable.")
        ]

    def _count_requests(self, criteria):
        """How many requests have something that meets these criteria among those of the run."""
        wanted = self._get_criteria()
        domain = Domain.AND(wanted[name] for name in criteria)
        groups = self.env["service.consumption"]._read_group(domain, ["request_id"])
        return len(groups)

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
        return Domain.AND(self._get_criteria().values())

    def _get_criteria(self):
        """``{name: domain}`` of what consumptions have to meet, by field where there is one."""
        self.ensure_one()
        criteria = {
            "company": Domain("company_id", "=", self.company_id.id),
            "waiting": Domain("invoice_state", "=", "to_invoice"),
            "closed": Domain("request_id.state", "=", "closed"),
        }
        seen = self.user_id._get_service_request_part_domain()
        if not seen.is_true():
            criteria["seen"] = seen
        if self.agency_id:
            criteria["agency_id"] = Domain("request_id.agency_id", "=", self.agency_id.id)
        if self.partner_id:
            criteria["partner_id"] = Domain("request_id.partner_id", "child_of", self.partner_id.id)
        if self.principal_id:
            criteria["principal_id"] = Domain("request_id.principal_id", "=", self.principal_id.id)
        else:  # what is done for a principal waits for the run of the principals
            handled = self.grouping == "principal"
            criteria["grouping"] = Domain(
                "request_id.principal_id", "!=" if handled else "=", False
            )
        if self.closed_from:
            start = self._get_midnight(self.closed_from)
            criteria["closed_from"] = Domain("request_id.close_date", ">=", start)
        if self.closed_to:
            end = self._get_midnight(fields.Date.add(self.closed_to, days=1))
            criteria["closed_to"] = Domain("request_id.close_date", "<", end)
        if self.contract_kind:
            criteria["contract_kind"] = Domain("contract_id.kind", "=", self.contract_kind)
        return criteria

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
