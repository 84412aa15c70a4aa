from datetime import datetime, timedelta

from odoo.tests import Form, tagged

from .common import InstalledBaseCommon

QUERIES = 40


@tagged("post_install", "-at_install")
class TestFormQueries(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = [cls._create_product(f"Part {number}") for number in range(20)]
        cls.meter_type = cls.env["service.meter.type"].create(
            {"name": "Hours", "uom_id": cls.env.ref("uom.product_uom_hour").id}
        )

    def _create_machine(self, components, readings):
        machine = self._create_equipment()
        self.env["service.equipment.component"].create(
            [
                {
                    "equipment_id": machine.id,
                    "product_id": self.parts[number % 20].id,
                    "position": f"P{number}",
                    "as_sold": number % 3 > 0,
                    "supplier_id": self.other_customer.id,
                }
                for number in range(components)
            ]
        )
        meter = self.env["service.meter"].create(
            {"equipment_id": machine.id, "type_id": self.meter_type.id}
        )
        self.env["service.meter.reading"].create(
            [
                {
                    "meter_id": meter.id,
                    "date": datetime(2023, 1, 1) + timedelta(days=day),
                    "value": 7 * day,
                }
                for day in range(readings)
            ]
        )
        return machine

    def _count_queries(self, machine, spec):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        machine.web_read(spec)
        return self.cr.sql_log_count - before

    def test_form_of_a_machine_with_much_in_it_opens_in_few_queries(self):
        agent = self._create_user("agent", "installed_base.group_service_user")
        small = self._create_machine(components=3, readings=3).with_user(agent)
        large = self._create_machine(components=200, readings=1000).with_user(agent)
        spec = Form(small)._view["fields_spec"]
        self._count_queries(small, spec)
        few, many = (self._count_queries(machine, spec) for machine in (small, large))
        self.assertLessEqual(many, QUERIES)
        # the same queries, with more in their answers
        self.assertLessEqual(many, few + 1)
