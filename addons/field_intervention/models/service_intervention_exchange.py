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

    def _take_back_defective(self, product, lot, quantity, technician=None):
        """Move a defective part from the customer into the van, apart from the good ones.

        :param technician: the employee who takes it along (default: the one of the intervention)
        :return: the done stock.move
        :raise UserError: when the part is tracked and its number was never entered, or the
            technician has no van
        """
        self.ensure_one()
        technician_sudo = (technician or self.technician_id).sudo()
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
