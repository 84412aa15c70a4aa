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
            machines = intervention.equipment_ids.filtered(lambda m: m.state != "in_repair")
            intervention._move_machines(machines, back=False)
            machines.state = "in_repair"
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

    def _check_workshop(self):
        if self.intervention_type != "workshop" or not self.equipment_ids:
            raise UserError(
                self.env._(
                    "%(intervention)s is no work on machines in the workshop: choose the type "
                    "« Workshop » and the machines first.",
                    intervention=self.name,
                )
            )

    def _move_machines(self, machines, back):
        """Transfer machines that we know by their lot; others only change their state."""
        warehouse_sudo = self._get_warehouse().sudo()
        stock = warehouse_sudo.lot_stock_id
        customer = self.partner_id.with_company(self.company_id).property_stock_customer
        for machine in machines.filtered("lot_id"):
            source, destination = (stock, customer) if back else (customer, stock)
            self.env["stock.picking"].sudo()._move_machine(
                warehouse_sudo.out_type_id if back else warehouse_sudo.in_type_id,
                source,
                destination,
                machine.product_id,
                machine.lot_id,
                partner_id=self.site_id.id or self.partner_id.id,
                origin=self.name,
                intervention_id=self.id,
            )
