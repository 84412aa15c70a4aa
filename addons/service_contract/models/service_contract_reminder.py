from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang

from .service_contract_alert import THRESHOLDS

# How long before its end the salesperson hears of a contract whose notice says nothing.
WARNING_DAYS = 30


class ServiceContract(models.Model):
    """What the salesperson is reminded of, once: limits used up to 80 and 100 %, and the end."""

    _inherit = "service.contract"

    alert_ids = fields.One2many("service.contract.alert", "contract_id", string="Alerts")
    limits_checked_on = fields.Date(
        readonly=True, copy=False, help="When the daily batch last compared use and limits."
    )
    warned_end = fields.Date(
        readonly=True, copy=False, help="The end that the salesperson was reminded of."
    )
    end_warning_date = fields.Date(
        compute="_compute_end_warning_date",
        store=True,
        index="btree_not_null",
        help="When the salesperson is reminded of the end: the notice before it.",
    )

    @api.depends("date_end", "notice_days", "warned_end", "kind", "termination_date")
    def _compute_end_warning_date(self):
        for contract in self:
            notice = timedelta(days=contract.notice_days or WARNING_DAYS)
            silent = (
                contract.kind == "warranty"
                or not contract.date_end
                or contract.warned_end == contract.date_end
                or contract.termination_date
            )
            contract.end_warning_date = not silent and contract.date_end - notice

    @api.model
    def _get_reminder_steps(self, today):
        active = Domain("state", "=", "active")
        limited = Domain("kind", "=", "points") | Domain(
            "coverage_ids",
            "any",
            Domain.OR(
                Domain(name, ">", 0)
                for name in ("request_limit", "hour_limit", "amount_limit", "meter_limit")
            ),
        )
        unchecked = Domain("limits_checked_on", "=", False) | Domain(
            "limits_checked_on", "<", today
        )
        return [
            (active & unchecked & limited, lambda contracts: contracts._check_limits(today)),
            (
                active & Domain("end_warning_date", "<=", today),
                lambda contracts: contracts._remind_of_end(),
            ),
        ]

    def _check_limits(self, today):
        """Tell the salespeople which limits have reached 80 or 100 %, each once."""
        known = {
            (alert.contract_id, alert.coverage_id, alert.limit, alert.threshold, alert.date_end)
            for alert in self.env["service.contract.alert"].search(
                [("contract_id", "in", self.ids)]
            )
        }
        values = []
        for use in self._get_limit_uses():
            contract, line = use["contract"], use["line"]
            reached = [
                threshold
                for threshold in THRESHOLDS
                if use["used"] >= use["allowed"] * threshold / 100
                and (contract, line, use["limit"], threshold, contract.date_end) not in known
            ]
            values += [
                {
                    "contract_id": contract.id,
                    "coverage_id": line.id,
                    "limit": use["limit"],
                    "threshold": threshold,
                    "date_end": contract.date_end,
                }
                for threshold in reached
            ]
            if reached:
                contract._remind_of_limit(use)
        self.env["service.contract.alert"].create(values)
        self.limits_checked_on = today

    def _remind_of_limit(self, use):
        contract = self._for_salesperson()
        env = contract.env
        labels = dict(env["service.contract.alert"]._fields["limit"]._description_selection(env))
        summary = env._(
            "%(contract)s: %(limit)s used to %(percent)s %%",
            contract=self.name,
            limit=labels[use["limit"]],
            percent=int(100 * use["used"] / use["allowed"]),
        )
        note = env._(
            "%(used)s of %(allowed)s are used (%(line)s). Offer the customer more, or another "
            "contract.",
            used=formatLang(env, use["used"], digits=2),
            allowed=formatLang(env, use["allowed"], digits=2),
            line=use["line"].with_env(env).display_name or contract.name,
        )
        contract._remind(summary, note)

    def _remind_of_end(self):
        """Tell the salespeople which contracts end, and what was prepared."""
        for contract in self:
            reader = contract._for_salesperson()
            env = reader.env
            summary = env._(
                "%(contract)s ends on %(date)s",
                contract=contract.name,
                date=format_date(env, contract.date_end),
            )
            if contract.successor_id:
                note = env._(
                    "It was renewed as %(successor)s: check price and promises.",
                    successor=contract.successor_id.name,
                )
            elif contract.renewal_order_id:
                note = env._(
                    "The quotation %(order)s offers the next period: send it to the customer.",
                    order=contract.renewal_order_id.name,
                )
            else:
                note = env._("Nothing is prepared: renew it, or offer another contract.")
            reader._remind(summary, note)
            contract.warned_end = contract.date_end
