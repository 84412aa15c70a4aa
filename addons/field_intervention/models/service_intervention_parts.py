from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceIntervention(models.Model):
    """The parts for the job: what is in the van, what is missing, and where it comes from."""

    _inherit = "service.intervention"

    picking_ids = fields.One2many(
        "stock.picking", "intervention_id", string="Transfers", groups="stock.group_stock_user"
    )
    van_location_id = fields.Many2one(
        "stock.location", string="Van", compute="_compute_van_location_id"
    )
    has_parts_to_order = fields.Boolean(compute="_compute_has_parts_to_order")
    unanswered_parts = fields.Char(
        string="Not Marked as Used",
        compute="_compute_unanswered_parts",
        help="Planned parts that nobody said were used: they count as not used.",
    )
    picking_count = fields.Integer(string="Number of Transfers", compute="_compute_picking_count")

    @api.depends("technician_id", "vendor_id", "intervention_type")
    def _compute_van_location_id(self):
        for intervention in self:
            intervention.van_location_id = intervention._get_van()

    @api.depends("consumption_ids.is_to_order", "consumption_ids.order_date")
    def _compute_has_parts_to_order(self):
        for intervention in self:
            intervention.has_parts_to_order = any(
                line.is_to_order and not line.order_date for line in intervention.consumption_ids
            )

    @api.depends(
        "consumption_ids.state", "consumption_ids.is_to_order", "consumption_ids.is_added_on_visit"
    )
    def _compute_unanswered_parts(self):
        for intervention in self:
            # what is typed at this moment was not planned
            parts = intervention.consumption_ids._origin._filter_unanswered()
            intervention.unanswered_parts = ", ".join(parts.product_id.mapped("display_name"))

    def _compute_picking_count(self):
        counts = dict(
            self.env["stock.picking"]
            .sudo()
            ._read_group([("intervention_id", "in", self.ids)], ["intervention_id"], ["__count"])
        )
        for intervention in self:
            intervention.picking_count = counts.get(intervention.sudo(), 0)

    def _get_van(self):
        """The root of the performer's own stock; none for a subcontractor or in the workshop."""
        self.ensure_one()
        elsewhere = self.vendor_id or self.intervention_type == "workshop"
        return self.sudo().technician_id.stock_location_id if not elsewhere else None

    # ------------------------------------------------------------ moving parts
    def action_prepare_parts(self):
        """Have the planned parts that the van lacks brought from the warehouse.

        What is on its way already is not ordered again.

        :return: True
        :raise UserError: when the technician has no van
        """
        self.check_access("write")
        missing = self._find_missing_parts()
        for intervention in self:
            intervention._check_van()
            coming = intervention._get_coming()
            intervention._bring(
                {
                    product: need - coming.get(product, 0.0)
                    for product, need in missing.get(intervention.id, {}).items()
                }
            )
        return True

    def action_order_parts(self):
        """Order the parts that are marked « to order » into the van.

        What the warehouse has is transferred; the rest is proposed to the buyers by the reordering
        of the van.

        :return: True
        :raise UserError: when nothing is to be ordered, or the technician has no van
        """
        self.check_access("write")
        for intervention in self:
            intervention._check_van()
            lines = intervention.consumption_ids.filtered(
                lambda line: line.is_to_order and not line.order_date
            )
            if not lines:
                raise UserError(
                    self.env._(
                        "Mark the parts of %(intervention)s that are « to order » first; what was "
                        "ordered once is not ordered again.",
                        intervention=intervention.name,
                    )
                )
            intervention._order_parts(lines)
        return True

    def _order_parts(self, lines):
        """Order some lines of the intervention into the van, each of them once.

        :raise UserError: when the technician has no van, or no warehouse is known
        """
        self.ensure_one()
        self._check_van()
        lines_sudo = lines.sudo()
        wanted = lines_sudo._sum_by_product()
        spare = self._get_coming()
        for product, ordered in self.sudo()._get_ordered()._sum_by_product().items():
            spare[product] = spare.get(product, 0.0) - ordered
        wanted = {p: need - max(spare.get(p, 0.0), 0.0) for p, need in wanted.items()}
        stock = self._get_warehouse().sudo().lot_stock_id
        free = self._read_free(stock, lines_sudo.product_id)
        there = {product: max(free.get((stock.id, product), 0.0), 0.0) for product in wanted}
        self._bring({product: min(need, there[product]) for product, need in wanted.items()})
        for product, need in wanted.items():
            self._propose_purchase(product, need - there[product])
        lines_sudo.order_date = fields.Datetime.now()

    def _get_ordered(self):
        """The lines that were ordered and are not used."""
        return self.consumption_ids.filtered(
            lambda line: line.is_to_order and line.order_date and line.state != "done"
        )

    def action_return_unused(self):
        """Bring back to the warehouse what was fetched for these interventions and not used.

        :return: the stock.picking of the way back
        """
        self.check_access("write")
        back = self.env["stock.picking"].sudo()
        for intervention in self:
            intervention._check_van()
            back |= intervention._bring(intervention._get_unused(), back=True)
        return back

    def _get_unused(self):
        """``{product: quantity}`` that was brought into the van for this and is not used.

        What is on its way back already is left out.
        """
        self.ensure_one()
        van = self._get_van()
        left = {}
        for move in self.sudo().picking_ids.move_ids:
            into_van = move.location_dest_id._child_of(van)
            if move.state == "cancel" or (into_van and move.state != "done"):
                continue
            sign = 1 if into_van else -1
            left[move.product_id] = left.get(move.product_id, 0.0) + sign * move.product_qty
        for line in self.sudo().consumption_ids.filtered(lambda c: c.state == "done"):
            if line.product_id in left:
                used = line.uom_id._compute_quantity(line.qty_issued, line.product_id.uom_id)
                left[line.product_id] -= used
        return left

    def _get_coming(self):
        """``{product: quantity}`` that is on its way into the van for this intervention."""
        self.ensure_one()
        coming = {}
        for move in self.sudo().picking_ids.move_ids:
            if move.state not in ("done", "cancel"):
                coming[move.product_id] = coming.get(move.product_id, 0.0) + move.product_qty
        return coming

    def _bring(self, quantities, back=False):
        """Transfer parts from the warehouse to the van, or back.

        :param quantities: ``{product: quantity}``; what is not positive is left out
        :return: the stock.picking, empty when there is nothing to move
        """
        self.ensure_one()
        warehouse_sudo = self._get_warehouse().sudo()
        places = [warehouse_sudo.lot_stock_id, self._get_van()]
        source, destination = reversed(places) if back else places
        moves = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                }
            )
            for product, quantity in quantities.items()
            if product.uom_id.compare(quantity, 0.0) > 0
        ]
        # whoever does the job has its parts moved, without a right on all the stock
        pickings_sudo = self.env["stock.picking"].sudo()
        if not moves:
            return pickings_sudo
        picking_sudo = pickings_sudo.create(
            {
                "picking_type_id": warehouse_sudo.int_type_id.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "origin": self.name,
                "scheduled_date": self.planned_start or fields.Datetime.now(),
                "intervention_id": self.id,
                "move_ids": moves,
            }
        )
        picking_sudo.action_confirm()
        picking_sudo.action_assign()
        return picking_sudo

    def _propose_purchase(self, product, quantity):
        """Have the buyers see in the replenishment of the van what nobody has."""
        if product.uom_id.compare(quantity, 0.0) <= 0:
            return
        van, warehouse = self._get_van(), self._get_warehouse()
        van._supply_from(warehouse)
        orderpoints_sudo = self.env["stock.warehouse.orderpoint"].sudo()
        orderpoint = orderpoints_sudo.search(
            [("product_id", "=", product.id), ("location_id", "=", van.id)], limit=1
        ) or orderpoints_sudo.create(
            {
                "product_id": product.id,
                "location_id": van.id,
                "warehouse_id": warehouse.id,
                "company_id": self.company_id.id,
                "trigger": "manual",
            }
        )
        # on top of what its own rule orders
        orderpoint.qty_to_order_manual = orderpoint.qty_to_order + quantity

    def _get_warehouse(self):
        """The warehouse that the parts come from."""
        warehouse = self.sudo().request_id.warehouse_id or self.sudo().agency_id.warehouse_id
        if not warehouse:
            raise UserError(
                self.env._(
                    "No warehouse is known for %(intervention)s: choose one on its agency.",
                    intervention=self.name,
                )
            )
        return warehouse

    def _check_van(self):
        self.ensure_one()
        if not self._get_van():
            raise UserError(
                self.env._(
                    "Nobody with a van does %(intervention)s: give it a technician, and the "
                    "technician's employee a van.",
                    intervention=self.name,
                )
            )

    def action_view_pickings(self):
        """Open the transfers of the parts."""
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))
