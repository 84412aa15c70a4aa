from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ServiceRequest(models.Model):
    _inherit = "service.request"

    invoice_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_invoice_ids",
        compute_sudo=True,
        groups="account.group_account_invoice",
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    invoice_state = fields.Selection(
        [
            ("nothing", "Nothing to Invoice"),
            ("to_invoice", "Waiting for Invoicing"),
            ("invoiced", "Invoiced"),
        ],
        compute="_compute_invoice_state",
        store=True,
        index=True,
        help="A closed request waits for invoicing as soon as something on it is billable.",
    )

    @api.depends("consumption_ids.invoice_line_ids")
    def _compute_invoice_ids(self):
        for request in self:
            request.invoice_ids = request.consumption_ids.invoice_line_ids.move_id

    @api.depends("consumption_ids.invoice_line_ids")
    def _compute_invoice_count(self):
        for request in self:
            request.invoice_count = len(request.consumption_ids.invoice_line_ids.move_id)

    @api.depends("state", "consumption_ids.invoice_state")
    def _compute_invoice_state(self):
        for request in self:
            states = set(request.consumption_ids.mapped("invoice_state"))
            if "to_invoice" in states and request.state == "closed":
                request.invoice_state = "to_invoice"
            elif "invoiced" in states:
                request.invoice_state = "invoiced"
            else:
                request.invoice_state = "nothing"

    def action_reopen(self):
        """Open requests again, as long as nothing on them is invoiced."""
        invoiced = self.filtered(lambda r: r.invoice_state == "invoiced")
        if invoiced:
            raise UserError(
                self.env._(
                    "Already invoiced: %(requests)s. Cancel or credit the invoice before "
                    "reopening.",
                    requests=", ".join(invoiced.mapped("name")),
                )
            )
        return super().action_reopen()

    def action_invoice(self):
        """Make the draft invoices of these closed requests, and open them.

        :return: window action on the new ``account.move``, or a notice for a user who may not read
            invoices
        :raise UserError: see :meth:`_create_service_invoices`
        """
        invoices = self._create_service_invoices()
        if invoices.has_access("read"):
            return invoices._get_records_action(name=self.env._("Invoices"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Draft invoices made: %(count)s. Accounting will check and send them.",
                    count=len(invoices),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _create_service_invoices(self, grouping="request"):
        """Make draft invoices of everything that waits on these requests, each thing once.

        :param grouping: ``"request"``, one invoice for each request and payer, or ``"customer"``,
            one for each customer to be invoiced
        :return: the new account.move
        :raise UserError: when the right or the switch is missing, when a request is still open, or
            when there is nothing to invoice
        """
        self._check_invoicing()
        consumptions = self.sudo().consumption_ids.filtered(
            lambda c: c.invoice_state == "to_invoice"
        )
        if not consumptions:
            raise UserError(
                self.env._(
                    "There is nothing to invoice on %(requests)s: everything is covered, invoiced "
                    "or not done.",
                    requests=", ".join(self.mapped("name")),
                )
            )
        # two runs at once: the second waits here, then sees what the first has invoiced
        consumptions.lock_for_update()
        groups = consumptions.grouped(lambda c: c._get_invoice_key(grouping))
        invoices = (
            self.env["account.move"]
            .sudo()
            .create([lines._prepare_service_invoice() for lines in groups.values()])
        )
        return invoices.sudo(False)

    def _check_invoicing(self):
        if not self.env.su and not self.env.user.has_group("service_billing.group_service_invoice"):
            raise AccessError(
                self.env._("You may not invoice requests: ask your manager for this right.")
            )
        if not all(self.company_id.mapped("service_invoicing_enabled")):
            raise UserError(
                self.env._("Service invoicing is switched off in the settings of the company.")
            )
        unfinished = self.filtered(lambda r: r.state != "closed")
        if unfinished:
            raise UserError(
                self.env._(
                    "Not closed yet: %(requests)s. Close before invoicing.",
                    requests=", ".join(unfinished.mapped("name")),
                )
            )

    def action_view_invoices(self):
        """Open the invoices of this request."""
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))
