from odoo import api, fields, models

from .service_intervention_steps import UNDER_WAY


class ServiceConsumption(models.Model):
    _inherit = "service.consumption"

    intervention_id = fields.Many2one(
        "service.intervention",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('request_id', '=', request_id)]",
    )

    is_to_order = fields.Boolean(
        string="To Order",
        help="The part was not there: it is not used on this visit, but wanted for the next one.",
    )
    order_date = fields.Datetime(
        string="Ordered on",
        readonly=True,
        copy=False,
        help="When it was asked from the warehouse or from the buyers.",
    )

    is_added_on_visit = fields.Boolean(
        string="Added on the Visit",
        readonly=True,
        copy=False,
        help="Entered while the technician was at work: it was used, and not only planned.",
    )
    clocked_kind = fields.Selection(
        [("work", "Work"), ("travel", "Travel")],
        string="Measured Time",
        readonly=True,
        copy=False,
        help="The time of the intervention that this line follows.",
    )
    clocked_quantity = fields.Float(
        string="Measured Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the clock said last; another quantity was entered by hand, and stays.",
    )

    counts_as = fields.Selection(
        [("used", "Used"), ("unused", "Not Used"), ("to_order", "To Order")],
        string="At the Finish",
        compute="_compute_counts_as",
        help="What the end of the visit makes of a line that nobody marks as done: what was added "
        "on the visit was used, a planned part was not.",
    )

    @api.depends("state", "kind", "is_to_order", "is_added_on_visit", "intervention_id.state")
    def _compute_counts_as(self):
        for line in self:
            is_open = line.state in ("todo", "planned")
            if not is_open or line.intervention_id.state not in UNDER_WAY:
                line.counts_as = False
            elif line.is_to_order:
                line.counts_as = "to_order"
            else:
                # what is typed at this moment was not planned
                unanswered = line._origin._filter_unanswered()
                line.counts_as = "unused" if unanswered else "used"

    @api.depends("intervention_id.analytic_distribution")
    def _compute_analytic_distribution(self):
        """What a visit uses is counted where its costs are."""
        result = super()._compute_analytic_distribution()
        for consumption in self:
            visit_distribution = consumption.intervention_id.analytic_distribution
            if visit_distribution:
                consumption.analytic_distribution = visit_distribution
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """What is used on an intervention is consumed by its request."""
        vals_list = [dict(vals) for vals in vals_list]
        visits = self.env["service.intervention"].browse(
            {vals["intervention_id"] for vals in vals_list if vals.get("intervention_id")}
        )
        visits = {visit.id: visit for visit in visits}
        for vals in vals_list:
            visit = visits.get(vals.get("intervention_id"))
            if visit:
                vals["request_id"] = vals.get("request_id") or visit.request_id.id
                vals["is_added_on_visit"] = visit.state in UNDER_WAY
        return super().create(vals_list)

    def write(self, vals):
        """Whether a line was added on the visit is noted at this moment: were it computed, the
        visit could begin before it is."""
        if "intervention_id" in vals:
            visit = self.env["service.intervention"].browse(vals["intervention_id"])
            vals = {**vals, "is_added_on_visit": visit.state in UNDER_WAY}
        return super().write(vals)

    def _filter_unanswered(self):
        """The planned parts of which nobody said that they were used, not used or missing."""
        return self._filter_undone().filtered(
            lambda line: line.kind == "part" and not line.is_added_on_visit and not line.is_to_order
        )

    def _is_clocked_by_hand(self):
        """Whether somebody decided otherwise than the clock, once it had its say."""
        self.ensure_one()
        changed = self.uom_id.compare(self.quantity, self.clocked_quantity)
        return self.state == "cancelled" or bool(changed)
