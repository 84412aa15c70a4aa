from odoo import fields, models
from odoo.exceptions import UserError


class ServiceIntervention(models.Model):
    """Machines that come into the workshop and go back, and those lent meanwhile."""

    _inherit = "service.intervention"

    loan_ids = fields.One2many("service.loan", "intervention_id", string="Loans")
    machine_state = fields.Selection(
        selection=lambda self: (
            self.env["service.equipment"]._fields["state"]._description_selection(self.env)
        ),
        compute="_compute_machine_state",
    )

    def _compute_machine_state(self):
        for intervention in self:
            intervention.machine_state = intervention.equipment_ids[:1].state

    def action_receive_machines(self):
        """Take the machines into the workshop; they remain the customer's.

        :raise UserError: when there is none, or it is not done in the workshop
        """
        for intervention in self:
            intervention._check_workshop()
            machines = intervention.equipment_ids
            intervention._move_machines(machines, back=False)
            machines.filtered(lambda machine: machine.state != "in_repair").state = "in_repair"
        return True

    def action_give_back_machines(self):
        """Send the machines back to the customer, in service again.

        :raise UserError: when there is none, or it is not done in the workshop
        """
        for intervention in self:
            intervention._check_workshop()
            machines = intervention.equipment_ids.filtered(lambda m: m.state == "in_repair")
            intervention._move_machines(machines, back=True)
            machines.state = "in_service"
        return True

    def action_arrive(self, at=None):
        """The technician works: a machine of the workshop is there by then."""
        result = super().action_arrive(at)
        in_workshop = self.filtered(lambda i: i.intervention_type == "workshop" and i.equipment_ids)
        in_workshop.action_receive_machines()
        return result

    def _check_workshop(self):
        self.check_access("write")
        if self.intervention_type != "workshop" or not self.equipment_ids:
            raise UserError(
                self.env._(
                    "%(intervention)s is no work on machines in the workshop: choose the type "
                    "« Workshop » and the machines first.",
                    intervention=self.name,
                )
            )

    def _move_machines(self, machines, back):
        """Transfer machines that we know by their lot and that are not there yet; the others only
        change their state."""
        known = machines.filtered("lot_id")
        if not known:
            return
        warehouse_sudo = self._get_warehouse().sudo()
        workshop = warehouse_sudo._get_workshop_location()
        customer = self.partner_id.with_company(self.company_id).property_stock_customer
        places = self._find_places(known.lot_id)
        for machine in known:
            place = places.get(machine.lot_id)
            is_ours = place and place.usage != "customer"
            if bool(is_ours) != back:
                continue
            source, destination = (place, customer) if back else (customer, workshop)
            self.env["stock.picking"].sudo()._move_machine(
                warehouse_sudo.out_type_id if back else warehouse_sudo.in_type_id,
                source,
                destination,
                machine.product_id,
                machine.lot_id,
                self._find_owner(machine.lot_id, place) if back else self.partner_id,
                partner_id=self.site_id.id or self.partner_id.id,
                origin=self.name,
                intervention_id=self.id,
            )

    def _find_places(self, lots):
        """Return ``{lot: place}`` where the last transfer brought each of them."""
        lines_sudo = self.env["stock.move.line"].sudo()
        done = lines_sudo.search(
            [("lot_id", "in", lots.ids), ("state", "=", "done")], order="date, id"
        )
        return {line.lot_id: line.location_dest_id for line in done}

    def _find_owner(self, lot, place):
        """Whose machine it was booked as when it came to a place; nobody's is ours."""
        quants_sudo = self.env["stock.quant"].sudo()
        return quants_sudo.search(
            [("lot_id", "=", lot.id), ("location_id", "=", place.id), ("quantity", ">", 0)], limit=1
        ).owner_id
