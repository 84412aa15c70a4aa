from dateutil.relativedelta import relativedelta

from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _get_equipment_site(self):
        """The address that this line was delivered to."""
        self.ensure_one()
        return (
            self.picking_id.partner_id
            or self.move_id.partner_id
            or self.move_id.sale_line_id.order_id.partner_shipping_id
        )

    def _equipment_key(self):
        """What tells one machine from another: its serial, or its lot at one customer."""
        self.ensure_one()
        customer = self._get_equipment_site().commercial_partner_id
        return (self.lot_id, customer if self.product_id.tracking == "lot" else None)

    def _find_equipment_of_lots(self):
        """Return ``{key: service.equipment}`` for the lots of these lines that are known."""
        machines = (
            self.env["service.equipment"]
            .with_context(active_test=False)
            .search([("lot_id", "in", self.lot_id.ids)], order="active, id")
        )
        return {
            (
                machine.lot_id,
                machine.partner_id if machine.product_id.tracking == "lot" else None,
            ): machine
            for machine in machines
        }

    def _redeliver_equipment(self, known):
        """Bring known machines to the customers of these lines; return them."""
        moved = self.env["service.equipment"]
        for site, lines in self.grouped(lambda line: line._get_equipment_site()).items():
            machines = moved.union(*(known[line._equipment_key()] for line in lines)) - moved
            elsewhere = machines.filtered(
                lambda machine, site=site: (
                    machine.state == "in_service"
                    and machine.partner_id != site.commercial_partner_id
                )
            )
            machines.write(
                {
                    "partner_id": site.commercial_partner_id.id,
                    "site_id": site.id,
                    "state": "in_service",
                    "active": True,
                }
            )
            elsewhere._message_log_batch(
                {
                    machine.id: self.env._(
                        "Delivered to %(customer)s although it was in service elsewhere and never "
                        "returned: the owner was changed.",
                        customer=site.commercial_partner_id.display_name,
                    )
                    for machine in elsewhere
                }
            )
            moved |= machines
        for line in self:
            machine = known[line._equipment_key()]
            if line.product_id.tracking == "lot":
                machine.quantity += line.quantity_product_uom
            machine.delivery_move_line_id = line
            machine.delivery_date = line._get_equipment_delivery_date()
            machine.sale_line_id = line.move_id.sale_line_id
        return moved

    def _create_equipment(self):
        """Create one machine per serial, lot and customer, or untracked line."""
        groups = self.grouped(
            lambda line: line._equipment_key() if line.lot_id else (line, None)
        ).values()
        receipts = self._find_purchase_receipts()
        return self.env["service.equipment"].create(
            [lines._prepare_equipment_values(receipts) for lines in groups]
        )

    def _prepare_equipment_values(self, receipts):
        """Values of the machine that these lines (all of one key) delivered.

        :param receipts: ``{stock.lot: stock.move}``, how each lot came in
        """
        line = self[0]
        site = line._get_equipment_site()
        delivered = line._get_equipment_delivery_date()
        receipt = receipts.get(line.lot_id, self.env["stock.move"])
        seller = line.product_id.seller_ids[:1]
        values = {
            "product_id": line.product_id.id,
            "lot_id": line.lot_id.id,
            "quantity": sum(self.mapped("quantity_product_uom")),
            "company_id": line.company_id.id,
            "partner_id": site.commercial_partner_id.id,
            "site_id": site.id,
            "state": "in_service",
            "certainty": "as_sold",
            "delivery_date": delivered,
            "delivery_move_line_id": line.id,
            "sale_line_id": line.move_id.sale_line_id.id,
            "sale_price": line.move_id.sale_line_id.price_reduce_taxexcl,
            "purchase_price": receipt.price_unit or line.product_id.standard_price,
            "supplier_id": (receipt.purchase_line_id.order_id.partner_id or seller.partner_id).id,
        }
        months = line.product_id.supplier_warranty_months
        if months:
            start = receipt.date.date() if receipt else delivered
            values["supplier_warranty_start"] = start
            values["supplier_warranty_end"] = start + relativedelta(months=months, days=-1)
        return values

    def _find_purchase_receipts(self):
        """Return ``{stock.lot: stock.move}``: the last purchase receipt of each lot."""
        received = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("state", "=", "done"),
                ("move_id.purchase_line_id", "!=", False),
            ],
            order="id",
        )
        return {line.lot_id: line.move_id for line in received}

    def _get_equipment_delivery_date(self):
        self.ensure_one()
        return fields.Datetime.context_timestamp(self, self.move_id.date).date()
