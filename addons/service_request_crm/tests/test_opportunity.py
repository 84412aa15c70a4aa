from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.service_request.tests.common import GROUP, ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestOpportunity(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk", GROUP + "user", "sales_team.group_sale_salesman")
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")

    def test_request_becomes_an_opportunity_of_the_salesperson(self):
        self.customer.user_id = self.seller
        request = self._request(description="<p>Wants a new boiler</p>").with_user(self.clerk)
        self.env.invalidate_all()
        notice = request.action_create_opportunity()
        self.assertIn("Seller", notice["params"]["message"])
        lead = self.env["crm.lead"].search([("service_request_id", "=", request.id)])
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "No hot water",
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "user_id": self.seller.id,
                    "service_request_id": request.id,
                }
            ],
        )
        self.assertIn("new boiler", lead.description)
        self.assertEqual(request.lead_count, 1)

    def test_without_salesperson_the_caller_keeps_it(self):
        request = self._request().with_user(self.clerk)
        action = request.action_create_opportunity()
        self.assertEqual(self.env["crm.lead"].browse(action["res_id"]).user_id, self.clerk)

    def test_opportunity_becomes_a_request_and_both_know_it(self):
        lead = self.env["crm.lead"].create(
            {"name": "Second boiler", "partner_id": self.customer.id, "user_id": self.clerk.id}
        )
        self.env.invalidate_all()
        action = lead.with_user(self.clerk).action_create_service_request()
        request = (
            self.env["service.request"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({})
        )
        self.assertRecordValues(
            request,
            [
                {
                    "title": "Second boiler",
                    "partner_id": self.customer.id,
                    "origin": "sale",
                    "lead_count": 1,
                }
            ],
        )
        self.assertEqual(lead.service_request_id, request)

    def test_opportunity_without_customer_is_refused(self):
        lead = self.env["crm.lead"].create({"name": "Somebody"})
        with self.assertRefused(UserError, "Somebody"):
            lead.action_create_service_request()
