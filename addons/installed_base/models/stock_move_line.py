from odoo import fields, models
from odoo.fields import Domain


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # the search for what happened to a serial number must not read all lines there ever were
    lot_id = fields.Many2one(index="btree_not_null")
    service_equipment_id = fields.Many2one(
        "service.equipment",
        string="Equipment",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The machine that this line delivered to a customer or took back, once.",
    )

    def _get_equipment_site(self):
        """The address that this line was delivered to, or came back from."""
        self.ensure_one()
        return self.move_id._get_equipment_site()

    def _equipment_key(self):
        """What tells one machine from another: its serial, its lot at one customer, its move."""
        self.ensure_one()
        if not self.lot_id:
            return (self.move_id,)
        if self.product_id.tracking == "lot":
            return (self.company_id, self.lot_id, self._get_equipment_site().commercial_partner_id)
        return (self.company_id, self.lot_id)

    def _find_known_equipment(self):
        """Return ``{key: service.equipment}`` for the lots of these lines that are known.

        A machine that was typed with the number of such a lot gets the lot; what was merged into
        another record stays as it is.
        """
        lots = {(lot.product_id, lot.name): lot for lot in self.lot_id}
        machines = (
            self.env["service.equipment"]
            .with_context(active_test=False)
            .search(
                Domain("company_id", "in", self.company_id.ids)
                & Domain("merged_into_id", "=", False)
                & (
                    Domain("lot_id", "in", self.lot_id.ids)
                    | Domain("lot_id", "=", False)
                    & Domain("product_id", "in", self.lot_id.product_id.ids)
                    & Domain("serial_number", "in", self.lot_id.mapped("name"))
                ),
                order="active, id",
            )
        )
        for machine in machines.filtered(lambda m: not m.lot_id):
            machine.lot_id = lots.get((machine.product_id, machine.serial_number))
        return {machine._delivery_key(): machine for machine in machines if machine.lot_id}

    def _create_equipment(self):
        """Create one machine per serial, lot and customer, or untracked move.

        :return: ``{service.equipment: lines}``, what delivered each of them
        """
        groups = list(self.grouped(lambda line: line._equipment_key()).values())
        receipts = self.lot_id._find_purchase_receipts(self.company_id)
        prices = {line: line._get_equipment_price() for line in self.move_id.sale_line_id}
        equipment = self.env["service.equipment"].create(
            [lines._prepare_equipment_values(receipts, prices) for lines in groups]
        )
        delivered = dict(zip(equipment, groups, strict=True))
        for machine, lines in delivered.items():
            lines.service_equipment_id = machine
        return delivered

    def _prepare_equipment_values(self, receipts, prices):
        """Values of the machine that these lines (all of one key) delivered.

        :param receipts: ``{(res.company, stock.lot): stock.move}``, how each lot came in
        :param prices: ``{sale.order.line: price}`` of one unit of the product
        """
        return {
            **self._prepare_placement_values(),
            **self._prepare_delivery_values(prices),
            **self._prepare_supply_values(receipts),
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": sum(self.mapped("quantity_product_uom")),
            "company_id": self.company_id.id,
            "certainty": "as_sold",
        }

    def _prepare_supply_values(self, receipts):
        """Where the goods of these lines came from, and what their supplier guarantees."""
        line = self[0]
        product = line.product_id.with_company(line.company_id)
        receipt = receipts.get((line.company_id, line.lot_id)) or line.move_id.filtered(
            "purchase_line_id"
        )
        supplier = receipt.purchase_line_id.order_id.partner_id
        return {
            "purchase_price": receipt.price_unit or product.standard_price,
            "supplier_id": (supplier or product._get_usual_supplier(line.company_id)).id,
            **product._prepare_supplier_warranty((receipt or line.move_id)._get_equipment_date()),
        }

    def _prepare_placement_values(self):
        """Where these lines (all to one address) brought their machines."""
        site = self[0]._get_equipment_site()
        values = {
            "partner_id": site.commercial_partner_id.id,
            "site_id": site.id,
            "state": "in_service",
        }
        if site.parent_id and site.type == "contact" and not site.is_company:
            values["contact_id"] = site.id
        return values

    def _prepare_delivery_values(self, prices):
        """How these lines (all of one key) were sold and delivered."""
        line = self[0]
        sale_line = line.move_id.sale_line_id
        return {
            "delivery_date": line.move_id._get_equipment_date(),
            "delivery_move_line_id": line.id,
            "sale_line_id": sale_line.id,
            "sale_price": prices[sale_line] if sale_line.product_id == line.product_id else 0.0,
        }

    def _redeliver_equipment(self, known, remarks):
        """Bring known machines to the customers of these lines.

        More of a lot that is in service at its customer is counted with what stands there.

        :param known: ``{key: service.equipment}``
        :param remarks: ``{service.equipment: sentence}``, to be filled with what to say about them
        :return: ``{service.equipment: lines}``, what delivered each of them
        """
        groups = self.grouped(lambda line: line._equipment_key())
        prices = {line: line._get_equipment_price() for line in self.move_id.sale_line_id}
        joined = {key for key in groups if known[key]._is_counted_in_service()}
        placed = self.filtered(lambda line: line._equipment_key() not in joined)
        together = placed.grouped(
            lambda line: (line._get_equipment_site(), line.move_id._get_equipment_date())
        )
        for (_site, date), lines in together.items():
            machines = self.env["service.equipment"].union(
                *(known[line._equipment_key()] for line in lines)
            )
            remarks.update(machines._place_again(lines._prepare_placement_values(), date))
        for key, lines in groups.items():
            machine = known[key]
            there = machine.quantity if key in joined else 0.0
            machine._count(there + sum(lines.mapped("quantity_product_uom")))
            if key not in joined:  # what stands there keeps the day and the sale it came with
                machine.write({**lines._prepare_delivery_values(prices), "certainty": "as_sold"})
            lines.service_equipment_id = machine
        return {known[key]: lines for key, lines in groups.items()}

    def _log_delivery(self, delivered, remarks):
        """Write to the history of machines which transfers brought them.

        :param delivered: ``{service.equipment: lines}``
        :param remarks: ``{service.equipment: sentence}``
        """
        values = []
        for machine, lines in delivered.items():
            move = lines[0].move_id
            description = lines._describe_transfer()
            if machine in remarks:
                description = f"{description}. {remarks[machine]}"
            values.append(
                {
                    "equipment_id": machine.id,
                    "event_type": "delivered",
                    "date": move.date,
                    "description": description,
                    "new_value": lines[0]._get_equipment_site().display_name,
                    "res_model": "stock.picking",
                    "res_id": move.picking_id.id,
                }
            )
        self.env["service.equipment.event"].create(values)

    def _describe_transfer(self):
        """The transfer of these lines, with the quantity of goods that are counted."""
        product = self.product_id
        if len(product) > 1 or product.tracking == "serial":
            return self[0].reference
        quantity = product.uom_id.round(sum(self.mapped("quantity_product_uom")))
        return f"{self[0].reference}: {quantity:g} {product.uom_id.name}"
