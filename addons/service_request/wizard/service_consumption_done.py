from odoo import api, fields, models


class ServiceConsumptionDone(models.TransientModel):
    """Asks which lots and serial numbers were used of parts that are done, or corrects them."""

    _name = "service.consumption.done"
    _description = "Lots and Serial Numbers Used"

    consumption_ids = fields.Many2many("service.consumption", required=True)
    done_date = fields.Datetime(string="Done on", required=True, default=fields.Datetime.now)
    line_ids = fields.One2many(
        "service.consumption.done.line",
        "done_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    is_correction = fields.Boolean(compute="_compute_is_correction")

    @api.depends("consumption_ids.state")
    def _compute_is_correction(self):
        for wizard in self:
            wizard.is_correction = wizard.consumption_ids[:1].state == "done"

    @api.depends("consumption_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.consumption_ids._prepare_lot_lines()

    def action_confirm(self):
        """Take the parts with these numbers out of stock.

        :raise UserError: when a part names no lot, or a serial number for each piece is missing
        """
        self.line_ids._name_lots()
        self.consumption_ids._filter_undone()._mark_done(self.done_date)
        return {"type": "ir.actions.act_window_close"}
