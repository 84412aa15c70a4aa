from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain


class ServiceConsumption(models.Model):
    """The stock that a consumption takes: done parts leave it, corrections make the difference."""

    _inherit = "service.consumption"

    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    issue_stock = fields.Boolean(
        string="Issue from Stock",
        compute="_compute_issue_stock",
        store=True,
        readonly=False,
        help="Take the part out of stock once it is done.",
    )
    lot_ids = fields.Many2many(
        "stock.lot", string="Lots/Serials", domain="[('product_id', '=', product_id)]"
    )
    is_issue_tracked = fields.Boolean(
        compute="_compute_is_issue_tracked",
        help="The stock has to know which lots or serial numbers were used.",
    )
    move_ids = fields.One2many("stock.move", "service_consumption_id", string="Stock Moves")
    qty_issued = fields.Float(
        string="Issued", digits="Product Unit", compute="_compute_qty_issued", store=True
    )
    qty_to_issue = fields.Float(
        string="To Issue", digits="Product Unit", compute="_compute_qty_to_issue"
    )

    @api.depends("request_id.warehouse_id", "product_id")
    def _compute_warehouse_id(self):
        for consumption in self:
            stored = consumption.product_id.is_storable
            consumption.warehouse_id = stored and consumption.request_id.warehouse_id

    @api.depends("product_id")
    def _compute_issue_stock(self):
        for consumption in self:
            product = consumption.product_id
            consumption.issue_stock = product.is_storable and product.service_issue_stock

    @api.depends("issue_stock", "product_id.tracking")
    def _compute_is_issue_tracked(self):
        for consumption in self:
            tracking = consumption.product_id.tracking
            consumption.is_issue_tracked = consumption.issue_stock and tracking in ("lot", "serial")

    @api.depends("uom_id", "move_ids.state", "move_ids.quantity", "move_ids.location_dest_id")
    def _compute_qty_issued(self):
        for consumption in self:
            done = consumption.move_ids.filtered(lambda move: move.state == "done")
            issued = sum(
                move.product_qty if move.location_dest_id.usage == "customer" else -move.product_qty
                for move in done
            )
            consumption.qty_issued = consumption.product_id.uom_id._compute_quantity(
                issued, consumption.uom_id, rounding_method="HALF-UP"
            )

    @api.depends("issue_stock", "quantity", "qty_issued", "is_cancelled")
    def _compute_qty_to_issue(self):
        for consumption in self:
            wanted = consumption.issue_stock and not consumption.is_cancelled
            consumption.qty_to_issue = (
                consumption.quantity - consumption.qty_issued if wanted else 0.0
            )

    @api.constrains("product_id")
    def _check_issued_product(self):
        for consumption in self.filtered("qty_issued"):
            issued = consumption.sudo()._get_issues().product_id
            if issued != consumption.product_id:
                raise ValidationError(
                    self.env._(
                        "%(part)s was taken out of stock for %(request)s: cancel this line, and "
                        "add another one for %(other)s.",
                        part=issued.display_name,
                        request=consumption.request_id.name,
                        other=consumption.product_id.display_name,
                    )
                )

    def _issue_difference(self):
        """Bring the stock in line with what is recorded: issue what is missing, take back the rest.

        :raise UserError: when a tracked part names no lot, or a serial for each piece is missing
        :raise AccessError: see :meth:`_check_may_correct`
        """
        # whoever may record a consumption issues its parts, without a right on all the stock
        consumptions_sudo = self.sudo().filtered(lambda c: c.issue_stock or c.move_ids)
        values = {c: c._prepare_issue_moves() for c in consumptions_sudo}
        self.browse(c.id for c in values if values[c] and c.move_ids)._check_may_correct()
        moves = self.env["stock.move"].sudo()
        moves = moves.create([vals for found in values.values() for vals in found])
        if moves:
            moves._action_confirm(merge=False)
            moves.picked = True
            moves._action_done()
        return moves

    def _check_may_correct(self):
        """Refuse to correct what left the stock for closed requests (X3: « Modification mvts de
        stock »).

        :raise AccessError: for who has not this right
        """
        right = "service_request.group_service_correct_issues"
        closed = self.filtered(lambda c: c.request_id.state == "closed")
        if closed and not self.env.su and not self.env.user.has_group(right):
            raise AccessError(
                self.env._(
                    "%(consumption)s left the stock and %(request)s is closed: ask somebody who "
                    "may correct stock issues, or reopen the request.",
                    consumption=closed[0].display_name,
                    request=closed[0].request_id.name,
                )
            )

    def _prepare_issue_moves(self):
        """Values of the stock moves that bring what was issued to what is recorded."""
        self.ensure_one()
        wanted = self._get_wanted_by_lot()
        issued = self._get_issued_by_lot()
        lots = self.env["stock.lot"].union(*wanted, *issued)
        places = self._find_lot_places(lots)
        uom = self.product_id.uom_id
        result = []
        for lot in {**wanted, **issued}:
            difference = wanted.get(lot, 0.0) - issued.get(lot, 0.0)
            if not uom.is_zero(difference):
                result.append(self._prepare_issue_move(lot, difference, places.get(lot)))
        return result

    def _get_wanted_by_lot(self):
        """``{stock.lot: quantity}`` that must be out of stock, in the product's unit."""
        self.ensure_one()
        if self.state != "done" or not self.issue_stock:
            return {}
        product = self.product_id
        quantity = self._get_stock_quantity()
        if product.tracking == "none":
            return {self.env["stock.lot"]: quantity}
        expected = self._count_lots()
        if len(self.lot_ids) != expected:
            raise UserError(
                self.env._(
                    "%(product)s is tracked: give the %(count)s lot or serial number(s) used on "
                    "%(request)s.",
                    product=product.display_name,
                    count=int(expected),
                    request=self.request_id.name,
                )
            )
        return dict.fromkeys(self.lot_ids, quantity / expected)

    def _get_stock_quantity(self):
        """The quantity in the unit that the stock counts in."""
        return self.uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _count_lots(self):
        """How many lots or serial numbers name what is taken out of stock."""
        tracking = self.issue_stock and self.product_id.tracking
        return {"serial": self._get_stock_quantity(), "lot": 1}.get(tracking, 0)

    def _filter_lacking_lots(self):
        """Those of which the stock has to know the lots or serial numbers first."""
        return self.filtered(lambda c: c._count_lots() and len(c.lot_ids) != c._count_lots())

    def _find_quants(self, domain):
        """What there is of this part in our stock: stock.quant, sudoed, for it is no secret."""
        return (
            self.env["stock.quant"]
            .sudo()
            .search(
                Domain(domain)
                & Domain("location_id.usage", "=", "internal")
                & Domain("company_id", "=", self.company_id.id)
                & Domain("product_id", "=", self.product_id.id)
                & Domain("quantity", ">", 0)
            )
        )

    def _get_lots_in_stock(self):
        """The stock.lot of this part where it is taken from."""
        usual = self.sudo()._get_lots_location()
        quants_sudo = self._find_quants([("location_id", "child_of", usual.id)])
        return self.env["stock.lot"].browse(quants_sudo.lot_id.ids)

    def _get_selectable_lots(self):
        """The stock.lot that may be named: all in our stock, and those that are used already."""
        quants_sudo = self._find_quants([("lot_id", "!=", False)])
        return self.env["stock.lot"].browse(quants_sudo.lot_id.ids) | self.lot_ids

    def _find_lot_places(self, lots):
        """Where lots are taken from, or were taken from before they come back.

        A number is where it is, not where parts are usually taken from.

        :return: ``{stock.lot: stock.location}`` of those that are, or were, in our stock
        """
        if not lots:
            return {}
        usual = self.sudo()._get_lots_location()
        places = {}
        for quant_sudo in self._find_quants([("lot_id", "in", lots.ids)]):
            lot_sudo, place_sudo = quant_sudo.lot_id, quant_sudo.location_id
            if lot_sudo not in places or place_sudo._child_of(usual):
                places[lot_sudo] = place_sudo
        for line in self.sudo()._get_issues().move_line_ids:
            if line.location_dest_id.usage == "customer":
                places[line.lot_id] = line.location_id
        return places

    def _explain_lot_places(self, lots):
        """What the user has to know of the lots that are not where this part is taken from.

        :return: a sentence; False when all are there
        """
        fresh = lots - self._origin._get_issued_lots()
        places, usual = self._find_lot_places(fresh), self.sudo()._get_lots_location()
        sentences = []
        for lot in fresh:
            place = places.get(lot)
            if not place:
                sentences.append(
                    self.env._(
                        "%(lot)s is not in our stock: check the number, or its stock goes below "
                        "zero.",
                        lot=lot.name,
                    )
                )
            elif not place._child_of(usual):
                sentences.append(
                    self.env._(
                        "%(lot)s stands in %(place)s: it is taken from there.",
                        lot=lot.name,
                        place=place.display_name,
                    )
                )
        return " ".join(sentences) or False

    @api.onchange("lot_ids")
    def _onchange_lot_ids(self):
        """Whoever names a number that stands elsewhere is told."""
        words = self.product_id and self._explain_lot_places(self.lot_ids._origin)
        if not words:
            return None
        title = self.env._("Not where it is taken from")
        return {"warning": {"type": "notification", "title": title, "message": words}}

    def _propose_lots(self):
        """What was named, was kept, or is all that there is, where that answers the question."""
        kept_sudo = self.sudo()._get_reservations()
        kept = self.env["stock.lot"].browse(kept_sudo.move_line_ids.lot_id.ids)
        answers = (self.lot_ids, kept, self._get_lots_in_stock())
        return next((lots for lots in answers if len(lots) == self._count_lots()), self.lot_ids)

    def _prepare_lot_lines(self):
        """Commands for the lines that ask the lots of those of these parts that need them.

        Done ones are there to be corrected.
        """
        asked = self._filter_lacking_lots() | self.filtered(
            lambda c: c.state == "done" and c.is_issue_tracked
        )
        return [
            Command.clear(),
            *(Command.create({"consumption_id": consumption.id}) for consumption in asked),
        ]

    def _get_lots_location(self):
        """The stock.location in which lots of this part are looked for."""
        return self._get_issue_location()

    def _ask_lots(self, date=None):
        """Open the dialogue that asks which lots and serial numbers were used.

        :param date: Datetime when it was done (default: now)
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which Lots and Serial Numbers Were Used?"),
            "res_model": "service.consumption.done",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_consumption_ids": self.ids,
                "default_done_date": date or fields.Datetime.now(),
            },
        }

    def action_correct_issue(self):
        """Open the dialogue that corrects how many, and which, of these parts were used.

        :raise UserError: when one is not done, or not tracked by lot or serial number
        """
        other = self.filtered(lambda c: c.state != "done" or not c.is_issue_tracked)
        if other:
            raise UserError(
                self.env._(
                    "%(consumption)s names no lots that were used: change its quantity instead.",
                    consumption=other[0].display_name,
                )
            )
        action = self._ask_lots()
        return {**action, "name": self.env._("Correct What Was Used")}

    def _get_issues(self):
        """The stock moves that took something out, or brought it back."""
        return self.move_ids.filtered(lambda move: move.state == "done")

    def _get_issued_lots(self):
        """The stock.lot that are out of stock for this now: who used them may know."""
        issued = self.sudo()._get_issued_by_lot()
        return self.env["stock.lot"].union(*(lot for lot, quantity in issued.items() if quantity))

    def _get_issued_by_lot(self):
        """``{stock.lot: quantity}`` that is out of stock now, in the product's unit."""
        issued = {}
        for line in self._get_issues().move_line_ids:
            sign = 1 if line.location_dest_id.usage == "customer" else -1
            issued[line.lot_id] = issued.get(line.lot_id, 0.0) + sign * line.quantity_product_uom
        return issued

    def _prepare_issue_move(self, lot, quantity, place=None):
        """Values of one stock move; a negative quantity comes back to where it was taken from.

        :param place: the stock.location to take it from (default: where it is found)
        """
        source, customer = place or self._get_issue_location(), self._get_customer_location()
        if quantity < 0:
            source, customer = customer, source
        line = {
            "product_id": self.product_id.id,
            "lot_id": lot.id,
            "quantity": abs(quantity),
            "location_id": source.id,
            "location_dest_id": customer.id,
        }
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": abs(quantity),
            "location_id": source.id,
            "location_dest_id": customer.id,
            "company_id": self.company_id.id,
            "partner_id": self.request_id.site_id.id or self.request_id.partner_id.id,
            "origin": self.request_id.name,
            "service_consumption_id": self.id,
            "move_line_ids": [Command.create(line)],
        }

    def _get_issue_location(self):
        """The stock.location that this part is taken from.

        :raise UserError: when no warehouse is known
        """
        self.ensure_one()
        issued = self._get_issues().filtered(lambda m: m.location_dest_id.usage == "customer")
        location = issued[:1].location_id or self.warehouse_id.lot_stock_id
        if not location:
            raise UserError(
                self.env._(
                    "No warehouse is known for %(product)s on %(request)s: choose one on the "
                    "request or on its agency.",
                    product=self.product_id.display_name,
                    request=self.request_id.name,
                )
            )
        return location

    def _get_customer_location(self):
        customer = self.request_id.partner_id.with_company(self.company_id)
        return customer.property_stock_customer
