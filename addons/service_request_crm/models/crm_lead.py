from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    service_request_id = fields.Many2one(
        "service.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The request that this opportunity came from, or that came from it.",
    )

    def action_create_service_request(self):
        """Open a new request of the customer of this opportunity; saving it links the two.

        :return: window action on ``service.request``
        :raise UserError: when the opportunity has no customer
        """
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._("Choose the customer of « %(lead)s » first.", lead=self.name)
            )
        customer = self.partner_id.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Request"),
            "res_model": "service.request",
            "view_mode": "form",
            "context": {
                "default_partner_id": customer.id,
                "default_contact_id": self.partner_id.id if self.partner_id != customer else False,
                "default_title": self.name,
                "default_description": self.description,
                "default_origin": "sale",
                "default_origin_reference": self.name,
                "default_lead_ids": [fields.Command.link(self.id)],
            },
        }
