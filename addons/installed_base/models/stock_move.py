from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._return_equipment()
        moves._deliver_equipment()
        return moves

    def _deliver_equipment(self):
        """Make the installed base out of what these done moves brought to customers.

        A machine that comes back to a customer under the same serial number keeps its record and
        its history. A line makes or moves its machine once, however often this is called.

        :return: the service.equipment that were delivered, new and known ones
        """
        lines = self._get_delivered_equipment_lines().sudo()
        if not lines:
            return self.env["service.equipment"]
        lines.lot_id._serialize_deliveries()
        known = lines._find_known_equipment()
        returning = lines.filtered(lambda line: line._equipment_key() in known)
        remarks = {}
        delivered = {
            **returning._redeliver_equipment(known, remarks),
            **(lines - returning)._create_equipment(),
        }
        lines._log_delivery(delivered, remarks)
        return self.env["service.equipment"].union(*delivered)

    def _return_equipment(self):
        """Take back the machines that customers sent back with these done moves.

        :return: the service.equipment that came back, wholly or in part
        """
        lines = self._get_returned_equipment_lines().sudo()
        if not lines:
            return self.env["service.equipment"]
        return lines._take_back_equipment().with_env(self.env)

    def _get_delivered_equipment_lines(self):
        """Done lines of machines that went to a customer and were not counted yet."""
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.picking_id
                and move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
                and move._delivers_equipment()
            )
        ).move_line_ids.filtered(
            lambda line: (
                line.quantity > 0 and not line.service_equipment_id and line._get_equipment_site()
            )
        )

    def _get_returned_equipment_lines(self):
        """Done lines that came back from a customer for good and were not counted yet."""
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.location_id.usage == "customer"
                and move.location_dest_id.usage in ("internal", "transit", "supplier")
            )
        ).move_line_ids.filtered(
            lambda line: (
                line.quantity > 0
                and not line.service_equipment_id
                and (line.lot_id or line.move_id._delivers_equipment())
            )
        )

    def _delivers_equipment(self):
        """Whether the goods of this move are a machine, or a part of one."""
        self.ensure_one()
        return self.product_id.is_equipment

    def _get_equipment_date(self, machine=None):
        """The day of this done move where its agency is, whoever validates it.

        :param machine: the service.equipment that it moved, if that is known
        """
        self.ensure_one()
        agency = machine.agency_id if machine else self._get_equipment_agency()
        return agency._get_day(self.date)

    def _get_equipment_agency(self):
        """The agency that the machines of this move have, or will have once it made them."""
        site = self._get_equipment_site()
        warehouse = self.picking_id.picking_type_id.warehouse_id
        return self.env["service.agency"]._choose(
            site, site.commercial_partner_id, self.company_id, warehouse
        )

    def _get_equipment_site(self):
        """The address that this move brought goods to, or took them back from."""
        self.ensure_one()
        return (
            # of goods that the supplier sends to the customer, the transfer names the supplier
            self.purchase_line_id.order_id.dest_address_id
            or self.partner_id
            or self.picking_id.partner_id
            or self.sale_line_id.order_id.partner_shipping_id
        )

    def _replay_equipment(self):
        """Deliver and take back what these done moves moved, in the order in which they did.

        Moves that do not follow each other with the same machines are taken together.

        :return: the service.equipment that were delivered
        """
        rounds = {}
        for move, number in self.sorted(lambda move: (move.date, move.id))._number_rounds():
            rounds.setdefault(number, self.browse())
            rounds[number] |= move
        equipment = self.env["service.equipment"]
        for number in sorted(rounds):
            if number % 2:
                rounds[number]._return_equipment()
            else:
                equipment |= rounds[number]._deliver_equipment()
        return equipment

    def _number_rounds(self):
        """Yield each move with its round: even for deliveries, odd for returns.

        A move comes in a later round than what moved the same serial numbers before it.
        """
        last = {}  # key: the round of its last move
        for move in self:
            parity = int(move.location_id.usage == "customer")
            keys = {(move.company_id, lot) for lot in move.move_line_ids.lot_id} or {
                move.origin_returned_move_id or move
            }
            number = max((last.get(key, -1) for key in keys), default=-1)
            together = move.product_id.tracking != "serial" and number >= 0
            if not (together and number % 2 == parity):
                number += 1
                number += number % 2 != parity
            last.update(dict.fromkeys(keys, number))
            yield move, number
