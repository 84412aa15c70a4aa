from odoo import api, fields, models, tools


class ServiceInterventionNature(models.Model):
    """What an intervention is for: repair, maintenance, installation…"""

    _name = "service.intervention.nature"
    _description = "Intervention Nature"
    _inherit = ["service.cached"]
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

    @api.model
    def _get_usual(self):
        """The nature of an intervention of which nothing else is said: the first one."""
        return self.browse(self._get_usual_id())

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_usual_id(self):
        # every new intervention asks
        return self.sudo().with_context(active_test=True).search([], limit=1).id
