from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FieldInterventionCommon

GROUP = "installed_base.group_service_"


@tagged("post_install", "-at_install")
class TestAccess(FieldInterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_user = cls._create_user("other", GROUP + "technician")
        cls.other = cls.env["hr.employee"].create(
            {"name": "Olga", "user_id": cls.other_user.id, "is_technician": True}
        )
        cls.employee = cls._create_user("employee")

    def test_who_may_do_what_with_an_intervention(self):
        intervention = self._plan(self._request(self._create_equipment()))
        for user, rights in (
            (self.employee, ""),
            (self.other_user, ""),
            (self.technician_user, "read write create"),
            (self.call_taker, "read write create unlink"),
            (self.dispatcher, "read write create unlink"),
        ):
            allowed = [
                right
                for right in ("read", "write", "create", "unlink")
                if intervention.with_user(user).has_access(right)
            ]
            self.assertEqual(" ".join(allowed), rights, user.login)

    def test_helpers_see_the_work_of_their_team(self):
        request = self._request(self._create_equipment())
        request.action_assign_to(self.dispatcher.id)
        intervention = self._plan(request)
        self.assertFalse(request.with_user(self.other_user).has_access("read"))
        intervention.helper_ids = self.other
        self.assertTrue(intervention.with_user(self.other_user).has_access("write"))
        self.assertTrue(request.with_user(self.other_user).has_access("read"))

    def test_technician_without_hr_rights_reads_the_technician(self):
        intervention = self._plan(self._request()).with_user(self.technician_user)
        self.assertEqual(
            intervention.read(["technician_id"])[0]["technician_id"][1], "Théo Technician"
        )
        with self.assertRaises(AccessError):
            intervention.technician_id.read(["home_partner_id"])

    def test_interventions_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["service.intervention"].create(
            {"partner_id": self.customer.id, "company_id": company.id}
        )
        self.assertEqual(foreign.agency_id.company_id, company)
        found = self.env["service.intervention"].with_user(self.dispatcher).search([])
        self.assertNotIn(foreign, found)

    def test_technician_sent_by_another_agency_sees_the_request(self):
        lyon, annecy = self.env["service.agency"].create(
            [{"name": "Lyon", "code": "LYO"}, {"name": "Annecy", "code": "ANN"}]
        )
        lyon.user_ids = self.technician_user
        request = self._request(self._create_equipment(), agency_id=annecy.id)
        request.action_assign_to(self.dispatcher.id)
        self.assertFalse(request.with_user(self.technician_user).has_access("read"))
        self._plan(request)
        self.assertTrue(request.with_user(self.technician_user).has_access("write"))
