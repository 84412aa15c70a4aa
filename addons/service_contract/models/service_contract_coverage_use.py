from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

LIMITS = {
    "requests_used": "request_limit",
    "hours_used": "hour_limit",
    "amount_used": "amount_limit",
    "meter_value": "meter_limit",
}


class ServiceContractCoverage(models.Model):
    """What is used of the limits of a coverage line."""

    _inherit = "service.contract.coverage"

    has_limits = fields.Boolean(compute="_compute_has_limits")
    requests_used = fields.Integer(compute="_compute_use")
    hours_used = fields.Float(compute="_compute_use")
    amount_used = fields.Monetary(compute="_compute_use")
    meter_value = fields.Float(
        string="Meter",
        digits=(16, 3),
        compute="_compute_use",
        help="What the machine of this line has run in all, as far as it was read.",
    )
    use_rate = fields.Float(
        string="Used (%)", compute="_compute_use", help="Of the limit that is nearest to its end."
    )

    @api.depends(*LIMITS.values(), "is_exclusion")
    def _compute_has_limits(self):
        for line in self:
            line.has_limits = not line.is_exclusion and any(line[name] for name in LIMITS.values())

    @api.depends("has_limits", *LIMITS.values(), "date_start", "date_end", "equipment_id")
    def _compute_use(self):
        limited = self._origin.filtered("has_limits")
        period = {line.id: (line.date_start, line.date_end) for line in limited}
        used = self.env["service.contract"]._coverage_usage(limited.ids, period)
        metered = limited.filtered("meter_limit")
        # no reading is in the future: until tomorrow are all of them, whatever day it is where
        tomorrow = fields.Date.today() + timedelta(days=1)
        totals = self.env["service.meter"]._read_totals(
            metered.equipment_id.ids, metered.meter_type_id.ids, tomorrow
        )
        for line in self:
            use = used.get(line._origin.id, {})
            line.requests_used = use.get("requests", 0)
            line.hours_used = use.get("hours", 0.0)
            line.amount_used = use.get("amount", 0.0)
            machine = totals.get(line.equipment_id._origin.id, {})
            line.meter_value = machine.get(line.meter_type_id._origin.id, 0.0)
            line.use_rate = max(
                (100 * line[name] / line[limit] for name, limit in LIMITS.items() if line[limit]),
                default=0.0,
            )

    def _claim_limits(self):
        """Let transactions use up these limits one after the other.

        The rows are written as they are: whoever uses up the same limits at the same time fails to
        serialize, and Odoo tries again with what is left by then.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE service_contract_coverage SET write_date = write_date
                     WHERE id IN (SELECT id FROM service_contract_coverage WHERE id IN %s
                                   ORDER BY id FOR NO KEY UPDATE)
                    """,
                    tuple(self.ids),
                )
            )
