import json

from odoo import fields
from odoo.tests import tagged

from .common import FieldAppCommon


@tagged("post_install", "-at_install")
class TestSync(FieldAppCommon):
    def _ids(self, answer, store="interventions"):
        return [row["id"] for row in answer["changed"][store]]

    def test_the_work_of_the_technician_and_the_team_comes_along(self):
        self.assertEqual(self._ids(self._pull()), [self.intervention.uuid])
        self.assertFalse(self._ids(self._pull(self.colleague_user)))
        self.intervention.helper_ids = self.colleague
        self.assertEqual(self._ids(self._pull(self.colleague_user)), [self.intervention.uuid])

    def test_drafts_and_the_far_future_stay_in_the_office(self):
        later = fields.Datetime.add(self.start, days=56)  # a Monday at eight
        far = self._plan(self._request(), start=later)
        self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "technician_id": self.technician.id}
        )
        self.assertEqual(self._ids(self._pull()), [self.intervention.uuid])
        far.state = "on_site"
        self.assertIn(far.uuid, self._ids(self._pull()))

    def test_only_what_changed_comes_again(self):
        first = self._pull()
        second = self._pull(token=json.loads(json.dumps(first["token"])))
        self.assertFalse(any(second["changed"].values()), second["changed"])
        self.request.title = "No heating at all"
        third = self._pull(token=second["token"])
        self.assertEqual(self._ids(third), [self.intervention.uuid])
        self.assertFalse(self._ids(third, "equipment"))
        self.assertEqual(third["changed"]["interventions"][0]["title"], "No heating at all")

    def test_a_new_cover_arrives_although_no_intervention_was_written(self):
        first = self._pull()
        self.request.equipment_line_ids.sudo().coverage_manual = "none"
        second = self._pull(token=first["token"])
        cover = second["changed"]["interventions"][0]["cover"]
        self.assertEqual(cover[self.machine.id]["part"], 0)

    def test_what_was_given_away_disappears(self):
        first = self._pull()
        self._give_away(self.intervention)
        second = self._pull(token=first["token"])
        self.assertEqual(second["deleted"]["interventions"], [self.intervention.uuid])
        self.assertEqual(second["deleted"]["equipment"], [str(self.machine.id)])

    def test_a_token_of_another_shape_brings_everything(self):
        for token in ({"interventions": 5}, [], "x", {"interventions": {"a": {}}}):
            self.assertEqual(self._ids(self._pull(token=token)), [self.intervention.uuid])

    def test_no_price_is_on_the_device(self):
        self.burner.list_price = self.burner.standard_price = 777.77
        self._use(self.intervention, self.burner)
        answer = self._pull()
        catalogue = self.env["service.field.sync"].with_user(self.technician_user)._get_catalogue()
        text = json.dumps([answer, catalogue], default=str)
        self.assertIn("Burner", text)
        self.assertNotIn("777.77", text)
        self.assertNotIn("price", text)

    def test_machines_come_with_parts_meters_and_visits(self):
        done = self._plan(self.request, start=fields.Datetime.subtract(self.start, days=3))
        self._give_away(done)
        done.report = "<p>Cleaned</p>"
        done.action_done()
        [row] = self._pull()["changed"]["equipment"]
        self.assertEqual(row["serial"], "B20-77")
        self.assertEqual([part["name"] for part in row["components"]], ["Burner"])
        self.assertEqual(
            [(visit["by"], visit["report"]) for visit in row["visits"]],
            [("Chloé Colleague", "Cleaned")],
        )

    def test_the_van_is_the_own_one(self):
        self.env["stock.quant"]._update_available_quantity(self.burner, self.colleague_van, 2)
        rows = self._pull()["changed"]["van"]
        self.assertEqual(
            [(row["product"], row["quantity"]) for row in rows], [(self.burner.id, 5.0)]
        )
        [row] = self._pull(self.colleague_user)["changed"]["van"]
        self.assertEqual(row["quantity"], 2)

    def test_the_catalogue_comes_once_and_then_its_changes(self):
        sync = self.env["service.field.sync"].with_user(self.technician_user)
        full = sync._get_catalogue()
        self.assertIn(self.burner.id, [part[0] for part in full["parts"]])
        self.env.cr.execute(
            "UPDATE product_product SET write_date = '2020-01-01';"
            "UPDATE product_template SET write_date = '2020-01-01'"
        )
        self.env.invalidate_all()
        self.assertFalse(sync._get_catalogue(full["time"])["parts"])
        self.burner.name = "Burner II"
        self.env.flush_all()
        self.assertEqual(
            [part[2] for part in sync._get_catalogue(full["time"])["parts"]], ["Burner II"]
        )
        self.burner.active = False
        self.env.flush_all()
        self.assertEqual(sync._get_catalogue(full["time"])["gone"], self.burner.ids)

    def test_central_stock_leaves_out_the_van(self):
        self.env["stock.quant"]._update_available_quantity(
            self.burner, self.warehouse.lot_stock_id, 8
        )
        sync = self.env["service.field.sync"].with_user(self.technician_user)
        stock = dict(sync._get_catalogue()["stock"])
        self.assertEqual(stock[self.burner.id], 8)

    def test_queries_do_not_grow_with_the_work(self):
        def count():
            self._forget()
            before = self.cr.sql_log_count
            self.env["service.field.sync"].with_user(self.technician_user)._pull()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self._pull()
        few = count()
        for number in range(10):  # two a day, from Monday to Friday
            machine = self._create_equipment()
            self._plan(
                self._request(machine),
                start=fields.Datetime.add(
                    self.start, days=number // 2, hours=2 if number % 2 else 6
                ),
            )
        self._pull()
        self.assertLessEqual(count(), few + 3)
