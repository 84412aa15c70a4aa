from odoo import api, fields, models
from odoo.fields import Domain


class ServiceOperationTemplate(models.Model):
    """An operation that interventions get by their nature, machine, request type or plan."""

    _name = "service.operation.template"
    _description = "Operation Template"
    _inherit = ["service.operation.mixin"]
    _order = "sequence, id"

    name = fields.Char(translate=True)
    instruction = fields.Text(translate=True)
    active = fields.Boolean(default=True)
    nature_ids = fields.Many2many(
        "service.intervention.nature",
        string="Natures",
        help="Every intervention of these natures gets it.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        help="Every machine of these products gets it; with natures: on these interventions only.",
    )
    request_type_ids = fields.Many2many(
        "service.request.type",
        string="Request Types",
        help="Every intervention for a request of these types gets it.",
    )

    @api.model
    def _find(self, interventions):
        """The operations that each intervention needs.

        :return: ``{intervention: [(template, service.equipment or empty)]}``, found in one query
        """
        natures, machines = interventions.nature_id, interventions.equipment_ids
        templates = self.search(
            Domain("nature_ids", "in", natures.ids)
            | Domain("product_ids", "in", machines.product_id.ids)
            | Domain("request_type_ids", "in", interventions.request_id.type_id.ids)
        )
        return {
            # each once: the plan may ask for what the machine needs in any case
            intervention: list(
                dict.fromkeys(
                    [pair for template in templates for pair in template._apply_to(intervention)]
                    + [
                        (template, visit.equipment_id)
                        for visit in intervention.sudo().plan_visit_ids
                        for template in visit.plan_id.operation_template_ids.with_env(self.env)
                    ]
                )
            )
            for intervention in interventions
        }

    def _apply_to(self, intervention):
        """How often an intervention needs this operation: once, or once for each machine."""
        self.ensure_one()
        nothing = intervention.equipment_ids.browse()
        if self.request_type_ids & intervention.request_id.type_id:
            return [(self, nothing)]
        if self.nature_ids and intervention.nature_id not in self.nature_ids:
            return []
        if not self.product_ids:
            return [(self, nothing)] if self.nature_ids else []
        return [
            (self, machine)
            for machine in intervention.equipment_ids
            if machine.product_id in self.product_ids
        ]
