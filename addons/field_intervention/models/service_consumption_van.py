from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ServiceConsumption(models.Model):
    """Parts that a technician uses leave the technician's own stock."""

    _inherit = "service.consumption"

    van_location_id = fields.Many2one(
        "stock.location",
        string="Taken from",
        help="The van, or the case or kit in it; empty: where the part is found.",
    )

    def _sum_by_product(self):
        """``{product: quantity}`` of these lines, in the unit of each product."""
        quantities = {}
        for line in self:
            product = line.product_id
            quantity = line.uom_id._compute_quantity(line.quantity, product.uom_id)
            quantities[product] = quantities.get(product, 0.0) + quantity
        return quantities

    def _get_issue_location(self):
        """The van of the technician, or the location in it that holds the part."""
        intervention = self.intervention_id
        if not intervention and not self._get_issues():
            return self._find_in_own_van() or super()._get_issue_location()
        on_the_road = intervention.technician_id and not intervention.vendor_id
        if self._get_issues() or not on_the_road or intervention.intervention_type != "onsite":
            return super()._get_issue_location()
        van = intervention._get_van()
        if not van:
            raise UserError(
                self.env._(
                    "%(technician)s has no van to take %(product)s from: choose one on the form of "
                    "the employee.",
                    technician=intervention.sudo().technician_id.name,
                    product=self.product_id.display_name,
                )
            )
        return self.sudo().van_location_id or self._find_in_van(van)

    def _get_lots_location(self):
        """The whole van, when the part is in it."""
        location, visit = super()._get_lots_location(), self.intervention_id
        van = visit and visit._get_van()
        within = van and not self.van_location_id and location._child_of(van)
        return van if within else location

    def _take_from_van_of(self, employee):
        """Have these parts leave the van of another technician than that of the visit.

        :raise UserError: when that one has no van
        """
        van = employee.sudo()._get_own_van()
        for line in self:
            line.van_location_id = line._find_in_van(van)

    def _find_in_own_van(self):
        """Without a visit: the location in the van of the collaborator that holds the part."""
        internal = self.performer_type == "internal" and self.user_id.sudo()
        van = internal and internal.with_company(self.company_id).employee_id.stock_location_id
        return van and self._find_most(van)

    def _find_in_van(self, van):
        """The location of the van with most of the part; the van itself when it is nowhere."""
        return self._find_most(van) or van

    def _find_most(self, van):
        """The location of the van with most of the part, if any."""
        domain = (
            Domain("location_id", "child_of", van.id)
            & Domain("product_id", "=", self.product_id.id)
            & Domain("quantity", ">", 0)
        )
        if self.lot_ids:
            domain &= Domain("lot_id", "in", self.lot_ids.ids)
        quants = self.env["stock.quant"].sudo().search(domain)
        best = max(quants, key=lambda quant: quant.available_quantity, default=quants)
        return best.location_id
