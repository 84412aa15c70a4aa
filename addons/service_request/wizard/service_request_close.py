from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceRequestClose(models.TransientModel):
    """Asks what closing requests leaves open: work not done, provisional coverage, who did it."""

    _name = "service.request.close"
    _description = "Close Requests"

    request_ids = fields.Many2many("service.request", string="Requests", required=True)
    consumption_ids = fields.Many2many(
        "service.consumption", string="Not Done", compute="_compute_consumption_ids"
    )
    undone = fields.Selection(
        [("done", "They are done"), ("cancel", "Cancel them")],
        string="What should happen to them?",
        help="Done parts leave the stock, and what is done is charged.",
    )
    lot_line_ids = fields.One2many(
        "service.consumption.done.line",
        "close_id",
        string="Lots/Serials",
        compute="_compute_lot_line_ids",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "service.request.close.line",
        "wizard_id",
        string="Provisional Coverage",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    handled_by_id = fields.Many2one(
        "res.users",
        string="Handled by",
        compute="_compute_handled_by_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Who solved it: whoever did the last labour, else whoever was in charge.",
    )
    write_solution = fields.Boolean(
        string="Write Down the Solution",
        help="Opens a solution that is filled in with what the request tells.",
    )

    @api.depends("request_ids")
    def _compute_consumption_ids(self):
        for wizard in self:
            wizard.consumption_ids = wizard.request_ids._get_undone_consumptions()

    @api.depends("request_ids")
    def _compute_line_ids(self):
        for wizard in self:
            provisional = wizard.request_ids.equipment_line_ids.filtered("coverage_to_confirm")
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"line_id": line.id}) for line in provisional),
            ]

    @api.depends("consumption_ids")
    def _compute_lot_line_ids(self):
        for wizard in self:
            wizard.lot_line_ids = wizard.consumption_ids._prepare_lot_lines()

    @api.depends("request_ids")
    def _compute_handled_by_id(self):
        for wizard in self:
            handlers = set(wizard.request_ids._get_handlers().values())
            wizard.handled_by_id = handlers.pop() if len(handlers) == 1 else False

    def action_close(self):
        """Close the requests as answered.

        :return: the solution to be written, when that was wished, else the end of the dialogue
        :raise UserError: while nobody said what happens to what is not done
        """
        self.ensure_one()
        if self.consumption_ids and not self.undone:
            raise UserError(
                self.env._(
                    "Not done on %(requests)s: %(count)s. Say whether they were done or are "
                    "cancelled.",
                    requests=", ".join(self.consumption_ids.request_id.mapped("name")),
                    count=len(self.consumption_ids),
                )
            )
        for line in self.line_ids:
            line.action_confirm()
        if self.undone == "done":
            self.lot_line_ids._name_lots()
        asked = self.request_ids.action_close(undone=self.undone or self._get_answer())
        if asked is not True:  # something was added while this dialogue was open
            return asked
        if self.handled_by_id:
            self.request_ids.handled_by_id = self.handled_by_id
        if self.write_solution and len(self.request_ids) == 1:
            return self.request_ids.action_create_solution()
        return {"type": "ir.actions.act_window_close"}

    def _get_answer(self):
        """What becomes of consumptions where the dialogue asked about other things only."""
        return False


class ServiceRequestCloseLine(models.TransientModel):
    """A machine whose coverage was provisional until the repair."""

    _name = "service.request.close.line"
    _description = "Close Requests: Provisional Coverage"
    _inherit = ["service.coverage.confirm"]

    wizard_id = fields.Many2one(
        "service.request.close", required=True, index=True, ondelete="cascade"
    )
    reason = fields.Char(required=False)
