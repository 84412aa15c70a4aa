from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ServiceIntervention(models.Model):
    """A subcontractor does it, and is ordered to."""

    _name = "service.intervention"
    _inherit = ["service.intervention", "service.purchased"]

    @api.constrains("technician_id", "vendor_id")
    def _check_one_performer(self):
        both = self.filtered(lambda i: i.technician_id and i.vendor_id)
        if both:
            raise ValidationError(
                self.env._(
                    "%(intervention)s is done by a technician or by a subcontractor instead: "
                    "choose one of them.",
                    intervention=both[0].name,
                )
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
        waiting = self.filtered(lambda i: not i.purchase_line_id)
        if not all(company.service_subcontract_product_id for company in waiting.company_id):
            raise UserError(
                self.env._(
                    "Nobody said what is ordered from a subcontractor: choose the product "
                    "« Subcontracted Work » in the settings."
                )
            )
        for intervention in waiting:
            intervention._order_from(intervention.vendor_id, intervention)
        return True

    def _prepare_purchase_line(self):
        self.ensure_one()
        product = self.company_id.service_subcontract_product_id
        description = product.with_context(lang=self.vendor_id.lang).display_name
        in_hours = product.uom_id._has_common_reference(self.env.ref("uom.product_uom_hour"))
        return {
            "product_id": product.id,
            "name": f"{description}\n{self.display_name}",
            "product_qty": self.planned_hours if in_hours else 1,
            "date_planned": self.planned_start or fields.Datetime.now(),
        }
