from odoo import models
from odoo.fields import Domain


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _take_back_equipment(self):
        """Take the quantities of these lines off the machines that they were.

        A machine of which nothing is left at the customer is returned.

        :return: the service.equipment that came back, wholly or in part
        """
        known = self._find_returning_equipment()
        left = {machine: machine.quantity for machines in known.values() for machine in machines}
        before, returned = dict(left), {}
        for line in self:
            quantity = line.quantity_product_uom
            for machine in known[line]:
                taken = min(quantity, left[machine])
                if taken <= 0:
                    continue
                left[machine] -= taken
                quantity -= taken
                returned[machine] = returned.get(machine, self.browse()) | line
                line.service_equipment_id = line.service_equipment_id or machine
        equipment = self.env["service.equipment"].union(*returned)
        gone = equipment.filtered(lambda m: m.product_id.uom_id.is_zero(left[m]))
        for date, machines in gone.grouped(
            lambda m: returned[m][0].move_id._get_equipment_date(m)
        ).items():
            machines.write({"state": "returned", "state_since": date})
        for machine in equipment - gone:
            machine._count(left[machine])
        self.env["service.equipment.event"].create(
            [
                lines._prepare_return_event(machine, before[machine], left[machine])
                for machine, lines in returned.items()
            ]
        )
        return equipment

    def _find_returning_equipment(self):
        """Return ``{line: service.equipment}``: what each line may have been, the likeliest first.

        A lot is that of the customer who sends it back, or of the only one who has it. Of
        untracked goods it is what the returned move had delivered, then what this customer got
        last.
        """
        customers = {line: line._get_returning_customer() for line in self}
        delivered = self.move_id.origin_returned_move_id.move_line_ids.service_equipment_id
        untracked = self.filtered(lambda line: not line.lot_id)
        machines = self.env["service.equipment"].search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "not in", ("draft", "returned", "retired"))
            & (
                Domain("lot_id", "in", self.lot_id.ids)
                | Domain("lot_id", "=", False)
                & Domain("product_id", "in", untracked.product_id.ids)
                & (
                    Domain("partner_id", "in", [c.id for c in customers.values()])
                    | Domain("id", "in", delivered.ids)
                )
            ),
            order="id desc",
        )
        by_goods = machines.grouped(lambda m: (m.company_id, m.product_id, m.lot_id))
        return {
            line: line._choose_returning(
                by_goods.get((line.company_id, line.product_id, line.lot_id), machines.browse()),
                customer,
            )
            for line, customer in customers.items()
        }

    def _choose_returning(self, machines, customer):
        """Those of ``machines`` that this line may have been, the likeliest first."""
        self.ensure_one()
        theirs = machines.filtered(lambda machine: machine.partner_id == customer)
        if not theirs and self.lot_id and len(machines) == 1:
            return machines
        delivered = self.move_id.origin_returned_move_id.move_line_ids.service_equipment_id
        return (machines & delivered) | theirs

    def _get_returning_customer(self):
        self.ensure_one()
        site = self._get_equipment_site()
        delivery = self.move_id.origin_returned_move_id.move_line_ids[:1]
        if not site and delivery:
            site = delivery._get_equipment_site()
        return site.commercial_partner_id

    def _prepare_return_event(self, machine, before, after):
        """Values of the event that these lines took back (a part of) a machine."""
        source = self[0].picking_id or self[0].move_id
        counted = machine.product_id.tracking != "serial"
        return {
            "equipment_id": machine.id,
            "event_type": "returned",
            "date": self[0].move_id.date,
            "description": self._describe_transfer(),
            "old_value": counted and f"{before:g}",
            "new_value": counted and f"{after:g}",
            "res_model": source._name,
            "res_id": source.id,
        }
