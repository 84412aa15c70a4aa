from odoo.fields import Command

from odoo.addons.installed_base.tests.common import InstalledBaseCommon

GROUP = "installed_base.group_service_"


class LoopCommon(InstalledBaseCommon):
    """A heating company ready to sell a boiler, guarantee it and repair it.

    The same people do the loop in Python and in the browser: a call taker, a dispatcher, a
    technician with a van, and an accountant.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_taker = cls._create_user(
            "calltaker", GROUP + "user", "sales_team.group_sale_salesman"
        )
        cls.dispatcher = cls._create_user("dispatcher", GROUP + "dispatcher")
        cls.technician_user = cls._create_user("technician", GROUP + "technician")
        cls.accountant = cls._create_user("accountant", "account.group_account_user")
        cls.competence = cls.env["service.competence"].create(
            {
                "name": "Heating",
                "code": "HEAT",
                "user_ids": [Command.set(cls.technician_user.ids)],
            }
        )
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
        cls.warranty = cls.env["service.contract.template"].create(
            {
                "name": "Boiler warranty 24 months",
                "kind": "warranty",
                "duration": 24,
                "duration_unit": "month",
                "coverage_ids": [
                    Command.create(
                        {
                            "scope": "equipment",
                            "parts_rate": 100,
                            "labor_rate": 100,
                            "travel_rate": 100,
                        }
                    )
                ],
                "commitment_ids": [Command.create({"blocking": True, "resolution_hours": 8})],
            }
        )
        cls.machine_product.warranty_template_id = cls.warranty
        cls.burner.list_price = 120.0
        cls.burner.taxes_id = False
        cls.labor = cls._create_service("Labour", "uom.product_uom_hour", 60.0)
        cls.travel = cls._create_service("Travel", "uom.product_uom_unit", 35.0)
        cls.env["stock.quant"]._update_available_quantity(cls.burner, cls.van, 5)
        cls.blocking = cls.env.ref("service_request.service_severity_blocking")

    @classmethod
    def _create_service(cls, name, uom, price):
        return cls._create_product(
            name,
            type="service",
            uom_id=cls.env.ref(uom).id,
            list_price=price,
            taxes_id=[Command.clear()],
        )

    def _request(self, equipment, **values):
        """A request as the call taker writes it."""
        return (
            self.env["service.request"]
            .with_user(self.call_taker)
            .create(
                {
                    "partner_id": equipment.partner_id.id,
                    "title": "No hot water",
                    "competence_id": self.competence.id,
                    "severity_id": self.blocking.id,
                    "equipment_line_ids": [Command.create({"equipment_id": equipment.id})],
                    **values,
                }
            )
        )
