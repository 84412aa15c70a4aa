from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import float_compare, formatLang
from odoo.tools.misc import format_date

from .usage_periods import cut_period


class ServiceUsageLine(models.Model):
    """What the machines of a contract ran in a period, and what is to be paid for it.

    A meter that was not read is estimated. Once it is read, or an old reading was corrected, a new
    line takes the whole time since then together, with as many included volumes, and bills the
    difference to what was billed before.
    """

    _name = "service.usage.line"
    _description = "Usage Line"
    _check_company_auto = True
    _order = "contract_id, date_to, id"

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="contract_id.invoice_partner_id", string="Invoiced Customer", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    term_id = fields.Many2one(
        "service.contract.meter.term", required=True, index=True, ondelete="restrict"
    )
    meter_type_id = fields.Many2one(related="term_id.meter_type_id", store=True)
    meter_id = fields.Many2one(
        "service.meter",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty when the machines of the contract share the included volume.",
    )
    meter_ids = fields.Many2many("service.meter", string="Meters")

    # What was used
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True, index=True)
    intervals = fields.Float(
        required=True,
        digits=(16, 6),
        help="How many invoicing intervals this is: each brings its included volume.",
    )
    reading_from = fields.Float(
        string="First Reading", digits=(16, 3), aggregator=None, help="Sum over shared meters."
    )
    reading_to = fields.Float(
        string="Last Reading",
        digits=(16, 3),
        aggregator=None,
        help="What was read last in the period, or is estimated for its end.",
    )
    consumed = fields.Float(digits=(16, 3), help="In the unit of the meter.")
    included = fields.Float(digits=(16, 3), help="Free in this period.")
    is_estimated = fields.Boolean(
        string="Estimated",
        help="Some meter was not read in the second half of the period: its average use counts "
        "from the last reading on. The next reading corrects it.",
    )

    # What it costs
    tiers = fields.Json(export_string_translation=False)
    tier_text = fields.Char(string="Beyond the Included Volume", compute="_compute_tier_text")
    amount_total = fields.Monetary(
        string="Price of the Usage", help="By the tiers of the contract, taxes excluded."
    )
    amount_before = fields.Monetary(
        string="Billed Before", help="By the lines that this one corrects."
    )
    amount = fields.Monetary(
        string="To Bill",
        compute="_compute_amount",
        store=True,
        help="Negative when an estimate was too high: it is credited.",
    )
    corrected_by_id = fields.Many2one(
        "service.usage.line", readonly=True, copy=False, index="btree_not_null"
    )
    corrected_ids = fields.One2many(
        "service.usage.line", "corrected_by_id", string="Corrects", readonly=True
    )

    # Who billed it
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "service_usage_line_id",
        string="Invoice Lines",
        readonly=True,
        groups="account.group_account_invoice",
    )
    invoice_id = fields.Many2one(
        "account.move",
        string="On Invoice",
        compute="_compute_state",
        store=True,
        index="btree_not_null",
    )
    state = fields.Selection(
        [("nothing", "Nothing to Pay"), ("pending", "To Invoice"), ("invoiced", "Invoiced")],
        compute="_compute_state",
        store=True,
        index=True,
        help="A cancelled or credited invoice frees its usage to be invoiced again.",
    )

    _period_once = models.UniqueIndex(
        "(term_id, COALESCE(meter_id, 0), date_to)",
        "The usage of this meter is billed for this period already.",
    )
    _period_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "A period of usage cannot end before it begins."
    )

    @api.depends("tiers")
    def _compute_tier_text(self):
        for line in self:
            line.tier_text = " + ".join(
                f"{line._format(tier['quantity'])} × {line._format(tier['price_unit'])}"
                for tier in line.tiers or []
            )

    @api.depends("amount_total", "amount_before")
    def _compute_amount(self):
        for line in self:
            line.amount = line.amount_total - line.amount_before

    @api.depends(
        "amount",
        "invoice_line_ids.move_id.move_type",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.payment_state",
    )
    def _compute_state(self):
        for line in self:
            moves = line._get_billing_moves()
            line.invoice_id = moves[:1]
            if moves:
                line.state = "invoiced"
            else:
                line.state = "pending" if line.amount else "nothing"

    def _get_billing_moves(self):
        """The invoices in force that bill this line, or the credit notes when it is negative."""
        self.ensure_one()
        if self._get_move_type() == "out_invoice":
            return self.invoice_line_ids._filter_billing().move_id
        return self.invoice_line_ids.move_id.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and not move.reversed_entry_id
                and move.state != "cancel"
                and move.payment_state != "reversed"
            )
        )

    @api.depends("contract_id", "meter_type_id", "date_from")
    def _compute_display_name(self):
        for line in self:
            day = format_date(self.env, line.date_from)
            line.display_name = f"{line.contract_id.name} {line.meter_type_id.name} {day}"

    def _get_period(self):
        """What this line bills, as of ``cut_period``."""
        self.ensure_one()
        return {
            "date_from": self.date_from,
            "date_to": self.date_to,
            "intervals": self.intervals,
        }

    def _get_missing_periods(self, periods):
        """What these lines do not bill of periods; that one may have been shorter, or several.

        :param periods: see ``service.contract._get_usage_periods``
        """
        missing = []
        for period in periods:
            billed = self.filtered(
                lambda line, p=period: (
                    line.date_from <= p["date_to"] and line.date_to >= p["date_from"]
                )
            )
            first = max(billed.mapped("date_to"), default=date.min) + timedelta(days=1)
            missing.append(cut_period(period, first, None))
        return list(filter(None, missing))

    def _prepare_known(self, read, days):
        """What the readings say now of this line.

        :param read: see ``service.meter._read_spans``
        :param days: see ``MeterGroup``
        """
        self.ensure_one()
        spans = [read[s] for s in self.meter_ids._get_spans(self._get_period(), days).values()]
        measured = sum(span["consumed"] - (span["earlier"] or 0.0) for span in spans)
        return {
            **self._get_period(),
            "reading_from": self.reading_from,
            "measured": measured,
            "lines": self,
            "is_wrong": self.is_estimated
            or float_compare(measured, self.consumed, precision_digits=3) != 0,
        }

    def _get_move_type(self):
        """What bills this line: an invoice, or a credit note for an estimate that was too high."""
        self.ensure_one()
        return "out_invoice" if self.amount >= 0 else "out_refund"

    def _prepare_invoice_lines(self):
        """Values of the invoice lines: one for each tier, and what was billed before."""
        self.ensure_one()
        sign = 1 if self.amount >= 0 else -1
        lang = self.contract_id.invoice_partner_id.lang or self.env.lang
        line = self.with_context(lang=lang)
        product = line.term_id.product_id or line.contract_id.product_id
        common = {
            "product_id": product.id,
            "analytic_distribution": self.contract_id._get_distribution_with(
                self.meter_id.equipment_id.sudo().analytic_account_id
            )
            or False,
            "service_usage_line_id": self.id,
        }
        values = [
            {
                **common,
                "name": line._get_invoice_text(product),
                "quantity": sign * tier["quantity"],
                "price_unit": tier["price_unit"],
            }
            for tier in self.tiers or []
        ]
        if self.amount_before:
            values.append(
                {
                    **common,
                    "name": line.env._(
                        "%(product)s\nBilled before for %(contract)s · %(period)s",
                        product=product.display_name,
                        contract=self.contract_id.name,
                        period=line._get_period_text(self.corrected_ids),
                    ),
                    "quantity": -sign,
                    "price_unit": self.amount_before,
                }
            )
        return values

    def _get_invoice_text(self, product):
        """Which machine ran from where to where, and how much of it is free."""
        self.ensure_one()
        machines = ", ".join(self.meter_ids.equipment_id.mapped("display_name"))
        readings = {
            "type": self.meter_type_id.name,
            "start": self._format(self.reading_from),
            "end": self._format(self.reading_to),
            "included": self._format(self.included),
        }
        if self.is_estimated:
            used = self.env._(
                "%(type)s: %(start)s – %(end)s (estimated), %(included)s included", **readings
            )
        else:
            used = self.env._("%(type)s: %(start)s – %(end)s, %(included)s included", **readings)
        period = f"{self.contract_id.name} · {self._get_period_text(self)}"
        return "\n".join([product.display_name, period, machines, used])

    def _get_period_text(self, lines):
        lang = self.env.lang
        return self.env._(
            "%(start)s – %(end)s",
            start=format_date(self.env, min(lines.mapped("date_from")), lang_code=lang),
            end=format_date(self.env, max(lines.mapped("date_to")), lang_code=lang),
        )

    def _format(self, value):
        text = f"{value:.6f}".rstrip("0")
        return formatLang(self.env, value, digits=len(text.partition(".")[2]))

    def action_view_readings(self):
        """Open the readings that this line counts."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "installed_base.service_meter_reading_action"
        )
        return {
            **action,
            "domain": [
                ("meter_id", "in", self.meter_ids.ids),
                ("date", "<=", fields.Date.add(self.date_to, days=1)),
            ],
            "context": {},
        }
