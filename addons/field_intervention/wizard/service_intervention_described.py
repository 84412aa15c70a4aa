from odoo import fields, models


class ServiceInterventionDescribed(models.AbstractModel):
    """A dialogue that asks what kind of intervention it will make."""

    _name = "service.intervention.described"
    _description = "Kind of an Intervention to Be Made"

    nature_id = fields.Many2one(
        "service.intervention.nature",
        required=True,
        default=lambda self: self.env["service.intervention.nature"]._get_usual(),
    )
    intervention_type = fields.Selection(
        selection=lambda self: (
            self.env["service.intervention"]
            ._fields["intervention_type"]
            ._description_selection(self.env)
        ),
        required=True,
        default="onsite",
    )
