from odoo.fields import Command

from odoo.addons.installed_base.tests.common import InstalledBaseCommon
from odoo.addons.service_contract.tests.contract_factory import ContractFactory

GROUP = "installed_base.group_service_"


class ServiceRequestCommon(ContractFactory, InstalledBaseCommon):
    """A call taker, a dispatcher and one competent technician; boilers with a warranty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_taker = cls._create_user("calltaker", GROUP + "user")
        cls.dispatcher = cls._create_user("dispatcher", GROUP + "dispatcher")
        cls.technician_user = cls._create_user("technician", GROUP + "technician")
        cls.competence = cls.env["service.competence"].create(
            {
                "name": "Heating",
                "code": "HEAT",
                "user_ids": [Command.set(cls.technician_user.ids)],
            }
        )
        cls.warranty = cls._create_warranty_template()
        cls.machine_product.warranty_template_id = cls.warranty
        cls.burner.write({"list_price": 120.0, "taxes_id": [Command.clear()]})
        cls.labor = cls._create_service("Labour", "uom.product_uom_hour", 60.0)
        cls.travel = cls._create_service("Travel", "uom.product_uom_unit", 35.0)
        cls.blocking = cls.env.ref("service_request.service_severity_blocking")

    @classmethod
    def _create_warranty_template(cls, **rates):
        """A warranty of 24 months that covers all, and solves blocking problems in 8 hours."""
        promise = {"parts_rate": 100, "labor_rate": 100, "travel_rate": 100, **rates}
        return cls.env["service.contract.template"].create(
            {
                "name": "Boiler warranty 24 months",
                "kind": "warranty",
                "duration": 24,
                "duration_unit": "month",
                "coverage_ids": [Command.create({"scope": "equipment", **promise})],
                "commitment_ids": [Command.create({"blocking": True, "resolution_hours": 8})],
            }
        )

    @classmethod
    def _create_service(cls, name, uom, price):
        return cls._create_product(
            name,
            type="service",
            uom_id=cls.env.ref(uom).id,
            list_price=price,
            taxes_id=[Command.clear()],
        )

    @classmethod
    def _deliver_machine(cls, serial="B20-1"):
        """A machine under warranty."""
        cls._deliver(cls.machine_product, [serial])
        return cls.env["service.equipment"].search([("serial_number", "=", serial)])

    @classmethod
    def _request(cls, equipment=None, **values):
        """A request as the call taker writes it."""
        machines = equipment or cls.env["service.equipment"]
        return (
            cls.env["service.request"]
            .with_user(cls.call_taker)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "title": "No hot water",
                    "competence_id": cls.competence.id,
                    "severity_id": cls.blocking.id,
                    "equipment_line_ids": [
                        Command.create({"equipment_id": machine.id}) for machine in machines
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _consume(cls, request, product, quantity=1, **values):
        """A consumption as the call taker records it."""
        return (
            cls.env["service.consumption"]
            .with_user(cls.call_taker)
            .create(
                {
                    "request_id": request.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    **values,
                }
            )
        )

    def _read_figures(self):
        """``{name: figure}`` of the dashboard, as the dispatcher sees it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            figure["name"]: figure
            for section in self.env["service.request"].with_user(self.dispatcher).get_dashboard()
            for figure in section["figures"]
        }
