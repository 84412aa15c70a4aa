from odoo import fields, models


class ServiceInterventionNature(models.Model):
    """What an intervention is for: repair, maintenance, installation…"""

    _name = "service.intervention.nature"
    _description = "Intervention Nature"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    planned_hours = fields.Float(default=1.0, help="Usual length of such an intervention.")
    is_report_required = fields.Boolean(
        string="Report Must Be Written",
        help="An intervention cannot be finished before what was done is written into its report.",
    )
    is_reading_required = fields.Boolean(
        string="Meters Must Be Read",
        help="An intervention cannot be finished before every meter of its machines is read.",
    )
    is_report_mailed = fields.Boolean(
        string="Mail the Report",
        default=True,
        help="The contact gets the report by e-mail as soon as the intervention is finished.",
    )
    is_regulatory = fields.Boolean(string="Regulatory", help="Required by law.")

    _code_uniq = models.Constraint("unique(code)", "Another nature has this code.")
