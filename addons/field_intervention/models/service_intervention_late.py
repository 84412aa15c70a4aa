from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_intervention import ENDED


class ServiceIntervention(models.Model):
    """What will not be over before its deadline, or is not although the deadline has passed."""

    _inherit = "service.intervention"

    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not over although the deadline has passed, or planned until after it.",
    )

    @api.depends("state", "deadline", "planned_end")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for intervention in self:
            end = max(intervention.planned_end or now, now)
            deadline = intervention.deadline
            is_open = intervention.state not in ENDED
            intervention.is_late = is_open and bool(deadline) and end > deadline

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "not in", ENDED) & Domain.custom(to_sql=self._is_beyond_deadline)
        return late if True in value else Domain("id", "not in", self._search(late))

    def _is_beyond_deadline(self, model, alias, query):
        deadline = model._field_to_sql(alias, "deadline", query)
        end = model._field_to_sql(alias, "planned_end", query)
        return SQL("(%s < GREATEST(%s, %s))", deadline, end, fields.Datetime.now())
