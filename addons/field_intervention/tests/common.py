from datetime import timedelta

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
        cls.technician = cls.env["hr.employee"].create(
            {
                "name": "Théo Technician",
                "user_id": cls.technician_user.id,
                "is_technician": True,
                "stock_location_id": cls.van.id,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(cls.burner, cls.van, 5)
        cls.start = fields.Datetime.now() + timedelta(days=1)

    def _plan(self, request, start=None, hours=2):
        """An intervention as the dispatcher plans it from a request."""
        action = request.with_user(self.dispatcher).action_plan_intervention()
        intervention = (
            self.env[action["res_model"]]
            .with_user(self.dispatcher)
            .with_context(**action["context"])
            .create({})
        )
        start = start or self.start
        intervention.action_plan(self.technician.id, start, start + timedelta(hours=hours))
        return intervention

    def _use(self, intervention, *products):
        """What the technician uses, one of each."""
        intervention.with_user(self.technician_user).consumption_ids = [
            Command.create({"product_id": product.id}) for product in products
        ]
        # the technician comes back later: nothing of what others may read is left in the cache
        self.env.flush_all()
        self.env.invalidate_all()
