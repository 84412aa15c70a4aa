from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """A payment that is taken back, a bounced cheque, takes back the points it paid."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        moves._settle_service_points()
        return result
