from odoo import fields, models


class ServiceMeter(models.Model):
    """At which value of a meter the next preventive visit is due."""

    _inherit = "service.meter"

    next_due_value = fields.Float(
        string="Next Visit At",
        compute="_compute_next_due",
        digits=(16, 3),
        help="The next value at which a preventive plan wants a visit.",
    )
    next_due_date = fields.Date(
        string="Expected On",
        compute="_compute_next_due",
        help="When the meter will read that, as it runs now.",
    )

    def _compute_next_due(self):
        # whoever sees the meter may know when it is due
        visits_sudo = (
            self.env["service.plan.visit"]
            .sudo()
            .search(
                [
                    ("equipment_id", "in", self.equipment_id.ids),
                    ("plan_id.meter_type_id", "in", self.type_id.ids),
                    ("state", "in", ("forecast", "due", "scheduled")),
                    ("due_meter", ">", 0),
                ],
                order="due_meter DESC",
            )
        )
        values = {
            (visit.equipment_id.id, visit.plan_id.meter_type_id.id): visit.due_meter
            for visit in visits_sudo
        }
        for meter in self:
            value = values.get((meter.equipment_id.id, meter.type_id.id))
            meter.next_due_value = value
            date = meter._predict_date(value) if value else False
            meter.next_due_date = date
