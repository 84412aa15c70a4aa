from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceIntervention(models.Model):
    """Defective parts that the technician takes along."""

    _inherit = "service.intervention"

    def action_exchange_part(self):
        """Ask which part of a machine was exchanged for which, or added."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change a Part"),
            "res_model": "service.intervention.exchange",
            "view_mode": "form",
            "target": "new",
            "context": {"default_intervention_id": self.id},
        }

    def _exchange_part(self, component, product, lot=False, takes_old_part=False, **found):
        """Install a part in the place of another one, and take the old one along.

        :param component: the service.equipment.component that is taken out
        :param product: the product.product that is installed, ``lot`` its stock.lot
        :param takes_old_part: whether the user's van takes the old part, as defective
        :param found: ``date`` and ``serial_number`` of the new part, see ``_replace``
        :return: the new component
        """
        self.ensure_one()
        old_product, old_lot = component.product_id, component.lot_id
        successor = component._replace(product, lot, source=self, **found)
        if takes_old_part and old_product.is_storable:
            self._take_back_defective(old_product, old_lot, component.quantity)
        return successor

    def _take_back_defective(self, product, lot, quantity):
        """Move a defective part from the customer into the van, apart from the good ones.

        The van is that of the technician who says so, a helper perhaps; else that of the visit.

        :return: the done stock.move
        :raise UserError: when the part is tracked and its number was never entered, or the
            technician has no van
        """
        self.ensure_one()
        own_sudo = self.env.user.sudo().employee_id
        technician_sudo = own_sudo if own_sudo.is_technician else self.sudo().technician_id
        technician_sudo._get_own_van()
        if product.tracking != "none" and not lot:
            raise UserError(
                self.env._(
                    "The old %(product)s is tracked and its number is not known: leave it with the "
                    "customer, or enter its number on the component first.",
                    product=product.display_name,
                )
            )
        customer = self.partner_id.with_company(self.company_id).property_stock_customer
        destination = technician_sudo._get_defective_location()
        places = {"location_id": customer.id, "location_dest_id": destination.id}
        line = {"product_id": product.id, "lot_id": lot.id, "quantity": quantity, **places}
        move_sudo = (
            self.env["stock.move"]
            .sudo()
            .create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "company_id": self.company_id.id,
                    "origin": self.name,
                    **places,
                    "move_line_ids": [Command.create(line)],
                }
            )
        )
        move_sudo._action_confirm(merge=False)
        move_sudo.picked = True
        move_sudo._action_done()
        return move_sudo
