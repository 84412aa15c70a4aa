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
