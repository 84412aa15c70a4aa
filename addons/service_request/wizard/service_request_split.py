from odoo import fields, models
from odoo.exceptions import UserError


class ServiceRequestSplit(models.TransientModel):
    """Chooses what of a request becomes a request of its own."""

    _name = "service.request.split"
    _description = "Split a Request"

    request_id = fields.Many2one("service.request", required=True, ondelete="cascade")
    title = fields.Char(required=True)
    equipment_line_ids = fields.Many2many(
        "service.request.equipment",
        string="Machines",
        domain="[('request_id', '=', request_id)]",
        help="They move with their consumptions and time.",
    )
    consumption_ids = fields.Many2many(
        "service.consumption",
        string="Consumptions",
        domain="[('request_id', '=', request_id)]",
    )

    def action_split(self):
        """Make the new request and open it.

        :raise UserError: when the request is not open
        """
        request = self.request_id
        if request.state != "open":
            raise UserError(
                self.env._("Reopen %(request)s before you split it.", request=request.name)
            )
        new = request._split(self.title, self.equipment_line_ids, self.consumption_ids)
        return new._get_records_action()
