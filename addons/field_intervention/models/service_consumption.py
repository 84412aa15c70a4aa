from odoo import api, fields, models


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
        compute="_compute_is_added_on_visit",
        store=True,
        precompute=True,
        help="Entered while the technician was at work: it was used, and not only planned.",
    )

    @api.depends("intervention_id")
    def _compute_is_added_on_visit(self):
        # not on the state: what was planned before stays planned when the work begins
        for line in self:
            line.is_added_on_visit = line.intervention_id.state in ("on_the_way", "on_site")

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
        interventions = self.env["service.intervention"].browse(
            {vals["intervention_id"] for vals in vals_list if vals.get("intervention_id")}
        )
        request = {intervention.id: intervention.request_id.id for intervention in interventions}
        for vals in vals_list:
            if vals.get("intervention_id") and not vals.get("request_id"):
                vals["request_id"] = request[vals["intervention_id"]]
        return super().create(vals_list)

    def _filter_undone(self):
        return self.filtered(lambda line: line.state in ("todo", "planned"))

    def _filter_unanswered(self):
        """The planned parts of which nobody said that they were used, not used or missing."""
        return self._filter_undone().filtered(
            lambda line: line.kind == "part" and not line.is_added_on_visit and not line.is_to_order
        )
