from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from .service_contract_terms import OFFICE


class ServiceContract(models.Model):
    """Whether a contract keeps what it promised, and pays: used / allowed, kept, cost and price."""

    _inherit = "service.contract"

    conformity_requests = fields.Integer(string="Requests", compute="_compute_conformity")
    conformity_interventions = fields.Integer(string="Interventions", compute="_compute_conformity")
    conformity_hours = fields.Float(
        string="Hours of Labour", compute="_compute_conformity", help="Worked under this contract."
    )
    conformity_judged = fields.Integer(
        string="Commitments Due",
        compute="_compute_conformity",
        help="Requests whose promised time is over, or that were solved in it.",
    )
    conformity_kept = fields.Integer(string="Commitments Kept", compute="_compute_conformity")
    conformity_kept_rate = fields.Float(
        string="Kept (%)",
        compute="_compute_conformity",
        help="Commitments kept, of those that were due; 100 while none was.",
    )
    next_visit_date = fields.Date(string="Next Visit", compute="_compute_conformity")
    conformity_cost = fields.Monetary(
        string="Cost so Far",
        compute="_compute_conformity",
        groups=OFFICE,
        help="What service under this contract has cost us: parts, labour, travel.",
    )
    conformity_price = fields.Monetary(
        string="Price so Far",
        compute="_compute_conformity",
        groups=OFFICE,
        help="The price for the days gone by since the start.",
    )
    conformity_margin = fields.Monetary(
        string="Margin", compute="_compute_conformity", groups=OFFICE, help="Price less cost."
    )
    conformity_cost_rate = fields.Float(
        string="Cost of the Price (%)",
        compute="_compute_conformity",
        groups=OFFICE,
        help="At most 999: in the first days there is hardly a price to compare with.",
    )
    points_granted = fields.Float(
        string="Points Ever Granted", compute="_compute_points_used", help="By the ledger, so far."
    )
    points_used = fields.Float(compute="_compute_points_used")
    points_used_rate = fields.Float(string="Points Used (%)", compute="_compute_points_used")
    limit_bars = fields.Html(
        string="Used of the Limits",
        compute="_compute_limit_bars",
        sanitize=False,
        help="Of each kind of limit the one that is nearest to its end, as a bar.",
    )
    limited_coverage_ids = fields.Many2many(
        "service.contract.coverage",
        string="Limits",
        compute="_compute_limited_coverage_ids",
        help="The coverage lines of this contract that have limits.",
    )

    @api.depends("coverage_ids.has_limits")
    def _compute_limited_coverage_ids(self):
        for contract in self:
            contract.limited_coverage_ids = contract.coverage_ids.filtered("has_limits")

    @api.depends(
        "price",
        "date_start",
        "date_end",
        "termination_date",
        "invoice_interval",
        "invoice_interval_unit",
    )
    def _compute_conformity(self):
        facts = self._conformity_facts()
        for contract in self:
            fact = facts.get(contract._origin.id, {})
            contract.conformity_requests = fact.get("requests", 0)
            contract.conformity_interventions = fact.get("interventions", 0)
            contract.conformity_hours = fact.get("hours", 0.0)
            contract.conformity_judged = fact.get("judged", 0)
            contract.conformity_kept = fact.get("kept", 0)
            contract.conformity_kept_rate = (
                100 * contract.conformity_kept / contract.conformity_judged
                if contract.conformity_judged
                else 100
            )
            contract.next_visit_date = fact.get("next_visit", False)
            # technicians may not read what they compute here
            price = contract.sudo()._get_price_until(contract.agency_id._get_today())
            cost = fact.get("cost", 0.0)
            contract.conformity_price = price
            contract.conformity_cost = cost
            contract.conformity_margin = price - cost
            contract.conformity_cost_rate = price and min(100 * cost / price, 999)

    def _conformity_facts(self):
        """What has happened under these contracts; upper addons add what they know.

        Called with the rights of the user, who may see less than there is: use the rights of the
        system for sums.

        :return: ``{contract id: {"requests": int, "interventions": int, "hours": float, "judged":
            int, "kept": int, "cost": float (currency of the contract), "next_visit": date}}``; a
            missing key means none
        """
        return {contract.id: {} for contract in self._origin}

    def _get_price_until(self, date):
        """The price for the days from the start until a day, pro rata of months and days.

        It follows the index as the instalments do; the agreed price counts where that is unknown.
        """
        self.ensure_one()
        stop = self.termination_date and self.termination_date - relativedelta(days=1)
        end = min(filter(None, (date, self.date_end, stop)))
        if not self.date_start or end < self.date_start:
            return 0.0
        gone = relativedelta(end + relativedelta(days=1), self.date_start)
        months = [12] * gone.years + [gone.months + gone.days / 30]
        indexed = sum(
            months_of_year
            * (year and self._get_index_factor(self.date_start + relativedelta(years=year)) or 1.0)
            for year, months_of_year in enumerate(months)
        )
        interval = self.invoice_interval * (12 if self.invoice_interval_unit == "year" else 1)
        return self.currency_id.round(self.price * indexed / interval)

    @api.depends("points_move_ids.points", "points_balance")
    def _compute_points_used(self):
        granted = dict(
            self.env["service.points.move"]._read_group(
                [
                    ("contract_id", "in", self._origin.ids),
                    ("kind", "in", ("grant", "manual")),
                    ("points", ">", 0),
                ],
                ["contract_id"],
                ["points:sum"],
            )
        )
        for contract in self:
            contract.points_granted = granted.get(contract._origin, 0.0)
            contract.points_used = contract.points_granted - contract.points_balance
            contract.points_used_rate = (
                100 * contract.points_used / contract.points_granted
                if contract.points_granted
                else 0.0
            )

    @api.depends_context("lang")
    @api.depends("limited_coverage_ids", "points_used")
    def _compute_limit_bars(self):
        labels = dict(
            self.env["service.contract.alert"]._fields["limit"]._description_selection(self.env)
        )
        uses = self._get_limit_uses()
        for contract in self:
            own = [use for use in uses if use["contract"] == contract]
            nearest = {
                use["limit"]: use
                for use in sorted(own, key=lambda use: use["used"] / use["allowed"])
            }
            bars = [
                self._prepare_bar(label, nearest[limit], len(contract.limited_coverage_ids) > 1)
                for limit, label in labels.items()
                if limit in nearest
            ]
            contract.limit_bars = bool(bars) and self.env["ir.qweb"]._render(
                "service_contract.limit_bars", {"bars": bars}
            )

    def _prepare_bar(self, label, use, named):
        """How a bar shows the use of a limit; ``named``: the coverage line has to be named."""
        line = use["line"]
        used, allowed = (
            formatLang(self.env, use[name], currency_obj=line.currency_id)
            if use["limit"] == "amount"
            else formatLang(self.env, use[name], digits=0 if float(use[name]).is_integer() else 2)
            for name in ("used", "allowed")
        )
        rate = 100 * use["used"] / use["allowed"]
        return {
            "label": label,
            "what": named and line.display_name,
            "text": f"{used} / {allowed}",
            "percent": min(round(rate), 100),
            "color": "danger" if rate >= 100 else "warning" if rate >= 80 else "success",
        }

    def _get_limit_uses(self):
        """What is used of each limit of these contracts.

        :return: list of dicts ``contract``, ``line`` (service.contract.coverage; none for points),
            ``limit`` (a key of ``service.contract.alert``'s limits), ``used``, ``allowed``
        """
        uses = [
            {
                "contract": contract,
                "line": contract.coverage_ids.browse(),
                "limit": "points",
                "used": contract.points_used,
                "allowed": contract.points_granted,
            }
            for contract in self
            if contract.points_granted and not contract.allow_overdraft
        ]
        for line in self.coverage_ids.filtered("has_limits"):
            uses += [
                {
                    "contract": line.contract_id,
                    "line": line,
                    "limit": limit,
                    "used": line[used],
                    "allowed": line[allowed],
                }
                for limit, used, allowed in (
                    ("requests", "requests_used", "request_limit"),
                    ("hours", "hours_used", "hour_limit"),
                    ("amount", "amount_used", "amount_limit"),
                    ("meter", "meter_value", "meter_limit"),
                )
                if line[allowed]
            ]
        return uses
