from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class HrEmployee(models.Model):
    """The places in the technician's van."""

    _inherit = "hr.employee"

    defective_location_id = fields.Many2one(
        "stock.location",
        string="Defective Parts",
        domain="[('usage', '=', 'internal'), '!', ('id', 'child_of', stock_location_id)]",
        groups="hr.group_hr_user",
        help="Where the parts lie that the technician took out of machines, apart from the stock "
        "of the van, so that nobody counts on them; made when needed.",
    )

    def _get_defective_location(self):
        """The place of the defective parts, in no warehouse: what lies in one may be used."""
        self.ensure_one()
        if not self.defective_location_id:
            van = self.stock_location_id
            # what lies in the tree of a warehouse counts as free there
            beside = van.warehouse_id.view_location_id.location_id
            self.defective_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("%s, Defective", van.name),
                    "usage": "internal",
                    "location_id": beside.id,
                    "company_id": van.company_id.id,
                }
            )
        return self.defective_location_id

    def action_view_van_rules(self):
        """Open the reordering rules of the van: how much of what it always holds.

        :raise UserError: when the technician has no van, or no agency with a warehouse
        """
        self.ensure_one()
        van, warehouse = self.stock_location_id, self.technician_agency_ids.warehouse_id[:1]
        if not van or not warehouse:
            raise UserError(
                self.env._(
                    "Give %(technician)s a van and an agency with a warehouse first.",
                    technician=self.name,
                )
            )
        van._supply_from(warehouse)
        return {
            **self.env["ir.actions.actions"]._for_xml_id("stock.action_orderpoint"),
            "display_name": van.display_name,
            "domain": [("location_id", "child_of", van.id)],
            "context": {"default_location_id": van.id, "default_warehouse_id": warehouse.id},
        }

    def _get_own_van(self):
        """The root of the technician's stock.

        :raise UserError: when the technician has none
        """
        van = self.stock_location_id
        if not van:
            raise UserError(
                self.env._(
                    "%(technician)s has no van: have it chosen on the form of the employee.",
                    technician=self.name,
                )
            )
        return van

    def _get_van_places(self):
        """The van, everything in it, and the place of the defective parts."""
        within = Domain("id", "child_of", self._get_own_van().id)
        return self.env["stock.location"].search(
            within | Domain("id", "=", self.defective_location_id.id)
        )

    def _get_van_quants(self):
        """What is in the van, as the stock knows it."""
        return self.env["stock.quant"].search(
            Domain("location_id", "in", self._get_van_places().ids) & Domain("quantity", "!=", 0),
            order="location_id, product_id, id",
        )

    def _count_van(self, lines):
        """Note what the technician counted; the stock changes when the agency validates it.

        :param lines: list of ``{product, lot, location, quantity}``: three records, the lot and
            the location may be empty (in the van itself), the quantity in the product's unit
        :return: the stock.quant that wait
        :raise UserError: when a location is not in the van
        """
        self.ensure_one()
        van, places = self._get_own_van(), self._get_van_places()
        strange = self.env["stock.location"].union(*(line["location"] for line in lines)) - places
        if strange:
            raise UserError(
                self.env._(
                    "%(place)s is not in your van: count your own places only.",
                    place=strange[0].display_name,
                )
            )
        products = self.env["product.product"].union(*(line["product"] for line in lines))
        known = {
            (quant.product_id, quant.lot_id, quant.location_id): quant
            for quant in self.env["stock.quant"].search(
                Domain("location_id", "in", places.ids) & Domain("product_id", "in", products.ids)
            )
        }
        now = fields.Datetime.now()
        counted = self.env["stock.quant"]
        for line in lines:
            key = (line["product"], line["lot"], line["location"] or van)
            product, lot, place = key
            quant = known.get(key) or counted.create(
                {"product_id": product.id, "lot_id": lot.id, "location_id": place.id}
            )
            quant.write(
                {
                    "inventory_quantity": line["quantity"],
                    "inventory_quantity_set": True,
                    "user_id": self.user_id.id,
                    "van_technician_id": self.id,
                    "van_count_date": now,
                }
            )
            counted |= quant
        return counted
