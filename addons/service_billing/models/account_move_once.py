from odoo import models
from odoo.exceptions import UserError

from .service_consumption import SHARES


class AccountMove(models.Model):
    """What was invoiced anew cannot come back on the invoice that was cancelled or credited."""

    _inherit = "account.move"

    def button_draft(self):
        result = super().button_draft()
        # who keeps the books need not see all that service does
        lines_sudo = (self | self.reversed_entry_id).sudo().invoice_line_ids
        lines_sudo._check_billed_once()
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _check_billed_once(self):
        """Refuse that anything on these lines stands on two invoices in force.

        :raise UserError: naming what it is, and the invoices
        """
        for billed, moves in self._get_billing_moves():
            if len(moves) > 1:
                raise UserError(
                    self.env._(
                        "%(billed)s would be invoiced twice, on %(invoices)s: cancel or credit one "
                        "of them first.",
                        billed=billed.display_name,
                        invoices=", ".join(moves.mapped("display_name")),
                    )
                )

    def _get_billing_moves(self):
        """List of (what is on these lines, the account.move in force that bill it)."""
        consumptions = self.service_consumption_ids
        billing = consumptions.invoice_line_ids._filter_billing()
        return [
            *(
                (
                    consumption,
                    billing.filtered(
                        lambda line, c=consumption, s=share: (
                            c in line.service_consumption_ids and line.service_share == s
                        )
                    ).move_id,
                )
                for consumption in consumptions
                for share in SHARES
            ),
            *(
                (instalment, instalment.invoice_line_ids._filter_billing().move_id)
                for instalment in self.service_instalment_id
            ),
            *((usage, usage._get_billing_moves()) for usage in self.service_usage_line_id),
        ]
