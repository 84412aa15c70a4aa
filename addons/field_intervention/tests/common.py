from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.service_request.tests.common import ServiceRequestCommon


class FieldInterventionCommon(ServiceRequestCommon):
    """A technician with a van that holds five burners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.van = cls.env["stock.location"].create(
            {"name": "Van 1", "location_id": cls.warehouse.lot_stock_id.id, "usage": "internal"}
        )
        # Monday to Friday, 8 to 12 and 13 to 17
        cls.working_hours = cls.env["resource.calendar"].create({"name": "Week", "tz": "UTC"})
        cls.technician = cls._create_technician(
            "Théo Technician", user_id=cls.technician_user.id, stock_location_id=cls.van.id
        )
        cls.env["stock.quant"]._update_available_quantity(cls.burner, cls.van, 5)
        cls.start = cls._get_monday()

    @classmethod
    def _get_monday(cls):
        """Eight o'clock of the next Monday."""
        today = fields.Date.today()
        return datetime.combine(today + timedelta(days=7 - today.weekday()), time(8))

    @classmethod
    def _create_technician(cls, name, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "is_technician": True,
                "tz": "UTC",
                "resource_calendar_id": cls.working_hours.id,
                **values,
            }
        )

    def _work_around_the_clock(self):
        self.working_hours.attendance_ids = [
            Command.clear(),
            *(
                Command.create({"name": "All Day", "dayofweek": day, "hour_from": 0, "hour_to": 24})
                for day in "0123456"
            ),
        ]

    def _plan(self, request, start=None, hours=None):
        """An intervention as the dispatcher plans it from a request; hours as usual by default."""
        action = request.with_user(self.dispatcher).action_plan_intervention()
        intervention = (
            self.env[action["res_model"]]
            .with_user(self.dispatcher)
            .with_context(**action["context"])
            .create({})
        )
        start = start or self.start
        end = hours and start + timedelta(hours=hours)
        intervention.action_plan(self.technician.id, start, end)
        return intervention

    def _use(self, intervention, *products, quantity=1):
        """What the technician uses, one of each or so many; return all that is used or planned."""
        intervention.with_user(self.technician_user).consumption_ids = [
            Command.create({"product_id": product.id, "quantity": quantity}) for product in products
        ]
        # the technician comes back later: nothing of what others may read is left in the cache
        self.env.flush_all()
        self.env.invalidate_all()
        return intervention.consumption_ids
