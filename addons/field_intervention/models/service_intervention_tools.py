from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .service_intervention import ENDED


class ServiceIntervention(models.Model):
    """The shared tools that an intervention needs: each is at one place at a time."""

    _inherit = "service.intervention"

    tool_ids = fields.Many2many("service.tool", string="Tools", check_company=True)

    # not on the state: a tool that somebody else keeps must not hinder the steps of the visit
    @api.constrains("tool_ids", "planned_start", "planned_end")
    def _check_tools(self):
        planned = self.filtered(
            lambda i: i.tool_ids and i.planned_start and i.planned_end and i.state not in ENDED
        )
        if not planned:
            return
        planned.tool_ids._lock_plans()
        others = self.sudo().search(
            Domain("tool_ids", "in", planned.tool_ids.ids)
            & Domain("state", "not in", ENDED)
            & Domain("planned_start", "<", max(planned.mapped("planned_end")))
            & Domain("planned_end", ">", min(planned.mapped("planned_start")))
        )
        for intervention in planned:
            intervention._check_tools_calibrated()
            for other in others - intervention:
                clash = other.tool_ids & intervention.tool_ids
                if (
                    clash
                    and other.planned_start < intervention.planned_end
                    and other.planned_end > intervention.planned_start
                ):
                    raise ValidationError(
                        self.env._(
                            "%(tool)s is needed on %(other)s at that time: choose another tool or "
                            "another time for %(intervention)s.",
                            tool=clash[0].name,
                            other=other.name,
                            intervention=intervention.name,
                        )
                    )

    def _check_tools_calibrated(self):
        self.ensure_one()
        day = fields.Datetime.context_timestamp(self, self.planned_end).date()
        expired = self.tool_ids.filtered(lambda tool: tool.check_date and tool.check_date < day)
        if expired:
            raise ValidationError(
                self.env._(
                    "%(tool)s is calibrated until %(date)s only: have it checked, or choose another"
                    " one for %(intervention)s.",
                    tool=expired[0].name,
                    date=format_date(self.env, expired[0].check_date),
                    intervention=self.name,
                )
            )
