from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        """What requests consumed on behalf of an offer is delivered once it is confirmed."""
        result = super()._action_confirm()
        requests_sudo = self.env["service.request"].sudo()
        covered = requests_sudo.search([("coverage_sale_id", "in", self.ids)])
        covered.consumption_ids.filtered("done_date")._deliver_on_orders()
        return result
