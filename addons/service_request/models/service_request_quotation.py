from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceRequest(models.Model):
    """Work that the customer pays by a sales order of its own."""

    _inherit = "service.request"

    sale_order_ids = fields.One2many(
        "sale.order",
        "service_request_id",
        string="Quotations",
        groups="sales_team.group_sale_salesman",
    )
    sale_order_count = fields.Integer(string="Quotations Made", compute="_compute_sale_order_count")

    def _compute_sale_order_count(self):
        counts = dict(
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("service_request_id", "in", self.ids)], ["service_request_id"], ["__count"]
            )
        )
        for request in self:
            request.sale_order_count = counts.get(request, 0)

    def action_create_quotation(self):
        """Make a quotation of what is not done yet, at the amounts that would be billed.

        Confirming it covers the request by this order; refusing it is written on the request.

        :return: window action on the new ``sale.order``
        :raise UserError: when there is nothing left to do on the request
        """
        self.ensure_one()
        consumptions = self._get_undone_consumptions()
        if not consumptions:
            raise UserError(
                self.env._(
                    "Nothing on %(request)s is left to be done: add what you want to offer to its "
                    "consumption first.",
                    request=self.name,
                )
            )
        # who may offer it need not know what service bills, nor change what is consumed
        consumptions_sudo = consumptions.sudo()
        order = self.env["sale.order"].create(self.sudo()._prepare_quotation(consumptions_sudo))
        for consumption, line in zip(consumptions_sudo, order.order_line, strict=True):
            consumption.sale_line_id = line
        return order._get_records_action(name=self.env._("Quotation"))

    def _prepare_quotation(self, consumptions):
        values = {
            "partner_id": self.partner_id.id,
            "partner_invoice_id": self.invoice_partner_id.id,
            "partner_shipping_id": (self.site_id or self.partner_id).id,
            "company_id": self.company_id.id,
            "pricelist_id": self.pricelist_id.id,
            "payment_term_id": self.payment_term_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "warehouse_id": self.warehouse_id.id,
            "origin": self.name,
            "service_request_id": self.id,
        }
        return {
            **{name: value for name, value in values.items() if value},
            "order_line": [
                Command.create(consumption._prepare_quotation_line())
                for consumption in consumptions
            ],
        }

    def action_view_quotations(self):
        """Open the quotations made for this request."""
        return self.sale_order_ids._get_records_action(name=self.env._("Quotations"))

    def _refuse_quotation(self, order):
        """The customer refused an offer: say so, and let somebody decide what comes next."""
        if self.coverage_sale_id == order:
            self.write({"coverage_manual": False, "coverage_sale_id": False})
        refused = self.env._("Quotation %(order)s was refused or cancelled.", order=order.name)
        self.message_post(body=refused)
        if self.state == "open":
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=refused,
                user_id=(self.user_id or self.env.user).id,
            )
