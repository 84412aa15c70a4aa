from odoo import models

from .service_equipment_life import DATED_CHANGES


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    def _delivery_key(self):
        """What tells this machine from others in a delivery; see stock.move.line."""
        self.ensure_one()
        if self.product_id.tracking == "lot":
            return (self.company_id, self.lot_id, self.partner_id.commercial_partner_id)
        return (self.company_id, self.lot_id)

    def _is_at_customer(self):
        """Whether the goods are with the customer, as far as we know."""
        self.ensure_one()
        return self.active and self.state not in ("draft", "returned", "retired")

    def _is_counted_in_service(self):
        """Whether more of the same lot adds to the quantity of this record."""
        self.ensure_one()
        return self.product_id.tracking == "lot" and self._is_at_customer()

    def _count(self, quantity):
        """Correct how many machines this record counts; the parts in them go with it."""
        self.ensure_one()
        if quantity == self.quantity:
            return
        for part in self.component_ids.filtered(lambda part: part.state == "installed"):
            part.quantity = part.product_id.uom_id.round(
                part.quantity * quantity / self.quantity, rounding_method="UP"
            )
        self.quantity = quantity

    def _place_again(self, placement, date):
        """Bring known machines to an address; they leave behind what tied them to another owner.

        :param placement: see ``stock.move.line._prepare_placement_values``
        :param date: the day on which they came there
        :return: ``{service.equipment: sentence}`` about those that nobody had returned
        """
        customer = self.env["res.partner"].browse(placement["partner_id"])
        changing = self.filtered(lambda machine: machine.partner_id != customer)
        unreturned = changing.filtered(lambda machine: machine._is_at_customer())
        remarks = {
            machine: self.env._(
                "Delivered to %(customer)s although it was in service at %(owner)s and never "
                "returned: the owner was changed.",
                customer=customer.display_name,
                owner=machine.partner_id.display_name,
            )
            for machine in unreturned
        }
        changing.write(
            {
                "parent_id": False,
                "contact_id": False,
                "installation_date": False,
                "commissioning_date": False,
            }
        )
        placement = {**placement, "active": True, "retirement_date": False}
        for changes, machines in self.grouped(lambda m: m._get_dated_changes(placement)).items():
            machines.write({**placement, **{DATED_CHANGES[name]: date for name in changes}})
        unreturned._message_log_batch({machine.id: text for machine, text in remarks.items()})
        return remarks
