from odoo.tests import Form, tagged

from .common import InstalledBaseCommon

QUERIES = 40


@tagged("post_install", "-at_install")
class TestFormQueries(InstalledBaseCommon):
    def _open(self, machine, spec):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        machine.web_read(spec)
        return self.cr.sql_log_count - before

    def test_form_of_a_machine_with_200_components_opens_in_few_queries(self):
        small = self._create_equipment()
        large = self._create_equipment()
        parts = [self._create_product(f"Part {number}") for number in range(20)]
        self.env["service.equipment.component"].create(
            [
                {
                    "equipment_id": large.id,
                    "product_id": parts[number % 20].id,
                    "position": f"P{number}",
                    "as_sold": number % 3 > 0,
                    "supplier_id": self.other_customer.id,
                }
                for number in range(200)
            ]
        )
        agent = self._create_user("agent", "installed_base.group_service_user")
        small, large = small.with_user(agent), large.with_user(agent)
        spec = Form(small)._view["fields_spec"]
        few = self._open(small, spec)
        many = self._open(large, spec)
        self.assertLessEqual(many, QUERIES)
        # the same queries, with more in their answers
        self.assertLessEqual(many, few + 2)
