from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceRequestMerge(models.TransientModel):
    """Chooses which of several requests goes on."""

    _name = "service.request.merge"
    _description = "Merge Requests"

    request_ids = fields.Many2many(
        "service.request",
        string="Requests",
        required=True,
        default=lambda self: self._get_default_requests(),
    )
    survivor_id = fields.Many2one(
        "service.request",
        string="Goes On",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', request_ids)]",
        help="Everything on the other requests moves to this one; they are cancelled.",
    )

    def _get_default_requests(self):
        chosen = self.env["service.request"].browse(self.env.context.get("active_ids"))
        if len(chosen) != 1:
            return chosen
        # requests of different customers cannot be merged
        customer = chosen.commercial_partner_id
        return chosen | chosen.duplicate_request_ids.filtered(
            lambda r: not customer or r.commercial_partner_id in (customer, customer.browse())
        )

    @api.depends("request_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            known = wizard.request_ids.filtered("partner_id")
            wizard.survivor_id = (known or wizard.request_ids).sorted("id")[:1]

    def action_merge(self):
        """Merge the requests into the one that goes on.

        :raise UserError: with fewer than two requests, or where they cannot be merged
        """
        if len(self.request_ids) < 2:
            raise UserError(self.env._("Choose at least two requests to merge."))
        self.request_ids._merge_into(self.survivor_id)
        return self.survivor_id._get_records_action()
