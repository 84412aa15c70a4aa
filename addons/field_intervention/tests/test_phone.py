from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import FieldInterventionCommon


@tagged("post_install", "-at_install")
class TestPhone(FieldInterventionCommon):
    def test_whom_to_call_and_where_to_go(self):
        self.customer.phone = "+33 4 50 00 00 00"
        self.site.street = "3 quai du Lac"
        intervention = self._plan(self._request(self._create_equipment()))
        self.assertEqual(intervention.contact_phone, "+33 4 50 00 00 00")
        self.assertIn("destination=3+quai+du+Lac%2C+74000%2C+Annecy", intervention.navigation_url)

    def test_parts_to_take_say_whether_they_are_in_the_van(self):
        request = self._request(self._create_equipment())
        gasket = self._create_product("Gasket", is_storable=True)
        grease = self._create_product("Grease")
        self._consume(request, self.burner, 2)
        self._consume(request, gasket, 1.5)
        self._consume(request, grease)
        intervention = self._plan(request).with_user(self.technician_user)
        self.env.invalidate_all()
        self.assertEqual(
            intervention.parts_to_take.splitlines(),
            [
                f"✓ 2 × {self.burner.name}: in the van",
                "✗ 1.50 × Gasket: 1.50 missing",
                "1 × Grease",
            ],
        )
        intervention.sudo().intervention_type = "workshop"
        self.env.invalidate_all()
        self.assertIn("1.50 × Gasket", intervention.parts_to_take.splitlines())

    def test_where_and_what_come_before_the_report(self):
        view = self.env.ref("field_intervention.service_intervention_view_form_my_day")
        interventions = self.env["service.intervention"].with_user(self.technician_user)
        arch = etree.fromstring(interventions.get_view(view.id, "form")["arch"])
        names = arch.xpath("//sheet//field/@name")
        for name in ("partner_id", "address_id", "equipment_ids", "contact_phone"):
            self.assertLess(names.index(name), names.index("report"), name)
        # what lists need of the same name stays there
        self.assertTrue(
            arch.xpath("//field[@name='consumption_ids']/list/field[@name='request_id']")
        )
        self.assertTrue(arch.xpath("//group[@name='on_the_spot']/field[@name='request_id']"))

    def test_prices_are_hidden_from_technicians(self):
        products = self.env["product.product"].with_user(self.technician_user)
        for name in ("list_price", "lst_price", "standard_price"):
            self.assertNotIn(name, products.fields_get())
            with self.assertRaises(AccessError):
                products.browse(self.burner.id).read([name])
            with self.assertRaises(AccessError):
                products.search([(name, ">", 0)])
        for view in ("form", "list", "kanban"):
            arch = products.get_view(view_type=view)["arch"]
            self.assertNotIn('name="lst_price"', arch)
            self.assertNotIn('name="list_price"', arch)
            self.assertNotIn('name="standard_price"', arch)
        office = self.env["product.product"].with_user(self.call_taker)
        self.assertIn("lst_price", office.fields_get())
        self.assertIn("lst_price", office.get_view(view_type="form")["arch"])

    def test_amounts_are_hidden_from_technicians(self):
        intervention = self._plan(self._request(self._create_equipment()))
        self._use(intervention, self.burner)
        mine = intervention.with_user(self.technician_user).consumption_ids
        for name in ("price_unit", "amount_consumed", "amount_to_invoice"):
            with self.assertRaises(AccessError):
                mine.read([name])

    def _answer(self, action):
        """The question that an action asks, as the technician gets it."""
        return (
            self.env[action["res_model"]]
            .with_user(self.technician_user)
            .with_context(**action["context"])
            .create({})
        )

    def test_second_job_asks_about_the_first(self):
        first = self._plan(self._request(self._create_equipment()))
        second = self._plan(self._request(), self.start + timedelta(hours=3))
        mine = (first | second).with_user(self.technician_user)
        self.assertIs(mine[0].action_arrive(), True)
        question = self._answer(mine[1].action_leave())
        self.assertEqual(question.intervention_ids, mine[0])
        self.assertIn(f"The clock of {first.name} ({self.customer.name})", question.notice)
        self.assertEqual((first.is_paused, second.state), (False, "on_the_way"), "both run")
        question.action_pause()
        self.assertTrue(first.is_paused)
        self.assertIs(mine[1].action_arrive(), True)
        self.assertEqual(self._answer(mine[0].action_resume()).intervention_ids, mine[1])

    def test_a_trip_is_paused_and_goes_on_as_a_trip(self):
        first = self._plan(self._request(self._create_equipment()))
        second = self._plan(self._request(), self.start + timedelta(hours=3))
        mine = (first | second).with_user(self.technician_user)
        mine[0].action_leave()
        self.assertIn(first.name, self._answer(mine[1].action_leave()).notice)
        mine[0].action_pause()
        mine[0].action_resume()
        self.assertEqual(mine[0].time_ids.mapped("kind"), ["travel", "pause", "travel"])
        mine[0].action_arrive()
        self.assertEqual(mine[0].time_ids.filtered(lambda time: not time.stop).kind, "work")

    def test_nothing_is_planned_on_a_closed_request(self):
        request = self._request()
        request.action_close()
        with self.assertRefused(ValidationError, "is closed"):
            self.env["service.intervention"].create({"request_id": request.id})

    def test_signature_brings_its_time(self):
        intervention = self._plan(self._request()).new({"signature": b"R0lGODlhAQABAAAAACw="})
        intervention._onchange_signature()
        self.assertLessEqual(intervention.signed_on, fields.Datetime.now())
