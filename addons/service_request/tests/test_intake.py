from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import ServiceRequestCommon

MAIL = """From: {sender}
To: {to}
Subject: Boiler is silent
Message-ID: <{sender}-{to}>
Content-Type: text/plain

It does not start any more.
"""


@tagged("post_install", "-at_install")
class TestIntake(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.principal, cls.other_principal = cls.env["res.partner"].create(
            [{"name": name, "is_service_principal": True} for name in ("Maker", "Insurer")]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna", "parent_id": cls.customer.id, "email": "anna@hotel.example.com"}
        )

    # ------------------------------------------------------------ principals
    def test_principal_and_customer_limit_each_other(self):
        self.customer.principal_ids = self.principal
        self.assertEqual(self.principal.service_principal_customer_ids, self.customer)
        partners = self.env["res.partner"]
        mine = [("principal_ids", "=?", self.principal.id), ("parent_id", "=", False)]
        self.assertEqual(partners.search(mine), self.customer)
        theirs = [("service_principal_customer_ids", "=?", self.customer.id)]
        self.assertEqual(partners.search(theirs), self.principal)

    def test_default_principal_is_remembered_for_this_user_even_when_empty(self):
        requests = self.env["service.request"].with_user(self.call_taker)
        request = self._request(principal_id=self.principal.id)
        self.env.invalidate_all()
        request.action_set_default_principal()
        self.assertEqual(self._request().principal_id, self.principal)
        self.assertFalse(requests.with_user(self.dispatcher).new({}).principal_id)
        request.principal_id = False
        request.action_set_default_principal()
        self.assertFalse(self._request().principal_id)

    # ------------------------------------------------------------ customers
    def test_customer_is_found_by_what_the_caller_says(self):
        self.customer.write(
            {"customer_code": "LAC01", "phone": "+33 4 50 11 22 33", "zip": "73100"}
        )
        self._create_equipment(serial_number="B20-777")
        partners = (
            self.env["res.partner"]
            .with_user(self.call_taker)
            .with_context(service_customer_search=True)
        )
        for text in (
            "hôtel du",
            "73100",
            "74000",  # of the site
            "annecy",
            "lac annecy",
            "LAC0",
            "04 50 11 22 33",
            "0450112233",
            "B20-777",
        ):
            found = dict(partners.name_search(text, [("parent_id", "=", False)]))
            self.assertIn(self.customer.id, found, text)
            self.assertNotIn(self.other_customer.id, found, text)
        self.assertFalse(partners.name_search("hôtel paris", [("parent_id", "=", False)]))
        self.customer.phone = "04 50 11 22 33"
        for text in ("+33 4 50 11 22 33", "0033450112233", "+33 (0)4 50 11 22 33"):
            found = dict(partners.name_search(text, [("parent_id", "=", False)]))
            self.assertIn(self.customer.id, found, text)
            self.assertNotIn(self.other_customer.id, found, text)

    def test_site_is_found_by_what_the_caller_says_and_brings_its_customer(self):
        tower, annex = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "type": "delivery",
                    "parent_id": self.customer.id,
                    "city": "Grenoble",
                    "phone": phone,
                }
                for name, phone in (("The Tower", "+33 4 76 11 22 33"), ("The Annex", False))
            ]
        )
        partners = self.env["res.partner"].with_user(self.call_taker)
        domain = self._get_customer_domain()
        for text, sites in (
            ("tower", tower),
            ("lac tower", tower),
            ("grenoble", tower | annex),
            ("grenoble annex", annex),
            ("04 76 11 22 33", tower),
            ("hôtel du", tower.browse()),  # says the customer only
            ("paris tower", None),
        ):
            with self.subTest(text=text):
                self.env.invalidate_all()
                found = partners.with_context(service_customer_search=True).name_search(
                    text, domain
                )
                ids = [partner_id for partner_id, _name in found]
                if sites is None:
                    self.assertFalse(found)
                else:
                    self.assertEqual(set(ids[:-1]), set(sites.ids))
                    self.assertEqual(ids[-1], self.customer.id, "the customer follows its sites")
        of_principal = partners.with_context(service_customer_search=True)
        self.assertFalse(
            of_principal.name_search("tower", self._get_customer_domain(self.principal))
        )
        self.assertNotIn(tower.id, dict(of_principal.name_search("", domain)))
        requests = self.env["service.request"].with_user(self.call_taker)
        with Form(requests) as form:
            form.title = "No heat"
            form.partner_id = self.customer
            form.partner_id = tower
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.site_id, tower)
        self.assertEqual(form.record.partner_id, self.customer)
        self.assertEqual(form.record.site_id, tower)

    def test_who_calls_is_found_by_name_and_phone_and_brings_the_customer(self):
        self.contact.phone = "+33 6 12 34 56 78"
        partners = self.env["res.partner"].with_user(self.call_taker)
        domain = self._get_customer_domain()
        for text, expected in (
            ("06 12 34 56 78", [self.contact, self.customer]),
            ("0612345678", [self.contact, self.customer]),
            ("anna", [self.contact, self.customer]),
            ("anna hôtel", [self.contact, self.customer]),
            ("hôtel du", [self.customer]),
            ("anna paris", []),
        ):
            with self.subTest(text=text):
                self.env.invalidate_all()
                found = partners.with_context(service_customer_search=True).name_search(
                    text, domain
                )
                self.assertEqual([pid for pid, _name in found], [p.id for p in expected])
        with Form(self.env["service.request"].with_user(self.call_taker)) as form:
            form.title = "No heat"
            form.partner_id = self.contact
            self.assertEqual((form.partner_id, form.contact_id), (self.customer, self.contact))
            self.assertEqual(form.contact_phone, "+33 6 12 34 56 78")
        self.assertRecordValues(
            form.record, [{"partner_id": self.customer.id, "contact_id": self.contact.id}]
        )

    def test_search_more_finds_what_the_quick_search_finds(self):
        tower = self.env["res.partner"].create(
            {
                "name": "The Tower",
                "type": "delivery",
                "parent_id": self.customer.id,
                "city": "Grenoble",
                "zip": "38000",
                "phone": "+33 4 76 11 22 33",
            }
        )
        self._create_equipment(serial_number="B20-888")
        partners = self.env["res.partner"].with_user(self.call_taker)
        chosen = partners.with_context(service_customer_search=True)
        for text in ("tower", "grenoble", "38000", "0476112233", "lac tower", "B20-888"):
            quick = {partner_id for partner_id, _name in chosen.name_search(text)}
            more = chosen.search(
                Domain(self._get_customer_domain()) & Domain("display_name", "ilike", text)
            )
            self.assertLessEqual(quick & {tower.id, self.customer.id}, set(more.ids), text)

    def _get_customer_domain(self, principal=None):
        """The domain of the customer on the form."""
        domain = self.env["service.request"]._fields["partner_id"].domain
        return safe_eval(domain, {"principal_id": principal.id if principal else False})

    def test_call_taker_creates_customer_contact_and_machine(self):
        self.env.invalidate_all()
        customer = self.env["res.partner"].with_user(self.call_taker).create({"name": "New One"})
        contact = customer.create({"name": "Bob", "parent_id": customer.id})
        machine = (
            self.env["service.equipment"]
            .with_user(self.call_taker)
            .create({"product_id": self.machine_product.id, "partner_id": customer.id})
        )
        request = self._request(machine, partner_id=customer.id, contact_id=contact.id)
        self.assertEqual(request.customer_ref, "NEW1")

    def test_request_needs_a_customer(self):
        with self.assertRefused(ValidationError, "No hot water"):
            self._request(partner_id=False)

    def test_blocked_customer_is_shown_at_once(self):
        self.customer.write({"service_blocked": True, "service_block_reason": "unpaid"})
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.partner_id = self.other_customer
        self.assertFalse(form.customer_warning)
        form.partner_id = self.customer
        self.assertIn("unpaid", form.customer_warning)

    def test_machine_of_another_customer_is_shown_and_kept_without_its_contact(self):
        machine = self._deliver_machine()
        machine.contact_id = self.env["res.partner"].create(
            {"name": "Janitor", "parent_id": self.customer.id}
        )
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.equipment_id = machine
        self.assertFalse(form.customer_warning)
        self.assertEqual(form.contact_id, machine.contact_id)
        form.partner_id = self.other_customer
        self.assertIn(f"belongs to {self.customer.name}", form.customer_warning)
        self.assertFalse(form.contact_id)
        form.title = "No hot water"
        self.assertEqual(form.save().equipment_line_ids.equipment_id, machine)

    def test_customer_over_its_credit_limit_is_shown_at_once(self):
        self.env.company.account_use_credit_limit = True
        self.customer.credit_limit = 10
        self.patch(
            type(self.customer),
            "_credit_debit_get",
            lambda partners: partners.update({"credit": 11}),
        )
        request = self._request()
        self.env.invalidate_all()
        self.assertIn("credit limit", request.customer_warning)
        self.customer.credit_limit = 12
        request.invalidate_recordset()
        self.assertFalse(request.customer_warning)

    def test_choosing_a_customer_copies_its_billing_data(self):
        group, payer = self.env["res.partner"].create([{"name": "Group"}, {"name": "Payer"}])
        terms = self.env.ref("account.account_payment_term_30days")
        self.customer.write({"service_payer_id": payer.id, "property_payment_term_id": terms.id})
        request = self._request()
        self.assertRecordValues(
            request,
            [
                {
                    "invoice_partner_id": self.customer.id,
                    "payer_id": payer.id,
                    "payment_term_id": terms.id,
                    "site_id": self.site.id,
                }
            ],
        )
        request.partner_id = group
        self.assertRecordValues(request, [{"invoice_partner_id": group.id, "payer_id": False}])

    def test_agency_chosen_by_hand_stays_where_neither_site_nor_customer_has_one(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        annex, house = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id, "type": "delivery"}
                for name in ("Annex", "House")
            ]
        )
        request = self._request(agency_id=lyon.id)
        request.site_id = annex
        self.assertEqual(request.agency_id, lyon)
        house.service_agency_id = annecy
        request.site_id = house
        self.assertEqual(request.agency_id, annecy)
        with Form(self.env["service.request"].with_user(self.call_taker)) as form:
            form.title = "Cold"
            form.partner_id = self.customer
            form.site_id = house
            self.assertEqual(form.agency_id, annecy)
            form.partner_id = self.other_customer
            self.assertEqual(form.agency_id, self.agency, "that of the wrong customer does not")

    def test_customer_brings_its_group_and_its_salesperson(self):
        group = self.env["res.partner"].create({"name": "Group"})
        self.customer.write({"service_group_partner_id": group.id, "user_id": self.dispatcher.id})
        request = self._request()
        self.assertRecordValues(
            request,
            [{"group_partner_id": group.id, "salesperson_ids": self.dispatcher.ids}],
        )
        request.partner_id = self.other_customer
        self.assertRecordValues(request, [{"group_partner_id": False, "salesperson_ids": []}])
        three = self.dispatcher | self.call_taker | self.technician_user
        with self.assertRefused(ValidationError, "two salespersons"):
            request.salesperson_ids = three

    # ------------------------------------------------------------ numbers
    def test_reference_is_automatic_or_proposed(self):
        self.customer.customer_code = "hot-el"
        self.assertEqual(self._request().customer_ref, "HOT1")
        company = self.env.company
        company.service_customer_number_prefix_length = 0
        self.assertEqual(self._request().customer_ref, "2")
        company.write(
            {"service_customer_number_auto": False, "service_customer_number_prefix_length": 2}
        )
        request = self._request()
        self.assertRecordValues(request, [{"customer_number": 3, "customer_ref": False}])
        request.action_propose_customer_ref()
        self.assertEqual(request.customer_ref, "HO3")
        request.customer_ref = "INC-9"
        self.assertEqual(request.customer_ref, "INC-9")

    def test_another_customer_means_another_number_and_the_old_one_is_logged(self):
        request = self._request()
        request.partner_id = self.other_customer
        self.assertRecordValues(request, [{"customer_number": 1, "customer_ref": "CLI1"}])
        self.assertEqual(self._request().customer_number, 2)
        body = "".join(request.message_ids.mapped("body"))
        self.assertIn("Was number 1 of Hôtel du Lac", body)

    def test_request_is_found_by_number_and_by_the_beginning_of_the_reference(self):
        request = self._request()
        for text in (request.name, request.customer_ref, request.customer_ref[:3]):
            found = dict(
                self.env["service.request"].name_search(
                    text, [("partner_id", "=", self.customer.id), ("state", "=", "open")]
                )
            )
            self.assertIn(request.id, found, text)

    # ------------------------------------------------------------ mail
    def _receive(self, sender):
        queue = self.env["service.queue"].search([("code", "=", "MAIL")])
        if not queue:
            self.env.company.alias_domain_id = self.env["mail.alias.domain"].create(
                {"name": "heating.example.com", "company_ids": [Command.link(self.env.company.id)]}
            )
            queue = self.env["service.queue"].create(
                {"name": "Mail", "code": "MAIL", "alias_name": "help"}
            )
        mail = MAIL.format(sender=sender, to=queue.alias_email)
        request_id = self.env["mail.thread"].message_process(None, mail)
        request = self.env["service.request"].browse(request_id)
        self.assertEqual(request.queue_id, queue)
        return request

    def test_mail_goes_to_the_agency_that_the_queue_has_now(self):
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        queue = self._receive("anna@hotel.example.com").queue_id
        for agency, expected in ((lyon, lyon), (self.agency, self.agency), (False, self.agency)):
            queue.agency_id = agency
            request = self._receive(f"{agency and agency.code}@elsewhere.example.com")
            self.assertEqual(request.agency_id, expected)
        self.assertNotIn("agency_id", queue.alias_defaults)

    def test_mail_of_a_known_sender_becomes_a_request(self):
        request = self._receive("anna@hotel.example.com")
        self.assertRecordValues(
            request,
            [
                {
                    "title": "Boiler is silent",
                    "origin": "email",
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "assignment": "queue",
                    "customer_number": 1,
                }
            ],
        )
        self.assertNotIn("silent", request.name)
        following = self._receive("second@nowhere.example.com")
        number = self.env["ir.sequence"].search([("code", "=", "service.request")], limit=1)
        for mailed in (request, following):
            self.assertTrue(mailed.name.startswith(number.prefix), mailed.name)
        self.assertIn("does not start", request.description)
        self.assertIn(self.contact, request.message_partner_ids)

    def test_unknown_sender_waits_in_the_first_stage_until_named(self):
        request = self._receive("stranger@nowhere.example.com").with_user(self.dispatcher)
        self.assertRecordValues(
            request, [{"partner_id": False, "customer_number": 0, "user_id": False}]
        )
        self.assertIn("stranger@nowhere.example.com", request.email_from)
        progress = self.env.ref("service_request.service_request_stage_progress")
        with self.assertRefused(ValidationError, "unknown sender"):
            request.stage_id = progress
        with self.assertRefused(ValidationError, "unknown sender"):
            request.action_close()
        with self.assertRefused(UserError, "Name the customer"):
            request.action_propose_customer_ref()
        request.action_take()
        self.assertNotEqual(request.stage_id, progress)
        request.partner_id = self.customer
        self.assertEqual(request.customer_ref, "HÔT1")
        request.stage_id = progress

    def test_spam_without_customer_may_be_cancelled(self):
        request = self._receive("spam@nowhere.example.com")
        request.action_cancel()
        self.assertEqual(request.state, "cancelled")

    def test_colleague_who_writes_is_no_customer(self):
        self.assertFalse(self._receive(self.dispatcher.email).partner_id)
