from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestCoverQueries(ServiceContractCommon):
    def _count(self, items):
        """Queries of a call of the engine that finds no record in memory."""
        self.env["service.contract"]._cover(items[:1], date(2026, 6, 15))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answers = self.env["service.contract"]._cover(items, date(2026, 6, 15))
        return self.env.cr.sql_log_count - before, answers

    def test_two_hundred_items_need_no_more_queries_than_one(self):
        machines = self.env["service.equipment"].create(
            [
                {"product_id": self.machine_product.id, "partner_id": customer.id}
                for customer in (self.customer, self.other_customer)
                for _number in range(100)
            ]
        )
        for customer in (self.customer, self.other_customer):
            owned = machines.filtered(lambda m, customer=customer: m.partner_id == customer)
            self._create_contract(
                *({"equipment_id": machine.id, "request_limit": 3} for machine in owned),
                {"scope": "customer", "competence_ids": self.hydraulics.ids},
                {"scope": "customer", "is_exclusion": True, "component_ids": self.nozzle.ids},
                partner_id=customer.id,
            )
        self.env.company.write(
            {"account_use_credit_limit": True, "service_cover_over_credit": False}
        )
        (self.customer | self.other_customer).credit_limit = 1000
        items = [
            {
                "equipment_id": machine.id,
                "component_product_id": self.burner.id,
                "competence_id": self.pumps.id,
            }
            for machine in machines
        ]
        one, _answers = self._count(items[:1])
        many, answers = self._count(items)
        self.assertEqual({answer["status"] for answer in answers}, {"full"})
        self.assertEqual(many, one)
        self.assertLessEqual(one, 30)

    def test_the_common_case_takes_one_query(self):
        self._create_contract()
        queries, answers = self._count([{"equipment_id": self.machine.id}])
        self.assertEqual(answers[0]["status"], "full")
        self.assertEqual(queries, 1)

    def test_machines_of_systems_cost_no_query_more(self):
        system = self._create_equipment()
        machines = self.env["service.equipment"].create(
            [
                {
                    "product_id": self.machine_product.id,
                    "partner_id": self.customer.id,
                    "parent_id": system.id,
                }
                for _number in range(50)
            ]
        )
        self._create_contract({"equipment_id": system.id})
        queries, answers = self._count([{"equipment_id": machine.id} for machine in machines])
        self.assertEqual({answer["status"] for answer in answers}, {"full"})
        self.assertEqual(queries, 1)

    def test_delivering_more_machines_costs_no_query_per_machine(self):
        self.machine_product.warranty_template_id = self._create_template({}, kind="warranty")

        def deliver(machines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            machines._create_warranties()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def create(count):
            return self.env["service.equipment"].create(
                [
                    {
                        "product_id": self.machine_product.id,
                        "partner_id": self.customer.id,
                        "delivery_date": "2026-06-15",
                    }
                    for _number in range(count)
                ]
            )

        few, many = create(5), create(95)
        deliver(create(5))
        self.assertLessEqual(deliver(many) - deliver(few), 2)
        self.assertTrue(all(machine.warranty_end for machine in many))

    def test_the_coverage_of_a_list_of_machines_is_read_at_once(self):
        machines = self.env["service.equipment"].create(
            [
                {"product_id": self.machine_product.id, "partner_id": self.customer.id}
                for _number in range(80)
            ]
        )
        self._create_contract({"scope": "customer"})

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(records.mapped("coverage_status")), {"full"})
            return self.env.cr.sql_log_count - before

        read(machines)
        self.assertEqual(read(machines), read(machines[:1]))

    def test_many_contracts_are_created_together(self):
        def create(count):
            before = self.env.cr.sql_log_count
            self.env["service.contract"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "coverage_ids": [Command.create({"scope": "customer"})],
                    }
                    for _number in range(count)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        create(2)
        self.assertLessEqual(create(40) - create(4), 4)
