from odoo import api, fields, models
from odoo.exceptions import UserError


class ServicePayerSplit(models.TransientModel):
    """Lets somebody pay a share of what a request consumed, or all that is left of it."""

    _name = "service.payer.split"
    _description = "Split between Payers"

    request_id = fields.Many2one("service.request", required=True, readonly=True)
    currency_id = fields.Many2one(related="request_id.currency_id")
    payer_line_ids = fields.One2many(related="request_id.payer_line_ids", string="Until Now")
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, help="Insurer, lessor, landlord, principal…"
    )
    computation = fields.Selection(
        [
            ("percent", "A Percentage"),
            ("amount", "An Amount"),
            ("rest", "All That Is Left"),
        ],
        string="Pays",
        required=True,
        default="percent",
        help="A percentage or an amount of what was consumed: the customer pays the rest. « All "
        "that is left » is what the customer would pay.",
    )
    percent = fields.Float(string="Percentage", default=100.0)
    amount = fields.Monetary()
    scope = fields.Selection(
        [
            ("all", "Everything"),
            ("part", "Parts"),
            ("labor", "Labour"),
            ("travel", "Travel"),
        ],
        string="Of",
        required=True,
        default="all",
    )
    available_ids = fields.Many2many("service.consumption", compute="_compute_available_ids")
    consumption_ids = fields.Many2many(
        "service.consumption",
        compute="_compute_consumption_ids",
        store=True,
        readonly=False,
        help="Take off the lines that this payer has nothing to do with.",
    )
    amount_pays = fields.Monetary(string="Will Pay", compute="_compute_amounts")
    amount_left = fields.Monetary(
        string="Left to the Customer",
        compute="_compute_amounts",
        help="What is left to pay on these lines.",
    )

    @api.depends("request_id")
    def _compute_available_ids(self):
        for split in self:
            split.available_ids = split.request_id.consumption_ids.filtered(
                lambda c: c.state != "cancelled" and not c._get_billed_shares()
            )

    @api.depends("available_ids", "scope")
    def _compute_consumption_ids(self):
        for split in self:
            split.consumption_ids = split.available_ids.filtered(
                lambda c, scope=split.scope: scope in ("all", c.kind)
            )

    @api.depends("consumption_ids", "computation", "percent", "amount")
    def _compute_amounts(self):
        for split in self:
            due = split._get_due()
            total = sum(due.values())
            if split.computation == "rest":
                split.amount_pays = sum(split.consumption_ids.mapped("amount_to_invoice"))
                split.amount_left = 0.0
            else:
                rates = split._get_rates(due)
                split.amount_pays = sum(
                    min(split.currency_id.round(c.amount_consumed * rates[c] / 100), due[c])
                    for c in due
                )
                split.amount_left = total - split.amount_pays

    def _get_due(self):
        """``{consumption: what the coverage leaves to be paid}``."""
        return {
            c._origin or c: c.amount_to_invoice + c.amount_third_party for c in self.consumption_ids
        }

    def _get_rates(self, due):
        """``{consumption: percent of its consumed amount}``; an amount is spread to the cent."""
        self.ensure_one()
        if self.computation == "percent":
            return dict.fromkeys(due, self.percent)
        total = sum(due.values())
        rates, seen, given = {}, 0.0, 0.0
        for consumption, amount in due.items():
            seen += amount
            share = self.currency_id.round(self.amount * seen / total) - given if total else 0.0
            given += share
            consumed = consumption.amount_consumed
            rates[consumption] = 100 * share / consumed if consumed else 0.0
        return rates

    def action_confirm(self):
        """Write on the lines what this payer pays of them.

        :raise UserError: when there is nothing to pay, or somebody else covers a line already
        """
        self.ensure_one()
        self.request_id._check_may_split()
        # accountants decide who pays, and nothing else of what was consumed
        lines_sudo = (self.consumption_ids & self.available_ids).sudo()
        self._check_lines(lines_sudo)
        self._log(lines_sudo)
        if self.computation == "rest":
            lines_sudo.bill_to_id = self.partner_id
            return True
        rates = self._get_rates(self._get_due())
        for rate, lines in lines_sudo.grouped(rates.get).items():
            payer = self.partner_id if rate else self.partner_id.browse()
            lines.write({"third_party_id": payer.id, "third_party_rate": rate})
        return True

    def _log(self, lines_sudo):
        """Let the request tell who pays what, and who decided it."""
        self.request_id.sudo()._message_log(
            body=self.env._(
                "%(payer)s pays %(amount)s of %(lines)s.",
                payer=self._who(),
                amount=self.currency_id.format(self.amount_pays),
                lines=", ".join(lines_sudo.product_id.mapped("display_name")),
            )
        )

    def action_confirm_and_go_on(self):
        """Write what this payer pays, then ask for the next one."""
        self.action_confirm()
        return self.request_id.action_split_payers()

    def _check_lines(self, lines):
        if not lines:
            raise UserError(
                self.env._(
                    "There is nothing to split on %(request)s: what is invoiced, cancelled or not "
                    "yet consumed cannot be.",
                    request=self.request_id.name,
                )
            )
        if self.computation == "rest":
            return
        if self.computation == "percent" and not 0 < self.percent <= 100:
            raise UserError(
                self.env._("%(payer)s pays more than 0 and at most 100 percent.", payer=self._who())
            )
        if self.computation == "amount" and not 0 < self.amount <= sum(self._get_due().values()):
            raise UserError(
                self.env._(
                    "%(payer)s cannot pay %(amount)s: %(due)s are to be paid on these lines.",
                    payer=self._who(),
                    amount=self.currency_id.format(self.amount),
                    due=self.currency_id.format(sum(self._get_due().values())),
                )
            )
        for line in lines:
            # a line has one third party, by contract or by hand
            if line.covered_by_id and line.third_party_id != self.partner_id:
                raise UserError(
                    self.env._(
                        "%(third)s pays a share of %(line)s already: choose « All That Is Left » "
                        "for whoever pays the rest.",
                        line=line.display_name,
                        third=line.covered_by_id.display_name,
                    )
                )

    def _who(self):
        return self.partner_id.display_name
