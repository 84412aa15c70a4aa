from odoo import fields, models
from odoo.fields import Domain


class ServiceIntervention(models.Model):
    """The planned parts that the vans lack: neither kept for the job nor free."""

    _inherit = "service.intervention"

    part_shortage = fields.Text(
        string="Missing Parts",
        compute="_compute_part_shortage",
        help="Planned parts that are not in the van, or are kept there for another job, and where "
        "there are some.",
    )

    def _compute_part_shortage(self):
        missing = self._find_missing_parts()
        products = self.env["product.product"].union(*(p for m in missing.values() for p in m))
        stock = self._read_stock(products) if products else {}
        for intervention in self:
            parts = missing.get(intervention._origin.id, {})
            intervention.part_shortage = "\n".join(
                intervention._describe_shortage(product, quantity, stock.get(product, ()))
                for product, quantity in parts.items()
            )

    def _describe_shortage(self, product, quantity, stock):
        places = ", ".join(f"{place} {there:g}" for place, there in stock) or self.env._("nowhere")
        return self.env._(
            "%(quantity)s × %(product)s missing; in stock: %(places)s",
            quantity=f"{quantity:g}",
            product=product.display_name,
            places=places,
        )

    def _find_missing_parts(self):
        """Return ``{intervention id: {product: quantity}}`` in a constant number of queries.

        Only interventions whose performer has a van can lack something.
        """
        groups = (
            self.env["service.consumption"]
            .sudo()
            ._read_group(
                Domain("intervention_id", "in", self.ids)
                & Domain("state", "in", ("todo", "planned"))
                & Domain("issue_stock", "=", True)
                & Domain("is_to_order", "=", False),
                ["intervention_id", "product_id", "uom_id"],
                ["quantity:sum", "id:recordset"],
            )
        )
        vans = self.env["stock.location"].sudo()
        vans = vans.union(*(van for group in groups if (van := group[0]._get_van())))
        if not vans:
            return {}
        products = self.env["product.product"].sudo().union(*(group[1] for group in groups))
        free = self._read_free(vans, products)
        kept = self._read_kept([id_ for group in groups for id_ in group[4].ids])
        missing = {}
        for intervention, product, uom, quantity, lines in groups:
            van = intervention._get_van()
            if not van:
                continue
            there = max(free.get((van.id, product), 0.0), 0.0)
            there += sum(kept.get(id_, 0.0) for id_ in lines.ids)
            lacking = uom._compute_quantity(quantity, product.uom_id) - there
            if product.uom_id.compare(lacking, 0.0) > 0:
                parts = missing.setdefault(intervention.id, {})
                parts[product] = parts.get(product, 0.0) + lacking
        return missing

    def _read_kept(self, line_ids):
        """``{id of the consumption: quantity}`` that is reserved in a van."""
        moves = self.env["stock.move"].sudo()
        groups = moves._read_group(
            Domain("service_consumption_id", "in", line_ids)
            & Domain("state", "in", ("assigned", "partially_available")),
            ["service_consumption_id", "location_id"],
            ["quantity:sum"],
        )
        return {
            line.id: quantity
            for line, location, quantity in groups
            if location != line.warehouse_id.lot_stock_id
        }

    def _read_free(self, places, products):
        """Return ``{(id of the place, product): quantity}`` of what is free there and in what lies
        in it."""
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain("location_id", "child_of", places.ids)
                & Domain("product_id", "in", products.ids),
                ["location_id", "product_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        free = {}
        for location, product, quantity, reserved in groups:
            for place in places:
                if location._child_of(place):
                    key = (place.id, product)
                    free[key] = free.get(key, 0.0) + quantity - reserved
        return free

    def _read_stock(self, products):
        """``{product: [(name of the place, quantity)]}``, what is free in our own stock."""
        defective = (
            self.env["hr.employee"]
            .sudo()
            .search([("defective_location_id", "!=", False)])
            .defective_location_id
        )
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain("product_id", "in", products.ids)
                & Domain("location_id.usage", "=", "internal")
                & Domain("location_id", "not in", defective.ids)
                & Domain("company_id", "in", self.company_id.ids),
                ["product_id", "location_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        found = {}
        for product, location, quantity, reserved in groups:
            if quantity > reserved:
                places = found.setdefault(product, [])
                places.append((location.display_name, quantity - reserved))
        return found
