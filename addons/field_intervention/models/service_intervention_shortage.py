from odoo import fields, models
from odoo.fields import Domain

from .service_intervention import ENDED

NEVER = fields.Datetime.to_datetime("9999-12-31")


class ServiceIntervention(models.Model):
    """The planned parts that the vans lack.

    What lies in a van is kept for its jobs in the order of their start: none is counted on twice.
    """

    _inherit = "service.intervention"

    part_shortage = fields.Text(
        string="Missing Parts",
        compute="_compute_part_shortage",
        help="Planned parts that are not in the van, or that an earlier job needs, and where there "
        "are some.",
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
        lines_sudo = self.env["service.consumption"].sudo()
        planned = (
            Domain("state", "in", ("todo", "planned"))
            & Domain("issue_stock", "=", True)
            & Domain("is_to_order", "=", False)
        )
        mine = lines_sudo._read_group(
            planned & Domain("intervention_id", "in", self.ids), ["intervention_id"]
        )
        vans = self.env["stock.location"].sudo()
        vans = vans.union(*(van for (intervention,) in mine if (van := intervention._get_van())))
        if not vans:
            return {}
        groups = lines_sudo._read_group(
            planned
            & Domain("intervention_id.technician_id.stock_location_id", "in", vans.ids)
            & Domain("intervention_id.state", "not in", ENDED),
            ["intervention_id", "product_id", "uom_id"],
            ["quantity:sum"],
        )
        products = self.env["product.product"].sudo().union(*(group[1] for group in groups))
        free = self._read_free(vans, products)
        missing = {}
        for intervention, product, uom, quantity in sorted(
            groups, key=lambda group: (group[0].planned_start or NEVER, group[0].id)
        ):
            van = intervention._get_van()
            if not van:
                continue
            need = uom._compute_quantity(quantity, product.uom_id)
            there = max(free.get((van.id, product), 0.0), 0.0)
            free[van.id, product] = there - need
            if product.uom_id.compare(need, there) > 0:
                parts = missing.setdefault(intervention.id, {})
                parts[product] = parts.get(product, 0.0) + need - there
        return missing

    def _read_free(self, places, products):
        """Return ``{(id of the place, product): quantity}`` of what is free there and in what lies
        in it, defective parts apart."""
        defective = (
            self.env["hr.employee"]
            .sudo()
            .search([("defective_location_id", "child_of", places.ids)])
            .defective_location_id
        )
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain("location_id", "child_of", places.ids)
                & Domain("location_id", "not in", defective.ids)
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
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain("product_id", "in", products.ids)
                & Domain("location_id.usage", "=", "internal")
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
