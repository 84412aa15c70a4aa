from datetime import date

from odoo.tests import freeze_time

from .common import FieldInterventionCommon

TODAY = "2026-03-02"
UNTIL = date(2026, 12, 31)


class PlanCommon(FieldInterventionCommon):
    """One machine, delivered a year ago, and yearly plans for its product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 09:00:00"))
        cls.env["service.plan"].search([]).active = False
        cls.machine = cls._create_equipment(delivery_date="2025-03-10")
        cls.manager = cls._create_user("manager", "installed_base.group_service_manager")

    def _plan_of(self, **values):
        return (
            self.env["service.plan"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Yearly upkeep",
                    "product_id": self.machine_product.id,
                    "date_start": "2025-01-01",
                    "interval": 1,
                    "interval_unit": "year",
                    **values,
                }
            )
            .sudo()
        )

    def _visits(self, plan, machine=None):
        self.env.flush_all()
        return plan.visit_ids.filtered(
            lambda v: v.equipment_id == (machine or self.machine)
        ).sorted("occurrence")
