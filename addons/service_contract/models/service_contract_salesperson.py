from markupsafe import Markup

from odoo import api, fields, models


class ServiceContract(models.Model):
    """Who looks after the customer of a contract, and is reminded of what has to be done."""

    _inherit = "service.contract"

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        help="Is reminded of limits that are nearly used up, and of the end of the contract.",
    )

    @api.depends("partner_id", "sale_line_id", "agency_id")
    def _compute_user_id(self):
        for contract in self:
            customer = contract.partner_id
            contract.user_id = (
                contract.sale_line_id.sudo().order_id.user_id
                or customer.user_id
                or customer.commercial_partner_id.user_id
                or contract.agency_id.manager_id
            )

    def _remind(self, summary, note):
        """Give the salesperson of this contract something to do; without one, tell the chatter."""
        self.ensure_one()
        if not self.user_id:
            return self.message_post(body=Markup("<b>%s</b><br/>%s") % (summary, note))
        return self.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_id.id, summary=summary, note=note
        )

    def _for_salesperson(self):
        """This contract, speaking the language of its salesperson."""
        self.ensure_one()
        return self.with_context(lang=self.user_id.lang or self.company_id.partner_id.lang)
