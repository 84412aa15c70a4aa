from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceIntervention(models.Model):
    """A subcontractor does it, and is ordered to."""

    _inherit = "service.intervention"

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

    def action_order_subcontractor(self):
        """Ask the subcontractor of each intervention for a quotation: a draft purchase order.

        An intervention that was ordered already is left alone.

        :return: True
        :raise UserError: without a subcontractor, or without the product to order
        """
        alone = self.filtered(lambda i: not i.vendor_id)
        if alone:
            raise UserError(
                self.env._(
                    "Give %(intervention)s a subcontractor first.", intervention=alone[0].name
                )
            )
        for company, own in (
            self.filtered(lambda i: not i.purchase_line_id).grouped("company_id").items()
        ):
            if not company.service_subcontract_product_id:
                raise UserError(
                    self.env._(
                        "Nobody said what is ordered from a subcontractor: choose the product "
                        "« Subcontracted Work » in the settings."
                    )
                )
            # sudo: who plans the work orders it, without the other rights of a buyer
            orders = self.env["purchase.order"].sudo().with_company(company)
            for intervention in own:
                order = orders.create(intervention._prepare_subcontract_order())
                intervention.purchase_line_id = order.order_line
                order.message_post_with_source(
                    "mail.message_origin_link",
                    render_values={"self": order, "origin": intervention},
                    subtype_xmlid="mail.mt_note",
                )
        return True

    def _prepare_subcontract_order(self):
        self.ensure_one()
        return {
            "partner_id": self.vendor_id.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "order_line": [Command.create(self._prepare_subcontract_line())],
        }

    def _prepare_subcontract_line(self):
        product = self.company_id.service_subcontract_product_id
        in_hours = product.uom_id._has_common_reference(self.env.ref("uom.product_uom_hour"))
        return {
            "product_id": product.id,
            "name": f"{product.display_name}\n{self.display_name}",
            "product_qty": self.planned_hours if in_hours else 1,
            "date_planned": self.planned_start or fields.Datetime.now(),
        }

    def action_view_subcontract_order(self):
        """Open the order to the subcontractor."""
        self.ensure_one()
        return self.purchase_order_id._get_records_action()
