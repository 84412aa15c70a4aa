from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .payload import get_moment

PART_FIELDS = (
    "id",
    "default_code",
    "name",
    "barcode",
    "uom_id",
    "tracking",
    "service_consumption_kind",
    "is_equipment",
    "is_storable",
)
MARGIN = timedelta(minutes=5)  # transactions that were running when the device called


class ServiceFieldSync(models.AbstractModel):
    """The van, the central stock and the catalogue of parts on a device."""

    _inherit = "service.field.sync"

    @api.model
    def _get_van_rows(self):
        """What is in the technician's van, for each place, lot and serial number."""
        employee_sudo = self.env.user.sudo().employee_id
        if not employee_sudo.stock_location_id:
            return []
        defective = employee_sudo.defective_location_id
        return [
            {
                "id": quant.id,
                "location": quant.location_id.id,
                "place": quant.location_id.name,
                "defective": quant.location_id == defective,
                "product": quant.product_id.id,
                "number": quant.lot_id.name or "",
                "quantity": quant.quantity,
                "counted": quant.inventory_quantity if quant.van_count_date else None,
            }
            for quant in employee_sudo._get_van_quants()
        ]

    @api.model
    def _get_catalogue(self, since=None):
        """Parts, labour, travel and machines, and what the central warehouse holds of them.

        :param since: ``time`` of the answer before; None for everything
        :return: ``{time, full, parts: [[id, code, name, barcode, unit, tracking, kind,
            whether it is kept in stock]], gone: [id], stock: [[id, quantity]]}``; stock of what
            moved since
        """
        now = fields.Datetime.now()
        since = get_moment(since, now) if since else None
        products = self.env["product.product"]
        changed = Domain.TRUE
        if since:
            limit = since - MARGIN
            changed = Domain("write_date", ">=", limit) | Domain(
                "product_tmpl_id.write_date", ">=", limit
            )
        listed = Domain("sale_ok", "=", True) | Domain("service_consumption_kind", "=", "part")
        parts = self._read_parts(changed & listed & Domain("active", "=", True))
        gone = []
        if since:
            known = products.with_context(active_test=False).search(changed)
            gone = sorted(set(known.ids) - {part[0] for part in parts})
        return {
            "time": now.isoformat(),
            "full": not since,
            "parts": parts,
            "gone": gone,
            "stock": self._get_central_stock(since),
        }

    @api.model
    def _read_parts(self, domain):
        """Products as the device keeps them. There are twenty thousand of them: their columns are
        read, no records are made."""
        products = self.env["product.product"]
        query = products._search(domain, order="id")
        columns = [products._field_to_sql(query.table, name, query) for name in PART_FIELDS]
        units = {unit.id: unit.name for unit in self.env["uom.uom"].search([])}
        return [
            [
                id_,
                code or "",
                name,
                barcode or "",
                units.get(unit, ""),
                tracking,
                "machine" if is_machine else kind,
                bool(is_stored),
            ]
            for id_, code, name, barcode, unit, tracking, kind, is_machine, is_stored in (
                self.env.execute_query(query.select(*columns))
            )
        ]

    @api.model
    def _get_central_stock(self, since):
        """``[[product id, quantity]]`` in the warehouses of the technician's agencies."""
        employee_sudo = self.env.user.sudo().employee_id
        agencies = employee_sudo.technician_agency_ids or self.env["service.agency"].sudo().search(
            [("company_id", "=", self.env.company.id)]
        )
        places = agencies.warehouse_id.lot_stock_id
        inside = Domain("location_id", "child_of", places.ids)
        if not places:
            return []
        quants = Domain("quantity", "!=", 0) & inside
        moved = None
        if since:
            outside = Domain("location_dest_id", "child_of", places.ids)
            recent = Domain("date", ">=", since - MARGIN) & Domain("state", "=", "done")
            moved = (
                self.env["stock.move.line"]
                .sudo()
                ._read_group(recent & (inside | outside), ["product_id"])
            )
            moved = [product.id for (product,) in moved]
            quants &= Domain("product_id", "in", moved)
        van_sudo = employee_sudo.stock_location_id
        if van_sudo:
            quants &= ~Domain("location_id", "child_of", van_sudo.id)
        found = dict(
            self.env["stock.quant"].sudo()._read_group(quants, ["product_id"], ["quantity:sum"])
        )
        held = {product.id: quantity for product, quantity in found.items()}
        return [[product, held.get(product, 0.0)] for product in (moved or held)]
