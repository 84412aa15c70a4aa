from odoo import fields, models


class ServiceRequest(models.Model):
    _inherit = "service.request"

    lead_ids = fields.One2many(
        "crm.lead",
        "service_request_id",
        string="Opportunities",
        groups="sales_team.group_sale_salesman",
    )
    lead_count = fields.Integer(string="Opportunities Found", compute="_compute_lead_count")

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [("service_request_id", "in", self.ids)], ["service_request_id"], ["__count"]
            )
        )
        for request in self:
            request.lead_count = counts.get(request, 0)

    def action_create_opportunity(self):
        """Make an opportunity out of what the customer said, for the salesperson of the customer.

        :return: window action on the new ``crm.lead``, or a notice for a user who may not read the
            opportunities of another salesperson
        """
        self.ensure_one()
        leads = self.env["crm.lead"]
        leads.check_access("create")
        # whoever takes the call may write down an opportunity for somebody else
        lead = leads.sudo().create(self._prepare_opportunity()).sudo(False)
        if lead.has_access("read"):
            return lead._get_records_action(name=self.env._("Opportunity"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "An opportunity was created for %(seller)s.", seller=lead.sudo().user_id.name
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_opportunity(self):
        self.ensure_one()
        return {
            "name": self.title,
            "type": "opportunity",
            "partner_id": (self.contact_id or self.partner_id).id,
            "description": self.description,
            "user_id": (self._get_salesperson() or self.env.user).id,
            "company_id": self.company_id.id,
            "service_request_id": self.id,
        }

    def action_view_opportunities(self):
        """Open the opportunities that came from this request."""
        return self.lead_ids._get_records_action(name=self.env._("Opportunities"))
