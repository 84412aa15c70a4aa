from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

THIS_MONTH = Domain("close_date", ">=", "=1d") & Domain("state", "=", "closed")
ENDING = Domain("state", "=", "active") & Domain("date_end", "<=", "today +60d")
NOT_RENEWED = Domain("successor_ids", "=", False) & Domain("termination_date", "=", False)

# how long a request was in stages that wait for the customer
WAITED = SQL(
    """COALESCE(
        (SELECT SUM(step.until - step.since)
           FROM (SELECT stage_id, date AS since, LEAD(date) OVER (ORDER BY date, id) AS until
                   FROM service_request_stage_history
                  WHERE request_id = service_request.id) step
           JOIN service_request_stage stage ON stage.id = step.stage_id AND stage.is_paused),
        interval '0')"""
)


class ServiceRequest(models.Model):
    """What a manager looks at in the morning."""

    _inherit = "service.request"

    @api.model
    @api.readonly
    def get_dashboard(self):
        """Figures of the manager's dashboard, each with the list that it counts.

        Other addons append their figures and sections.

        :return: list of ``{"name", "figures"}``; a figure has ``name``, ``value``, ``model``,
            ``domain`` and may have ``unit`` (after the value) and ``tone`` (of Bootstrap)
        """
        return [
            *self._get_today_sections(),
            {"name": self.env._("This Month"), "figures": self._get_month_figures()},
            {"name": self.env._("Worst Machines"), "figures": self._get_machine_figures()},
        ]

    @api.model
    def _get_today_sections(self):
        return [
            {"name": self.env._("Open Requests"), "figures": self._get_open_figures()},
            {"name": self.env._("By Severity"), "figures": self._get_severity_figures()},
            {"name": self.env._("Workload"), "figures": self._get_load_figures()},
        ]

    @api.model
    def _prepare_figure(self, name, domain, value=None, **options):
        """A figure that counts requests, unless another value is given."""
        domain = Domain(domain)
        return {
            "name": name,
            "value": self.search_count(domain) if value is None else value,
            "model": self._name,
            "domain": list(domain),
            **options,
        }

    @api.model
    def _get_open_figures(self):
        is_open = Domain("state", "=", "open")
        unassigned = Domain("user_id", "=", False)
        return [
            self._prepare_figure(self.env._("All Open"), is_open),
            self._prepare_figure(
                self.env._("Late"), is_open & Domain("sla_state", "=", "failed"), tone="danger"
            ),
            self._prepare_figure(
                self.env._("At Risk"), is_open & Domain("sla_state", "=", "at_risk"), tone="warning"
            ),
            self._prepare_figure(self.env._("Unassigned"), is_open & unassigned, tone="warning"),
            self._prepare_figure(
                self.env._("Waiting for Customer"), is_open & Domain("paused_since", "!=", False)
            ),
        ]

    @api.model
    def _get_severity_figures(self):
        is_open = Domain("state", "=", "open")
        counts = self._read_group(is_open, ["severity_id"], ["__count"])
        return [
            self._prepare_figure(
                severity.name or self.env._("Without Severity"),
                is_open & Domain("severity_id", "=", severity.id),
                count,
                tone="danger" if severity.blocking else "",
            )
            for severity, count in counts
        ]

    @api.model
    def _get_load_figures(self):
        """Who has most to do."""
        is_open = Domain("state", "=", "open") & Domain("user_id", "!=", False)
        counts = self._read_group(is_open, ["user_id"], ["__count"], order="__count desc", limit=8)
        return [
            self._prepare_figure(user.name, is_open & Domain("user_id", "=", user.id), count)
            for user, count in counts
        ]

    @api.model
    def _get_month_figures(self):
        closed = self.search_count(THIS_MONTH)
        kept = THIS_MONTH & Domain("sla_state", "=", "met")
        fixed = THIS_MONTH & Domain("repeat_request_ids", "not any", [("is_rework", "=", True)])
        figures = [self._prepare_figure(self.env._("Requests Closed"), THIS_MONTH, closed)]
        for name, domain in (
            (self.env._("Deadline Kept"), kept),
            (self.env._("Fixed the First Time"), fixed),
        ):
            share = round(100 * self.search_count(domain) / closed) if closed else 0
            figures.append(self._prepare_figure(name, domain, share, unit="%"))
        figures.append(
            self._prepare_figure(
                self.env._("Hours to Solve"), THIS_MONTH, self._get_mean_hours(THIS_MONTH)
            )
        )
        free = THIS_MONTH & Domain("coverage", "=", "goodwill")
        figures += self._prepare_amount_figures(self.env._("Goodwill"), free, "amount_unbilled")
        return figures + self._get_contract_figures()

    @api.model
    def _prepare_amount_figures(self, name, domain, amount, **options):
        """A sum in the currency of the company, for those who see what requests are worth."""
        if not self._has_field_access(self._fields[amount], "read"):
            return []
        [(total,)] = self._read_group(domain, [], [f"{amount}:sum_currency"])
        unit = self.env.company.currency_id.symbol
        return [self._prepare_figure(name, domain, round(total), unit=unit, **options)]

    @api.model
    def _get_contract_figures(self):
        contracts = self.env["service.contract"]
        if not contracts.has_access("read"):
            return []
        ending = ENDING & NOT_RENEWED & Domain("kind", "!=", "warranty")
        return [
            self._prepare_figure(
                self.env._("Contracts to Renew Within 60 Days"),
                ending,
                contracts.search_count(ending),
                model=contracts._name,
                tone="warning",
            )
        ]

    @api.model
    def _get_mean_hours(self, domain):
        """Mean hours from call to closing, without the time that we waited for customers.

        All hours of day and night, unlike the waiting that a commitment counts.
        """
        self.flush_model(["date", "close_date"])
        self.env["service.request.stage.history"].flush_model()
        self.env["service.request.stage"].flush_model(["is_paused"])
        query = self._search(domain)
        [(time,)] = self.env.execute_query(query.select(SQL("avg(close_date - date - %s)", WAITED)))
        return round(time.total_seconds() / 3600, 1) if time else 0.0

    @api.model
    def _get_machine_figures(self):
        """The machines with most requests in twelve months."""
        lines = self.env["service.request.equipment"]
        recent = Domain("date", ">=", "today -12m")
        counts = lines._read_group(
            Domain("request_id", "any", recent),
            ["equipment_id"],
            ["__count"],
            having=[("__count", ">", 1)],
            order="__count desc",
            limit=10,
        )
        return [
            self._prepare_figure(
                machine.display_name,
                recent & Domain("equipment_line_ids.equipment_id", "=", machine.id),
                count,
            )
            for machine, count in counts
        ]
