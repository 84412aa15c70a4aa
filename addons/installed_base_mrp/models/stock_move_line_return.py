from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _take_back_equipment(self):
        parts = self.filtered(lambda line: line.move_id._get_equipment_kit())
        equipment = super(StockMoveLine, self - parts)._take_back_equipment()
        orders = parts.grouped(
            lambda line: (line.move_id._get_equipment_kit(), line.move_id._get_kit_source())
        )
        for (kit, _source), lines in orders.items():
            equipment |= lines._take_back_kits(kit)
        return equipment

    def _take_back_kits(self, kit):
        """Take these parts (of one order of a kit) out of the machines that they were in.

        A machine of which all parts came back is returned, with its parts.

        :return: the service.equipment that came back, wholly or in part
        """
        machines = self._find_kit_equipment(kit)
        installed = machines.component_ids.filtered(
            lambda part: part.as_sold and part.state == "installed"
        )
        left = {part: part.quantity for part in installed}
        lines_by_machine = {}
        for line in self:
            quantity = line.quantity_product_uom
            for part in line._sort_returning_parts(installed, machines):
                taken = min(quantity, left[part])
                if part.product_id.uom_id.compare(taken, 0) <= 0:
                    continue
                left[part] -= taken
                quantity -= taken
                machine = part.equipment_id
                lines_by_machine.setdefault(machine, self.browse())
                lines_by_machine[machine] |= line
                line.service_equipment_id = line.service_equipment_id or machine
        touched = machines.browse().union(*lines_by_machine)
        whole = touched.filtered(
            lambda m: all(
                part.product_id.uom_id.is_zero(left[part])
                for part in installed
                if part.equipment_id == m
            )
        )
        move = self[0].move_id
        for date, gone in whole.grouped(move._get_equipment_date).items():
            gone.write({"state": "returned", "state_since": date})
        returned = [
            lines_by_machine[machine]._prepare_return_event(machine, 1.0, 0.0) for machine in whole
        ]
        self.env["service.equipment.event"].create(returned)
        installed.filtered(lambda part: part.equipment_id in touched - whole)._take_out(
            left, self[0]
        )
        return touched

    def _sort_returning_parts(self, parts, machines):
        """The parts that this line may take back: of the last machine first."""
        self.ensure_one()
        order = {machine: number for number, machine in enumerate(machines)}
        return parts.filtered(
            lambda part: part.product_id == self.product_id and part.lot_id == self.lot_id
        ).sorted(lambda part: order[part.equipment_id], reverse=True)
