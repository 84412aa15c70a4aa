from odoo import models
from odoo.fields import Command


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _equipment_key(self):
        # the serial number of a part is not that of the machine
        if self.move_id._get_equipment_kit():
            return (self.move_id,)
        return super()._equipment_key()

    def _create_equipment(self):
        parts = self.filtered(lambda line: line.move_id._get_equipment_kit())
        delivered = super(StockMoveLine, self - parts)._create_equipment()
        orders = parts.grouped(
            lambda line: (line.move_id._get_equipment_kit(), line.move_id._get_kit_source())
        )
        for (kit, _source), lines in orders.items():
            delivered.update(lines._deliver_kits(kit))
        return delivered

    def _deliver_kits(self, kit):
        """Make one machine for each kit of which these lines (of one order) deliver parts.

        Parts that come later, by a backorder, complete the machines that still lack them.

        :return: ``{service.equipment: lines}``, what delivered (a part of) each of them
        """
        known = self._find_kit_equipment(kit)
        shares = self._share_kit_parts(
            kit._get_kit_parts(self.company_id), known, self.move_id._count_ordered_kits(kit)
        )
        receipts = self.lot_id._find_purchase_receipts(self.company_id)
        machines = known + self.env["service.equipment"].create(
            [self._prepare_kit_values(kit, parts, receipts) for parts in shares[len(known) :]]
        )
        self.env["service.equipment.component"].create(
            [
                {"equipment_id": machine.id, **line._prepare_part_values(quantity, receipts)}
                for machine, parts in zip(known, shares, strict=False)
                for line, quantity in parts
            ]
        )
        delivered = {}
        for machine, parts in zip(machines, shares, strict=True):
            for line, _quantity in parts:
                delivered[machine] = delivered.get(machine, self.browse()) | line
                line.service_equipment_id = line.service_equipment_id or machine
        return delivered

    def _find_kit_equipment(self, kit):
        """The machines that earlier deliveries of the same order of a kit made, oldest first."""
        return self.env["service.equipment"].search(
            [
                ("delivery_move_line_id", "in", self.move_id._get_kit_moves().move_line_ids.ids),
                ("product_id", "=", kit.id),
                ("state", "not in", ("returned", "retired")),
            ],
            order="id",
        )

    def _share_kit_parts(self, needed, known, most):
        """Share these parts out among kits; what is too much goes to the last one.

        :param needed: ``{product.product: quantity}`` of the parts of one kit
        :param known: the service.equipment that may still lack parts
        :param most: how many kits there are at most, or None
        :return: a list of ``[(line, quantity)]``: for the known machines, then for new ones
        """
        rooms = [dict(needed) for _machine in known]
        for room, machine in zip(rooms, known, strict=True):
            for part in machine.component_ids.filtered("as_sold"):
                room[part.product_id] = room.get(part.product_id, 0.0) - part.quantity
        shares = [[] for _machine in known]
        first = {}  # product: the first kit that may lack it
        for line in self:
            product, left = line.product_id, line.quantity_product_uom
            number = first.get(product, 0)
            while not product.uom_id.is_zero(left):
                if number == len(rooms):
                    rooms.append(dict(needed))
                    shares.append([])
                is_last = product not in needed or (most and number + 1 >= most)
                room = rooms[number].get(product, 0.0)
                quantity = left if is_last else max(min(left, room), 0.0)
                if quantity:
                    shares[number].append((line, quantity))
                    rooms[number][product] = room - quantity
                    left -= quantity
                first[product] = number
                number += 1
        return shares

    def _prepare_kit_values(self, kit, parts, receipts):
        """Values of the machine that these parts (a list of ``(line, quantity)``) make."""
        line = parts[0][0]
        sale_line = line.move_id.sale_line_id
        components = [part._prepare_part_values(quantity, receipts) for part, quantity in parts]
        return {
            **line._prepare_placement_values(),
            **line._prepare_delivery_values({}),
            "sale_price": sale_line.product_id == kit and sale_line._get_equipment_price(),
            "product_id": kit.id,
            "company_id": line.company_id.id,
            "certainty": "as_sold",
            "purchase_price": sum(
                quantity * part._prepare_supply_values(receipts)["purchase_price"]
                for part, quantity in parts
            ),
            "component_ids": [Command.create(values) for values in components],
        }

    def _prepare_part_values(self, quantity, receipts):
        """Values of the component that a quantity of this line is in a machine."""
        self.ensure_one()
        supply = self._prepare_supply_values(receipts)
        return {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": quantity,
            "as_sold": True,
            "install_date": self.move_id._get_equipment_date(),
            "supplier_id": supply["supplier_id"],
            "supplier_warranty_end": supply.get("supplier_warranty_end"),
        }
