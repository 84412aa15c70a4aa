from odoo import models
from odoo.fields import Command, Domain


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

        Parts that come later, by a backorder, complete the machines that still lack them. A kit
        that was returned and is sold again is the same machine.

        :return: ``{service.equipment: lines}``, what delivered (a part of) each of them
        """
        known = self._find_kit_equipment(kit)
        resold = self._find_resold_kits(kit)
        needed = kit._get_kit_parts(self.company_id)
        rooms = [machine._get_missing_kit_parts(needed) for machine in known]
        rooms += [dict(needed) for _machine in resold]
        owners = {
            lot: number
            for number, machine in enumerate(known + resold)
            for lot in (machine & resold).component_ids.lot_id
        }
        shares = self._share_kit_parts(needed, rooms, owners, self.move_id._count_ordered_kits(kit))
        receipts = self.lot_id._find_purchase_receipts(self.company_id)
        machines = known + resold
        components = []
        for machine, parts in zip(machines, shares, strict=False):
            added = machine._sell_kit_again(parts) if machine in resold else parts
            components += [
                {"equipment_id": machine.id, **line._prepare_part_values(quantity, receipts)}
                for line, quantity in added
            ]
        self.env["service.equipment.component"].create(components)
        machines += self.env["service.equipment"].create(
            [self._prepare_kit_values(kit, parts, receipts) for parts in shares[len(machines) :]]
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

    def _find_resold_kits(self, kit):
        """The returned machines of a kit that these lines deliver again.

        They are known by the serial numbers of their parts, or as what the move took back that
        these moves return.
        """
        returned = self.move_id.origin_returned_move_id.move_line_ids.service_equipment_id
        numbers = self.lot_id.filtered(lambda lot: lot.product_id.tracking == "serial")
        return self.env["service.equipment"].search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("product_id", "=", kit.id)
            & Domain("state", "=", "returned")
            & (
                Domain("component_ids.lot_id", "in", numbers.ids) | Domain("id", "in", returned.ids)
            ),
            order="id",
        )

    def _share_kit_parts(self, needed, rooms, owners, most):
        """Share these parts out among kits; what is too much goes to the last one.

        :param needed: ``{product.product: quantity}`` of the parts of one kit
        :param rooms: the like for each machine that there is: what it may still take
        :param owners: ``{stock.lot: number of the machine that it belongs to}``
        :param most: how many kits there are at most, or None
        :return: a list of ``[(line, quantity)]``: for the machines there are, then for new ones
        """
        shares = [[] for _room in rooms]
        first = {}  # product: the first kit that may lack it
        for line in self.sorted(lambda line: line.lot_id not in owners):
            product, left = line.product_id, line.quantity_product_uom
            owner = owners.get(line.lot_id)
            number = first.get(product, 0) if owner is None else owner
            while not product.uom_id.is_zero(left):
                if number == len(rooms):
                    rooms.append(dict(needed))
                    shares.append([])
                is_last = product not in needed or number == owner or (most and number + 1 >= most)
                room = rooms[number].get(product, 0.0)
                quantity = left if is_last else max(min(left, room), 0.0)
                if quantity:
                    shares[number].append((line, quantity))
                    rooms[number][product] = room - quantity
                    left -= quantity
                if owner is None:
                    first[product] = number
                number += 1
        return shares

    def _prepare_kit_values(self, kit, parts, receipts):
        """Values of the machine that these parts (a list of ``(line, quantity)``) make."""
        line = parts[0][0]
        components = [part._prepare_part_values(quantity, receipts) for part, quantity in parts]
        return {
            **line._prepare_placement_values(),
            **line._prepare_kit_delivery_values(kit),
            "product_id": kit.id,
            "company_id": line.company_id.id,
            "certainty": "as_sold",
            "purchase_price": sum(
                quantity * part._prepare_supply_values(receipts)["purchase_price"]
                for part, quantity in parts
            ),
            "component_ids": [Command.create(values) for values in components],
        }

    def _prepare_kit_delivery_values(self, kit):
        """How the machine was sold and delivered of which this line delivers a part."""
        sale_line = self.move_id.sale_line_id
        return {
            **self._prepare_delivery_values({}),
            "sale_price": sale_line.product_id == kit and sale_line._get_equipment_price(),
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
