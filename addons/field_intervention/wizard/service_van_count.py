from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceVanCount(models.TransientModel):
    """What a technician counts in the own van, all of it or some lines."""

    _name = "service.van.count"
    _description = "Count of the Van"

    line_ids = fields.One2many(
        "service.van.count.line", "count_id", default=lambda self: self._default_line_ids()
    )

    @api.model
    def _default_line_ids(self):
        """What the stock says is in the van of the current user; nobody else's can be counted."""
        quants_sudo = self.env.user.employee_id.sudo()._get_van_quants()
        return [
            Command.create(
                {
                    "product_id": quant.product_id.id,
                    "lot_id": quant.lot_id.id,
                    "location_id": quant.location_id.id,
                    "expected": quant.quantity,
                }
            )
            for quant in quants_sudo
        ]

    def action_send(self):
        """Hand what was counted to the agency.

        :return: action that closes the dialog with a message
        :raise UserError: when nothing was counted
        """
        self.ensure_one()
        lines = self.line_ids.filtered("is_counted")
        if not lines:
            raise UserError(self.env._("Tick what you counted first."))
        self.env.user.employee_id.sudo()._count_van(
            [
                {
                    "product": line.product_id.sudo(),
                    "lot": line.lot_id.sudo(),
                    "location": line.location_id.sudo(),
                    "quantity": line.counted,
                }
                for line in lines
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your count waits for the agency."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
