from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceConsumptionDoneLine(models.TransientModel):
    """A part of which the lot or the serial numbers are asked for, or corrected."""

    _name = "service.consumption.done.line"
    _description = "Lots and Serial Numbers Used: Part"

    done_id = fields.Many2one("service.consumption.done", index=True, ondelete="cascade")
    close_id = fields.Many2one("service.request.close", index=True, ondelete="cascade")
    consumption_id = fields.Many2one("service.consumption", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="consumption_id.product_id", string="Part")
    is_correction = fields.Boolean(compute="_compute_is_correction")
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="How many were used.",
    )
    available_lot_ids = fields.Many2many("stock.lot", compute="_compute_available_lot_ids")
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Lots/Serials",
        compute="_compute_lot_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_lot_ids)]",
        help="What is in our stock; a number that stands elsewhere is taken from there.",
    )
    consequence = fields.Text(
        string="What Happens",
        compute="_compute_consequence",
        help="Which numbers come back to stock, and which stand elsewhere.",
    )

    @api.depends("consumption_id")
    def _compute_is_correction(self):
        for line in self:
            line.is_correction = line.consumption_id.state == "done"

    @api.depends("consumption_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.consumption_id.quantity

    @api.depends("consumption_id")
    def _compute_available_lot_ids(self):
        for line in self:
            line.available_lot_ids = line.consumption_id._get_selectable_lots()

    @api.depends("consumption_id")
    def _compute_lot_ids(self):
        for line in self:
            line.lot_ids = line.consumption_id._propose_lots()

    @api.depends("consumption_id", "lot_ids")
    def _compute_consequence(self):
        for line in self:
            consumption, lots = line.consumption_id, line.lot_ids._origin
            back = consumption._get_issued_lots() - lots
            line.consequence = " ".join(
                filter(
                    None,
                    (
                        back
                        and self.env._(
                            "Back to stock: %(lots)s.", lots=", ".join(back.mapped("name"))
                        ),
                        consumption._explain_lot_places(lots),
                    ),
                )
            )

    def _name_lots(self):
        """Write down the numbers that were chosen; of what is done, stock follows at once.

        :raise UserError: when a corrected quantity is not more than zero
        """
        for line in self:
            values = {"lot_ids": line.lot_ids}
            if line.is_correction and line.quantity != line.consumption_id.quantity:
                values["quantity"] = line.quantity
            if line.is_correction and line.quantity <= 0:
                raise UserError(
                    self.env._(
                        "%(part)s: cancel the consumption if nothing was used.",
                        part=line.product_id.display_name,
                    )
                )
            line.consumption_id.write(values)
