from odoo import fields, models
from odoo.fields import Command


class ServicePurchased(models.AbstractModel):
    """Work that a subcontractor does, ordered from them by a draft purchase order.

    A model using this gives ``_prepare_purchase_line``, the values of the line that orders it.
    """

    _name = "service.purchased"
    _description = "Subcontracted Work"

    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Order Line to the Subcontractor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="installed_base.group_service_user",
    )
    purchase_order_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Order to the Subcontractor",
        groups="installed_base.group_service_user",
    )

    def _order_from(self, vendor, source):
        """Propose this work to the buyers: one draft purchase order.

        :param vendor: the res.partner who does it
        :param source: the document that asks for it, named on the order as its origin
        :return: the purchase.order, sudoed
        """
        company = source.company_id
        # sudo: who plans the work orders it, without the other rights of a buyer
        order = (
            self.env["purchase.order"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "partner_id": vendor.id,
                    "company_id": company.id,
                    "origin": source.name,
                    "order_line": [Command.create(work._prepare_purchase_line()) for work in self],
                }
            )
        )
        for work, line in zip(self, order.order_line, strict=True):
            work.purchase_line_id = line
        order.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": order, "origin": source},
            subtype_xmlid="mail.mt_note",
        )
        return order
